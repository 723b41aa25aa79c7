"""Every kind of field reads anything that a link may hold, and reads back what it wrote."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.lessons.fields import Choice, Grid, Place, Row, Switch, Text, Whole

WINDOW = Whole("Window", 1, 6)
BORDERS = Choice("Borders", {"zero": "zeros", "edge": "edge pixels"}, once={"nought": "zero"})
KINDS = [
    (WINDOW, 2),
    (BORDERS, "zero"),
    (Switch("Predict"), False),
    (Text("Layers", 40), "conv3"),
    (Grid("Map", 3, 3), "1,2"),
    (Row("a", 1, 9), "3"),
]


@given(st.integers(-(10**20), 10**20))
def test_a_whole_number_is_taken_as_it_is_or_as_the_nearest_with_a_sentence(number):
    value, told = WINDOW.read(str(number), 2)
    assert value == min(max(number, 1), 6)
    assert bool(told) == (value != number)
    if told:
        assert "lies outside 1 to 6" in told


@pytest.mark.parametrize(
    "text", ["", "x", "2.5", "nan", "1e3", "--1", "١", "1_0", "9" * 5000 + "x"]
)
def test_what_is_no_whole_number_is_the_opening_one_with_a_short_sentence(text):
    value, told = WINDOW.read(text, 2)
    assert value == 2
    assert "is no whole number: it is 2 here." in told
    assert len(told) < 100


def test_a_step_that_the_figure_chooses_is_corrected_without_a_sentence():
    step = Whole("Step", 0)
    assert step.read("99999", None) == (9999, "")
    assert step.read("-1", None) == (0, "")
    assert step.read("x", None) == (None, "")


def test_a_minus_sign_may_be_written_as_in_print():
    assert Whole("Shift", -4, 4).read("−3", 0) == (-3, "")
    assert Whole("Shift", -4, 4).read("9" * 4000, 0)[0] == 4
    assert Whole("Shift", -4, 4).read("-" + "9" * 4000, 0)[0] == -4


@pytest.mark.parametrize("text", ["zero", "zeros", "nought"])
def test_a_choice_is_read_by_its_word_its_label_and_its_earlier_text(text):
    assert BORDERS.read(text, "edge") == ("zero", "")


def test_an_unknown_choice_says_what_is_chosen_instead():
    assert BORDERS.read("Zero", "edge") == (
        "edge",
        "Borders “Zero” is no choice here: it is “edge pixels”.",
    )


def test_a_switch_reads_two_words_alone():
    predict = Switch("Predict")
    assert [predict.read(text, False)[0] for text in ("true", "false", "True", "1")] == [
        True,
        False,
        False,
        False,
    ]
    assert predict.read("1", True) == (
        True,
        "Predict “1” is neither true nor false: it is true here.",
    )


@pytest.mark.parametrize("kind", [Text("Layers", 40), Grid("Map", 1, 1)])
def test_a_text_that_is_too_long_says_how_long_it_may_be(kind):
    longest = 40 if isinstance(kind, Text) else 41
    assert kind.read("1" * longest, "x") == ("1" * longest, "")
    value, told = kind.read("1" * (longest + 1), "x")
    assert value == "x"
    assert f"has {longest + 1} characters and may have {longest}" in told


@pytest.mark.parametrize(
    ("text", "place"),
    [
        ("2.3.4", "2.3.4"),
        ("7", "7"),
        ("", ""),
        ("1.2.3.4.5", ""),
        ("-1.2", ""),
        ("1..2", ""),
        ("١", ""),
    ],
)
def test_a_place_is_some_whole_numbers_or_none(text, place):
    assert Place("Unit").read(text, "") == (place, "")


def test_numbers_of_a_grid_and_of_a_row():
    assert Grid("Map", 3, 3).numbers("[1,2;3,4]").shape == (2, 2)
    assert Row("a", 1, 3).numbers("1, 1/2").texts == ("1", "1/2")
    with pytest.raises(ValueError, match="Array A, row 1, column 0: “x” is not"):
        Grid("Map", 3, 3, name="A").numbers("1;x")
    with pytest.raises(ValueError, match="Array b, number 1: “x” is not"):
        Row("b", 1, 3, name="b").numbers("1,x")
    with pytest.raises(ValueError, match="4×1 cells are too many"):
        Grid("Map", 3, 3).numbers("1;2;3;4")


@pytest.mark.parametrize(("kind", "opening"), KINDS, ids=str)
@given(text=st.text(max_size=60))
def test_whatever_is_read_is_written_and_read_again_as_the_same(kind, opening, text):
    value, _ = kind.read(text, opening)
    assert kind.read(kind.write(value), opening) == (value, "")
