"""An answer is right if it is exact, or rounded to the decimals that were typed."""

import pytest

from cnnlib.walkthroughs import convolution, predict, predict_size, question
from cnnlib.walkthroughs.examples import ONE_DIMENSION, TWO_DIMENSIONS

LINE, PICTURE = ONE_DIMENSION["lecture"], TWO_DIMENSIONS["lecture"]
THIRDS = convolution(["1/3", "0.125"], [1], padding="valid")


@pytest.mark.parametrize(
    ("step", "typed", "right"),
    [
        (0, "1/3", True),
        (0, "2/6", True),
        (0, "0.33", True),
        (0, "0.3333", True),
        (0, "0.3334", False),
        (0, "0.34", False),
        (0, "0.3", False),
        (0, "0", False),
        (0, "33e-2", False),
        (1, "0.125", True),
        (1, "1/8", True),
        (1, "125e-3", True),
        (1, ".125", True),
        (1, "0.13", True),
        (1, "0.12", True),  # a half is rounded either way
        (1, "0.1", False),
        (1, "−0.125", False),
    ],
)
def test_an_answer_is_exact_or_rounded_to_at_least_two_places(step, typed, right):
    assert predict(THIRDS, step, typed).right is right


def test_the_verdict_gives_the_terms():
    verdict = predict(LINE.walk(), 2, "4")
    assert verdict.sentence == "Right. Output 2: 2×2 + (−1)×1 + 1×1 = 4."
    assert predict(LINE.walk("matrix form"), 2, "-4").sentence == (
        "Not −4. Output 2: 2×2 + (−1)×1 + 1×1 = 4."
    )


def test_while_copies_are_added_the_running_sum_is_predicted():
    walk = LINE.walk("translate-and-scale")
    assert predict(walk, 1, "3", output=2).right
    assert not predict(walk, 1, "4", output=2).right
    assert predict(walk, 2, "4", output=2).sentence == (
        "Right. Input 2 is 1: 1×(1, 1, 2) at 2 is added. The output is then 4."
    )
    with pytest.raises(ValueError, match="step 0 changes no output 4"):
        predict(walk, 0, "1", output=4)


def test_a_window_on_padding_alone_is_zero():
    assert predict(convolution([1], [1], padding=1), 0, "0").right


def test_measured_numbers_are_compared_after_rounding():
    walk = convolution([0.123456789], [1], padding="valid")
    assert predict(walk, 0, "0.1235").right
    assert not predict(walk, 0, "0.1234").right


@pytest.mark.parametrize(("typed", "right"), [("4×4", True), ("4x4", True), ("4, 4", True)])
def test_a_size_is_read_as_people_write_it(typed, right):
    assert predict_size(PICTURE.walk(), typed).right is right


def test_a_wrong_size_is_told_how_it_follows():
    verdict = predict_size(ONE_DIMENSION["stride"].walk(), "3")
    assert not verdict.right
    assert verdict.sentence == (
        "Not 3. The output has size 2: (7 − 3)/3 + 1 = 2.33, rounded down to 2."
    )
    assert predict_size(LINE.walk(), "5").right
    assert not predict_size(convolution([[1, 2, 3]], [[1]]), "3×1").right  # rows first


@pytest.mark.parametrize(
    "typed", ["", "abc", "4", "4×4×4", "−4×4", "1e999", "4.0×4", "4" + " " * 99 + "x"]
)
def test_what_is_no_size_is_refused(typed):
    with pytest.raises(ValueError, match="is not an output size"):
        predict_size(PICTURE.walk(), typed)


@pytest.mark.parametrize("typed", ["", "abc", "nan", "1e999"])
def test_what_is_no_number_is_refused(typed):
    with pytest.raises(ValueError, match=r"Nothing is typed|not a number|too large"):
        predict(LINE.walk(), 0, typed)


def test_letters_cannot_be_predicted():
    with pytest.raises(ValueError, match="letters have no value"):
        predict(TWO_DIMENSIONS["letters"].walk(), 0, "1")


@pytest.mark.parametrize(
    ("example", "method", "step", "text", "answer"),
    [
        (LINE, "flip-and-filter", None, "How many outputs will there be?", "5"),
        (LINE, "flip-and-filter", 2, "Output 2 is", "4"),
        (LINE, "translate-and-scale", 1, "Output 1, after this copy, is", "1"),
        (PICTURE, "matrix form", None, "How large is the output? Rows × columns:", "4×4"),
        (PICTURE, "matrix form", 6, "Output (1, 2) is", "−4"),
    ],
)
def test_what_a_step_asks_is_a_question_with_its_judge(example, method, step, text, answer):
    asked = question(example.walk(method), step)
    assert asked.text == text
    assert asked.answer(answer).right
    assert not asked.answer("7").right
    assert not asked.answer("seven").right


@pytest.mark.parametrize("step", [-1, 5, 99])
def test_a_step_that_does_not_exist_asks_nothing(step):
    with pytest.raises(ValueError, match=f"There is no step {step + 1} to predict"):
        question(LINE.walk(), step)


def test_a_copy_that_no_window_reads_asks_nothing():
    walk = convolution([1, 2, 3], [1], "translate-and-scale", padding="valid", stride=2)
    assert not walk.steps[1].shows
    with pytest.raises(ValueError, match="Step 2 changes no output: skip it"):
        question(walk, 1)


def test_an_example_of_an_answer_fits_the_dimensions():
    line, picture = convolution([1, 2], [1]), convolution([[1, 2]], [[1]])
    for walk, told in ((line, "such as 5."), (picture, "such as 4×4, rows first.")):
        with pytest.raises(ValueError, match="“abcdefghijkl” is not an output size") as refused:
            predict_size(walk, "abcdefghijklm")
        assert str(refused.value).endswith(told)
    assert predict_size(line, "2").right
    assert predict_size(picture, "1x2").sentence.startswith("Right. The output has size 1×2: Rows")
    assert predict_size(picture, "2×1").sentence.startswith("Not 2×1. The output has size 1×2")


@pytest.mark.parametrize(
    ("typed", "right"),
    [("0.33", True), ("0.3", False), ("0.34", False), ("0.333", True), ("3.3e-1", False)],
)
def test_a_third_is_known_by_two_decimals(typed, right):
    walk = convolution(["1/3"], [1])
    assert predict(walk, 0, typed).right is right


def test_a_value_at_the_edge_of_rounding_counts_as_either():
    walk = convolution(["0.125"], [1])
    assert [predict(walk, 0, typed).right for typed in ("0.12", "0.13", "0.11", "0.125")] == [
        *(True, True, False, True)
    ]


def test_other_outputs_of_a_step_can_be_asked_for():
    walk = convolution([2, -1, 1], [1, 1, 2], "translate-and-scale")
    assert predict(walk, 0, "2", output=1).right
    assert predict(walk, 0, "4", output=2).right
    with pytest.raises(ValueError, match="step 0 changes no output 4: predict another one"):
        predict(walk, 0, "4", output=4)
    assert question(walk, 0).text == "Output 0, after this copy, is"
