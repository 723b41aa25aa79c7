"""Numbers that learners type are read exactly, or refused with one sentence."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.walkthroughs.typed import FINEST, LARGEST, ascii_number, read, read_grid, tidy


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("2", Fraction(2)),
        (" -0.5 ", Fraction(-1, 2)),
        ("−0.5", Fraction(-1, 2)),
        ("+3", Fraction(3)),
        ("1/3", Fraction(1, 3)),
        ("−2/6", Fraction(-1, 3)),
        (".25", Fraction(1, 4)),
        ("4.", Fraction(4)),
        ("1e3", Fraction(1000)),
        ("1E-6", Fraction(1, 10**6)),
        ("1000000", Fraction(10**6)),
        ("–0.5", Fraction(-1, 2)),
        ("−１２．５", Fraction(-25, 2)),
        ("１／３", Fraction(1, 3)),
    ],
)
def test_a_number_is_read_exactly(text, value):
    assert read(text) == value


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Nothing is typed here: type a number"),
        ("   ", "Nothing is typed"),
        ("abc", "“abc” is not a number"),
        ("nan", "“nan” is not a number"),
        ("inf", "“inf” is not a number"),
        ("-inf", "“−inf” is not a number"),
        ("1e999", "1e999 is too large: use a number from −1,000,000 to 1,000,000."),
        ("1e999999999999", "1e9999999999… is too large"),
        ("-1e7", "−1e7 is too large"),
        ("1000001", "1000001 is too large"),
        ("9" * 39, "999999999999… is too large"),
        ("9" * 5000, "999999999999… is too long: use at most 40 characters."),
        ("1" * 40_000 + "x", "111111111111… is too long"),  # its length decides, not a pattern
        ("1/0", "1/0 divides by zero"),
        ("1e-7", "1e−7 is too fine: use at most six decimals."),
        ("0.1234567", "0.1234567 is too fine"),
        ("1/2/3", "“1/2/3” is not a number"),
        ("1,5", "“1,5” has a comma: write decimals with a point, as 0.5, and two numbers with a"),
        ("−,5", "“−,5” has a comma"),
        ("1.234,5", "“1.234,5” has a comma"),
        ("1,2,3", "“1,2,3” is not a number"),
        ("1_000", "“1_000” is not a number"),
        ("0x10", "“0x10” is not a number"),
        ("٣", "“٣” is not a number"),
        ("=1+1", "“=1+1” is not a number"),
        ("<b>1</b>", "“<b>1</b>” is not a number"),
        ("2 3", "“2 3” is not a number"),
    ],
)
def test_anything_else_is_refused_with_one_sentence(text, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refusal:
        read(text)
    assert "\n" not in str(refusal.value)
    assert len(str(refusal.value)) < 100


@given(st.text("0123456789.eE+-−/ a", max_size=20) | st.text(max_size=30))
def test_no_text_is_read_outside_the_bounds_or_breaks_the_reader(text):
    try:
        value = read(text)
    except ValueError:
        return
    assert abs(value) <= LARGEST
    assert value.denominator <= FINEST


@given(st.integers(-LARGEST, LARGEST), st.integers(1, FINEST))
def test_every_fraction_in_bounds_is_read(numerator, denominator):
    expected = Fraction(numerator, denominator)
    assert read(f"{numerator}/{denominator}") == expected
    assert read(tidy(f"{numerator}/{denominator}")) == expected


@pytest.mark.parametrize("text", ["1,2,3", "1 2 3", "1\t2\t3\n", " 1, 2 ,3 ", "1,2,3;"])
def test_a_row_is_split_as_people_and_spreadsheets_write_it(text):
    assert read_grid(text, 1, 16) == [["1", "2", "3"]]


@pytest.mark.parametrize("text", ["1,2;3,-1/2", "1 2\n3 -1/2", "1\t2\r\n3\t-1/2\r\n"])
def test_rows_are_split_and_shown_as_typed(text):
    assert read_grid(text, 7, 7) == [["1", "2"], ["3", "−1/2"]]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "Row 0, column 0: Nothing is typed here"),
        ("1,,2", "Row 0, column 1: Nothing is typed here"),
        ("1\t\t3", "Row 0, column 1: Nothing is typed here"),
        ("\t2\t3", "Row 0, column 0: Nothing is typed here"),
        ("1\t2\t", "Row 0, column 2: Nothing is typed here"),
        ("1\t2\n\t4", "Row 1, column 0: Nothing is typed here"),
        ("0,5\t1,5", "“0,5” has a comma: write decimals with a point, as 0.5"),
        ("1 0,5", "“0,5” has a comma"),
        ("1\t2\n-0,5\t1", "“−0,5” has a comma"),
        ("1,2;3", "The rows have 1 to 2 cells: give every row the same number of cells."),
        ("1,2;3,x", "Row 1, column 1: “x” is not a number"),
        ("\n".join(["1\t" * 39 + "1"] * 40), "40×40 cells are too many here: use at most 7 rows"),
        ("1 2 3 4 5 6 7 8", "1×8 cells are too many here"),
    ],
)
def test_a_grid_that_does_not_fit_is_refused_with_one_sentence(text, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refusal:
        read_grid(text, 7, 7)
    assert "\n" not in str(refusal.value)


def test_a_huge_paste_is_refused_fast_by_its_size_and_not_read():
    with pytest.raises(ValueError, match="too many"):
        read_grid("1 " * 200_000, 32, 32)


def test_a_paste_longer_than_any_grid_is_refused_by_its_characters():
    assert read_grid("1" + " " * 99_998 + "1", 1, 2) == [["1", "1"]]
    for rows, grid in ((1, "1 row of 7 cells"), (2, "2 rows of 7 cells")):
        told = f"100,001 characters are too many here: use at most 100,000, in {grid}."
        with pytest.raises(ValueError, match=f"^{told}$"):
            read_grid("1" + " " * 99_999 + "1", rows, 7)


def test_ascii_number_is_what_links_and_spreadsheets_hold():
    assert ascii_number(tidy("-1/2")) == "-1/2"


@pytest.mark.parametrize(
    ("length", "quoted"), [(12, "x" * 12), (13, "x" * 12 + "…"), (40, "x" * 12 + "…")]
)
def test_twelve_signs_of_what_was_typed_are_quoted(length, quoted):
    with pytest.raises(ValueError, match=f"^“{quoted}” is not a number"):
        read("x" * length)


def test_forty_signs_are_read_and_no_more():
    assert read("0" * 39 + "7") == 7
    with pytest.raises(ValueError, match=f"^{'0' * 12}… is too long: use at most 40 characters"):
        read("0" * 40 + "7")


def test_the_bounds_are_a_million_and_a_millionth():
    assert (LARGEST, FINEST) == (10**6, 10**6)
    assert (read("1000000"), read("-1e6"), read("0.000001")) == (
        10**6,
        -(10**6),
        Fraction(1, 10**6),
    )
    with pytest.raises(ValueError, match="use a number from −1,000,000 to 1,000,000"):
        read("1000000.1")
    with pytest.raises(ValueError, match="too fine: use at most six decimals"):
        read("0.0000001")


@pytest.mark.parametrize(
    ("text", "rows", "columns", "told"),
    [
        ("1,2,3", 1, 2, "1×3 cells are too many here: use at most 1 row of 2."),
        ("1;2;3", 2, 2, "3×1 cells are too many here: use at most 2 rows of 2."),
        ("1,2;3", 2, 2, "The rows have 1 to 2 cells: give every row the same number of cells."),
        ("1,2;3,x", 2, 2, "Row 1, column 1: “x” is not a number"),
    ],
)
def test_a_grid_is_as_large_as_it_may_be(text, rows, columns, told):
    assert read_grid("1,2;3,4"[: 4 * rows - 1], rows, columns) == [["1", "2"], ["3", "4"]][:rows]
    with pytest.raises(ValueError, match=f"^{re.escape(told)}"):
        read_grid(text, rows, columns)


@pytest.mark.parametrize(
    "text",
    [
        "[[1, 2], [3, 4]]",
        "[[1 2]\n [3 4]]",
        "((1, 2), (3, 4))",
        "[1,2;3,4]",
        "１，２；３，４",
        "[1 2][3 4]",
    ],
)
def test_a_grid_may_stand_in_brackets_as_programs_write_it(text):
    assert read_grid(text, 2, 2) == [["1", "2"], ["3", "4"]]


@pytest.mark.parametrize("text", ["0,5", " -0,5", "0,5\n1,5", "０，５"])
def test_a_decimal_comma_that_is_pasted_into_a_cell_is_no_list(text):
    assert len(read_grid(text, 7, 7)[0]) == 2
    told = r"has a comma: write decimals with a point, as 0\.5, and two numbers with a blank"
    with pytest.raises(ValueError, match=told):
        read_grid(text, 7, 7, pasted=True)


@pytest.mark.parametrize("text", ["0, 5", "1,2,3", "1\t2", "1,2;3, 4", "5"])
def test_lists_are_pasted_as_they_are_typed(text):
    assert read_grid(text, 7, 7, pasted=True) == read_grid(text, 7, 7)


def test_a_long_row_of_brackets_and_blanks_is_read_at_once():
    assert read_grid("]" + " " * 99_000 + "1", 2, 2) == [["1"]]
    assert read_grid("1]" + " " * 99_000 + "[2", 2, 2) == [["1"], ["2"]]


def test_a_number_is_shown_in_plain_digits():
    assert tidy("–１２") == "−12"
