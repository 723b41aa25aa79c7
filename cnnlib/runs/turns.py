"""Turns and places: a queue that is fair to the owners, and room for newcomers."""

from collections import Counter
from collections.abc import Collection, Iterable, Mapping
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


@dataclass(frozen=True)
class Place:
    """A place that a run takes while it trains or waits.

    Attributes
    ----------
    run, owner : str
    address : str
        The address that the run was started from, "" if that is unknown.
    since : float
        When the run was started or brought back.
    waits : bool
        Whether the run has no turn now.
    """

    run: str
    owner: str
    address: str
    since: float
    waits: bool


def makes_way(places: Collection[Place], owner: str, address: str) -> str | None:
    """Return the run that gives its place to a newcomer where all places are taken, or None.

    The newest waiting run of whoever holds most makes way: of the address that holds most, and
    there of the owner who holds most. Nobody makes way for somebody who would then hold as much.
    """
    by_address = Counter(one.address or one.run for one in places)
    by_owner = Counter(one.owner for one in places)

    def held(one: Place) -> tuple[int, int, float]:
        return by_address[one.address or one.run], by_owner[one.owner], one.since

    others = [
        one
        for one in places
        if one.waits
        and (
            by_address[one.address or one.run] > by_address[address] + 1
            if one.address != address
            else by_owner[one.owner] > by_owner[owner] + 1
        )
    ]
    return max(others, key=held).run if others else None
