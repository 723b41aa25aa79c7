"""A question judges answers of a bounded length."""

import pytest

from cnnlib.questions import Question, exactly, near, side


@pytest.mark.parametrize("judge", [exactly(9, "9"), side(9, "9"), near(9, 1, "9")])
def test_an_answer_as_long_as_a_book_is_wrong_before_it_is_read(judge):
    told = Question("How many?", judge).answer("9" + " " * 40_000 + "x")
    assert not told.right
    assert told.sentence == "40,002 characters are no answer here: use at most 100."
