"""A state's cost, estimated before the state is computed, and refused if that is too much.

Everything that a stranger can type, link or upload asks here first: a refusal is one sentence that
quotes the numbers and says what to make smaller. Limits of time and memory would come too late,
because a process that answers everybody cannot be ended.
"""

from dataclasses import dataclass
from math import log2

MULTIPLICATIONS = 1_000_000_000  # for one figure: a second of one core
MEMORY = 150 * 2**20  # bytes that a figure's arrays may hold at once
PAGE = 6 * 2**20  # bytes of a figure on its way to a browser


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


def afford(cost: Cost, what: str, smaller: str) -> None:
    """Raise ValueError if something costs too much.

    Parameters
    ----------
    cost : Cost
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
        (cost.multiplications, MULTIPLICATIONS, 10**6, "million multiplications", "are made"),
        (cost.memory, MEMORY, 2**20, "MiB of memory", "are given"),
        (cost.page, PAGE, 2**20, "MiB on the page", "are sent"),
    )
    for needed, most, unit, name, given in wanted:
        if needed > most:
            raise ValueError(
                f"{what} need {-(-needed // unit):,} {name}, and {most // unit:,} {given} here: "
                f"{smaller}"
            )


def transform(cells: int) -> int:
    """Return the multiplications of one Fourier transform of a picture of so many cells."""
    return round(2 * cells * log2(max(cells, 2)))
