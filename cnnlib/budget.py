"""A state's cost, estimated before the state is computed, and refused if that is too much.

Everything that a stranger can type, link or upload asks here first: a refusal is one sentence that
quotes the numbers and says what to make smaller. Limits of time and memory would come too late,
because a process that answers everybody cannot be ended.
"""

from dataclasses import dataclass
from math import log2


@dataclass(frozen=True)
class Cost:
    """An estimate, made of sizes alone.

    Attributes
    ----------
    multiplications : int
    memory : int
        Bytes of all arrays that are held at once.
    page : int
        Bytes that travel to the browser.
    """

    multiplications: int = 0
    memory: int = 0
    page: int = 0

    def __add__(self, other: "Cost") -> "Cost":
        return Cost(
            self.multiplications + other.multiplications,
            self.memory + other.memory,
            self.page + other.page,
        )

    def __mul__(self, times: int) -> "Cost":
        return Cost(self.multiplications * times, self.memory * times, self.page * times)


#: The most that a figure may cost: a second of one core, and what the server keeps free for it.
FIGURE = Cost(10**9, 200 * 2**20, 6 * 2**20)
#: The most that a file made in the server's process may cost: a process takes as long to start.
FILE = Cost(6 * 10**8)
#: The most that a process which trains may hold beyond its libraries.
WORKER = Cost(memory=2 * 2**30)


def afford(cost: Cost, what: str, smaller: str, most: Cost = FIGURE) -> None:
    """Raise ValueError if something costs too much.

    Parameters
    ----------
    cost : Cost
        An estimate.
    most : Cost
        The limit; 0 stands for no limit.
    what : str
        The beginning of the sentence: that which would be computed.
    smaller : str
        The end of the sentence: an order to make something smaller.

    Examples
    --------
    >>> afford(Cost(2 * 10**12), "12 layers", "use fewer")  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: 12 layers need 2,000,000 million multiplications, and 1,000 are made here: ...
    """
    wanted = (
        (cost.multiplications, most.multiplications, 10**6, "million multiplications", "are made"),
        (cost.memory, most.memory, 2**20, "MiB of memory", "are given"),
        (cost.page, most.page, 2**20, "MiB on the page", "are sent"),
    )
    for needed, limit, unit, name, given in wanted:
        if 0 < limit < needed:
            raise ValueError(
                f"{what} need {-(-needed // unit):,} {name}, and {limit // unit:,} {given} here: "
                f"{smaller}"
            )


def dear(cost: Cost) -> bool:
    """Return whether a file costs so much that it is made beside the server."""
    return cost.multiplications > FILE.multiplications


def times(cost: Cost) -> int:
    """Return how often something can be computed at once within a figure's budget, at least 1.

    Examples
    --------
    >>> times(Cost(10**8)), times(Cost(10**10))
    (10, 1)
    """
    by_work = FIGURE.multiplications // max(cost.multiplications, 1)
    by_memory = FIGURE.memory // max(cost.memory, 1)
    return max(1, min(by_work, by_memory))


def transform(cells: int) -> int:
    """Return the multiplications of one Fourier transform of a picture of so many cells."""
    return round(2 * cells * log2(max(cells, 2)))
