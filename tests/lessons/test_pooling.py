"""Pooling as a value: the lecture's numbers, ties, a moved drawing, and what it asks."""

import numpy as np
import pytest

from cnnlib.lessons.pooling import State
from tests.lessons.given import GIVEN


def outputs(state):
    return " ".join(state.walk().result().texts)


@pytest.mark.parametrize(
    ("state", "expected"),
    [
        (State(), "6 8 3 4"),
        (State(kind="average"), "3.25 5.25 2 2"),
        (State(map="3,4;0,0", kind="L2"), "5"),
        (State.example("ties"), "1 4 5 0"),
    ],
)
def test_the_lectures_numbers(state, expected):
    assert outputs(state) == expected


def test_nothing_is_learned_and_ties_are_counted():
    assert "Parameters: **0**" in State().told(GIVEN)
    assert "Ties" not in State().told(GIVEN)
    assert "Ties: 3 of 4 windows." in State.example("ties").told(GIVEN)


def test_a_window_that_does_not_fit_is_refused_with_a_sentence():
    with pytest.raises(ValueError, match="does not fit input 4"):
        State(size=5).check(GIVEN)


def test_a_drawing_is_pooled_as_the_map_is():
    maps = np.arange(16.0).reshape(1, 1, 4, 4)
    for kind in ("max", "average", "L2"):
        state = State(map=";".join(["0,1,2,3", "4,5,6,7", "8,9,10,11", "12,13,14,15"]), kind=kind)
        np.testing.assert_allclose(state.pool(maps).ravel(), state.walk().result().values)


def test_predict_asks_how_much_a_shift_changes_and_takes_what_was_measured():
    state = State(view="drawing", right=2)
    (question,) = state.questions(GIVEN)
    change = 100 * state.moved(GIVEN).changes[2]
    assert question.answer(f"{change:.0f}").right
    assert not question.answer(f"{change + 20:.0f}").right
    assert State().questions(GIVEN) == ()
