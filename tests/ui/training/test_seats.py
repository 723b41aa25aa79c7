import pytest

from cnnlib.ui.training import seats
from cnnlib.ui.training.seats import Seats


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 100.0

    monkeypatch.setattr(seats, "monotonic", lambda: Clock.now)
    return Clock


def test_who_has_a_seat_keeps_it_and_who_is_gone_leaves_it_to_the_next(clock):
    two = Seats(2, 3.0)
    assert [two.take(who) for who in ("a", "b", "c")] == [True, True, False]
    clock.now += 2
    assert [two.take(who) for who in ("c", "a")] == [False, True]
    clock.now += 2  # b was last seen four seconds ago
    assert [two.take(who) for who in ("c", "b", "a")] == [True, False, True]
