"""Old runs go, and beyond the size those of whoever holds most, the oldest first."""

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from cnnlib.runs.pruning import Kept, superfluous


def size(kept):
    return sum(one.size for one in kept)


@given(st.data(), st.integers(0, 60))
def test_no_more_is_kept_than_allowed_and_nothing_is_deleted_in_vain(data, most):
    owners = data.draw(st.lists(st.tuples(st.sampled_from("abc"), st.integers(1, 9)), max_size=12))
    kept = [Kept(f"{n}", owner, size, 0.0, n) for n, (owner, size) in enumerate(owners)]
    gone = superfluous(kept, 1.0, most)
    left = [one for one in kept if one.run not in gone]
    assert size(left) <= most
    if gone:
        assert size(left) + max(one.size for one in kept if one.run in gone) > most
    for owner in "abc":  # of each owner the oldest are gone
        numbers = [one.run in gone for one in kept if one.owner == owner]
        assert numbers == sorted(numbers, reverse=True)


def test_who_fills_the_disk_loses_their_own_runs():
    stranger = [Kept(f"s{n}", "s", 50, 0.0, 100.0 + n) for n in range(10)]
    honest = [Kept(f"h{n}", f"h{n}", 20, 0.0, n) for n in range(10)]
    gone = superfluous([*honest, *stranger], 1.0, 400)
    assert Counter(one[0] for one in gone) == {"s": 6}
    assert gone == [f"s{n}" for n in range(6)]


def test_runs_that_rested_too_long_go_whatever_their_size():
    kept = [Kept("old", "a", 1, 11.0, 9.0), Kept("new", "a", 1, 9.0, 1.0)]
    assert superfluous(kept, 10.0, 100) == ["old"]
