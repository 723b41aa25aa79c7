"""A question judges answers of a bounded length."""

import pytest

from cnnlib.questions import Question, Verdict, exactly, near, side

JUDGES = [exactly(9, "9"), side(9, "9"), near(9, 1, "9")]


@pytest.mark.parametrize("judge", JUDGES)
def test_an_answer_as_long_as_a_book_is_wrong_before_it_is_read(judge):
    told = Question("How many?", judge).answer("9" + " " * 40_000 + "x")
    assert not told.right
    assert told.sentence == "40,002 characters are no answer here: use at most 100."
    assert Question("How many?", judge).answer("9" + " " * 99).right


@pytest.mark.parametrize("judge", JUDGES)
def test_a_verdict_repeats_twelve_characters_of_a_wrong_answer(judge):
    assert judge("12345678901234") == Verdict(False, "Not 123456789012: 9.")


def test_a_text_that_is_no_answer_is_wrong_and_the_judge_says_why():
    def judge(typed):
        raise ValueError(f"{typed} is no answer")

    assert Question("How many?", judge).answer("Nine") == Verdict(False, "Nine is no answer")


@pytest.mark.parametrize(
    ("judge", "right", "wrong"),
    [
        (exactly(1000, "10³"), ["1000", " 1,000 "], ["100", "1000.0", "1e3", ""]),
        (side(9, "3·3"), ["9", "9×9", "9 X 9", "9*9"], ["9×8", "8×9", "8×8", "9×", ""]),
        (near(40, 5, "two fifths"), ["45", "45 %", "35%", "40.0"], ["45.1", "34.9 %", "all", ""]),
    ],
)
def test_answers_are_read_as_people_write_them(judge, right, wrong):
    assert [typed for typed in right + wrong if judge(typed).right] == right


@pytest.mark.parametrize("judge", [exactly(15, "15"), side(15, "15"), near(15, 1, "15")])
def test_a_decimal_comma_is_no_comma_of_thousands(judge):
    told = Question("How many?", judge).answer("1,5")
    assert not told.right
    assert told.sentence.startswith("“1,5” has a comma: write decimals with a point, as 0.5")


def test_thousands_are_grouped_by_three():
    assert [exactly(1000, "10³")(typed).right for typed in ("1,000", "−1,000")] == [True, False]
    assert exactly(-1000, "10³")("−1,000").right
