"""Files and texts that would unfold to very much, or be read for very long, are known in time."""

import pytest

from tests.fuzzing.__main__ import MOST_S
from tests.fuzzing.bombs import BOMBS
from tests.spending import spending

MOST_MB = 100  # beyond what is held anyway; the bombs unfold to more


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells of what is wrong in a picture
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_takes_little_time_and_memory_and_breaks_nothing(name):
    work = BOMBS[name]()

    def hand_over():
        try:
            work()  # what unfolds may also be left out, as a word beside a picture's pixels is
        except ValueError as refused:
            assert str(refused) != ""  # noqa: PT017

    spent = spending(hand_over)
    assert spent.mb < MOST_MB
    assert spent.seconds < MOST_S
