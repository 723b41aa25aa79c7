"""The order in which waiting runs get their turns: a queue that is fair to the owners."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass


@dataclass(frozen=True)
class Waiting:
    """A run that waits.

    Attributes
    ----------
    run, owner : str
    since : float
    goal : str
        The run's order when its turn comes: "resume", "batch", "epoch" or "microscope".
    """

    run: str
    owner: str
    since: float
    goal: str


def in_order(
    waiting: Iterable[Waiting], training: Iterable[str], served: Mapping[str, float]
) -> list[Waiting]:
    """Return the waiting runs in the order of their turns.

    Every owner gets a turn before any owner gets another one: if four runs of A stand before one
    of B, then B's comes second. Among owners, the one whose last turn is longest ago comes first.

    Parameters
    ----------
    waiting : iterable of Waiting
    training : iterable of str
        The owners of the runs that train now, once for each run.
    served : mapping of str to float
        When each owner's last turn began; owners who had no turn are left out.
    """
    turns = Counter(training)
    ranked = []
    for one in sorted(waiting, key=lambda one: one.since):
        ranked.append((turns[one.owner], served.get(one.owner, 0.0), one.since, one))
        turns[one.owner] += 1
    return [one for *_, one in sorted(ranked, key=lambda entry: entry[:3])]
