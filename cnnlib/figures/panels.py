"""The data of a figure of maps side by side: the maps, and which cells read which others."""

from collections.abc import Sequence
from dataclasses import dataclass

from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Panel:
    """One map.

    Attributes
    ----------
    title, note : str
    shape : (int, int)
        Rows and columns, without padding.
    values : ndarray of shape (rows + 2·padding, columns + 2·padding), or None
        None draws empty cells.
    limit : float
        The value at the end of the colour scale.
    signed : bool
    padding : int
        Cells of padding that are drawn on each side.
    group : str
        Maps with the same group, one after another, stand together under its name. Of more
        than six of them, six at a time are shown.
    """

    title: str
    shape: tuple[int, int]
    values: NDArray | None = None
    note: str = ""
    limit: float = 1.0
    signed: bool = False
    padding: int = 0
    group: str = ""


@dataclass(frozen=True, eq=False)
class Link:
    """The cells of an earlier map that the cells of one map read.

    Attributes
    ----------
    source, target : int
        Numbers of the map that reads and of the map that is read, target before source.
    rows, columns : sequence of sequence of int
        For each drawn row (column) of the source, the drawn rows (columns) of the target.
        No columns where they are the same as the rows.
    """

    source: int
    target: int
    rows: Sequence[Sequence[int]]
    columns: Sequence[Sequence[int]] | None = None


@dataclass(frozen=True)
class Cell:
    """A drawn cell: number of the map, row and column."""

    panel: int
    row: int
    column: int
