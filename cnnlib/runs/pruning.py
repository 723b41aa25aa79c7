"""The runs that are deleted to make room: old ones, and then those of whoever holds most."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Kept:
    """A run that is over, as far as its room matters.

    Attributes
    ----------
    run, owner : str
    size : int
        Bytes of its history and files.
    rested_s : float
        How long it has been over, while servers ran.
    changed : float
        When it was last changed.
    """

    run: str
    owner: str
    size: int
    rested_s: float
    changed: float


def superfluous(kept: Sequence[Kept], age_s: float, most_bytes: float) -> list[str]:
    """Return the runs to delete: those over for longer, and the oldest beyond the size.

    Beyond the size, each run is taken from the owner who holds most at that moment, so that
    somebody who fills the disk loses their own runs.
    """
    gone = {one.run for one in kept if one.rested_s > age_s}
    left = sorted((one for one in kept if one.run not in gone), key=lambda one: -one.changed)
    held = Counter[str]()
    by_owner: dict[str, list[Kept]] = {}
    for one in left:
        held[one.owner] += one.size
        by_owner.setdefault(one.owner, []).append(one)
    while sum(held.values()) > most_bytes:
        (most, _), *_ = held.most_common(1)
        oldest = by_owner[most].pop()
        gone.add(oldest.run)
        held[most] -= oldest.size
        if not by_owner[most]:
            del held[most]
    return [one.run for one in kept if one.run in gone]
