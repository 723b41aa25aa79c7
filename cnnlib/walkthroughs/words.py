"""The layout and the words of a walkthrough, which a player draws and says beside the numbers.

A player knows no operation and no method by name. The module `form` says how it reads these.
"""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, field
from typing import Any, Literal

Drawn = Literal["lines", "pile", "slide"]
Lines = tuple[tuple[str, ...], ...]
Noun = tuple[str, str]

SIZE = {
    1: "How many outputs will there be?",
    2: "How large is the output? Rows × columns:",
}
_ONE = {"entries": "entry"}


@dataclass(frozen=True)
class Panel:
    """The layout of a method; `form` says what each attribute means.

    Attributes
    ----------
    drawn : {"lines", "pile", "slide"}
    lines : tuple of tuple of str
    alone : tuple of tuple of str, or None
    """

    drawn: Drawn
    lines: Lines
    alone: Lines | None = None

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON form holds."""
        return asdict(self)


@dataclass(frozen=True)
class Words:
    """The words of a method; `form` says what each attribute means.

    Attributes
    ----------
    tells : str
    nothing : str
    output : str
    term : (str, str)
    uses : mapping of str to (str, str)
    """

    tells: str
    nothing: str
    output: str = "Output {} is"
    term: Noun = ("product", "products")
    uses: Mapping[str, Noun] = field(default_factory=dict)

    def to_dict(self, dimensions: int) -> dict[str, Any]:
        """Return what the JSON form holds."""
        return asdict(self) | {"size": SIZE[dimensions]}


def counted(facts: Mapping[str, int]) -> str:
    """Write counts with their nouns.

    Examples
    --------
    >>> counted({"windows": 4, "entries": 1})
    '4 windows · 1 entry'
    """
    return " · ".join(
        f"{count} {name if count != 1 else _ONE.get(name, name.removesuffix('s'))}"
        for name, count in facts.items()
    )
