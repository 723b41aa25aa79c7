"""A proxy that goes away and comes back takes nothing of what people drew and added."""

from benchmarks.keeping.away import break_and_mend
from benchmarks.keeping.people import beats_of
from tests.server.test_limits import together


def test_people_come_back_to_their_sessions_and_each_event_counts_once(served, kept):
    (found,) = together(break_and_mend(served, 0.0, people=2))
    assert (found.cut_off, found.same, found.drawn) == (2, 2, 2)
    assert [beats_of(kept, owner) for owner in found.owners] == [3, 3]
