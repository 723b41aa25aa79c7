"""An allowance is each visitor's own, comes back with time, and leaves nothing behind."""

from hypothesis import given
from hypothesis import strategies as st

from cnnlib.allowance import Allowance

EVENTS = st.lists(
    st.tuples(st.sampled_from("ab"), st.integers(0, 6), st.integers(0, 5)), max_size=40
)


@given(EVENTS, st.integers(1, 12), st.integers(1, 12))
def test_nobody_takes_more_than_allowed_within_the_time_and_all_else_is_given(events, most, within):
    now, given_to = 0, []
    allowance = Allowance(most, within, lambda: now)
    for who, amount, later in events:
        now += later
        before = sum(one for at, by, one in given_to if by == who and at > now - within)
        assert allowance.left(who) == most - before
        assert allowance.take(who, amount) is (before + amount <= most)
        if before + amount <= most:
            given_to.append((now, who, amount))
    now += within
    assert allowance.left("a") == most
    assert not allowance._when
    assert not allowance._taken
    assert not allowance._last


def test_bytes_that_come_one_by_one_take_no_memory_each():
    now = 0.0
    allowance = Allowance(10_000, 600.0, lambda: now)
    for who in ["a", "b"] * 5000:
        assert allowance.take(who)
        now += 0.001
    assert allowance.left("a") == 5000
    assert len(allowance._when) < 50
