"""Files and texts that would unfold to very much are refused in little time and memory."""

import pytest

from tests.fuzzing.__main__ import MOST_S
from tests.fuzzing.bombs import BOMBS
from tests.spending import spending

MOST_MB = 100  # beyond what is held anyway; the bombs unfold to more


@pytest.mark.filterwarnings("ignore::UserWarning")  # Pillow tells of what is wrong in a picture
@pytest.mark.parametrize("name", BOMBS)
def test_a_bomb_is_refused_in_little_time_and_memory(name):
    work = BOMBS[name]()

    def hand_over():
        with pytest.raises(ValueError, match=r"\S"):
            work()

    spent = spending(hand_over)
    assert spent.mb < MOST_MB
    assert spent.seconds < MOST_S
