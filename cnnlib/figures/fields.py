"""Maps beside each other with some of their cells marked, as a picture to take away."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Theme, paint, zero_colour
from cnnlib.figures.scene import Box, Picture, Scene, Shape, Text

_WIDTH = 1100.0
_HEIGHT = 640.0
_MARGIN = 20.0
_HEADING = 44.0
_NAME = 30.0
_GAP = 16.0
_LARGEST = 22.0
_NARROWEST = 420.0
_LETTER = 7.0
_SHARP = 16  # pixels of a cell: viewers of printed pages blur an image that they enlarge


@dataclass(frozen=True, eq=False)
class MarkedMap:
    """A square map. The cells where a marked row meets a marked column are marked.

    Attributes
    ----------
    name : str
    n : int
        Cells along a side.
    values : ndarray of shape (n, n), or None
        In [0, 1], or, for a signed map, in [−1, 1]. None draws the map's edge alone.
    signed : bool
    rows, columns : sequence of int
        The marked ones, sorted.
    """

    name: str
    n: int
    values: NDArray | None = None
    signed: bool = False
    rows: Sequence[int] = ()
    columns: Sequence[int] = ()

    def width(self, cell: float) -> float:
        """Return the width that the map takes together with its name."""
        return max(cell * self.n, _LETTER * len(self.name))


def marked_maps(maps: Sequence[MarkedMap], title: str, theme: Theme = "light") -> Scene:
    """Draw maps in lines, the largest that fit the page, and mark their cells.

    Parameters
    ----------
    maps : sequence of MarkedMap
    title : str
    theme : {"light", "dark"}
    """
    cell = _LARGEST
    while _height(_lines(maps, cell), cell) > _HEIGHT:
        cell *= 0.95
    lines = _lines(maps, cell)
    ink, faint = (_hex(paint(np.array(level), "unsigned", theme)) for level in (1.0, 0.3))
    accent = _hex(paint(np.array(1.0), "signed", theme))
    shapes: list[Shape] = [Text(_MARGIN, _MARGIN + 10, title, 18.0, ink, "start")]
    top = _MARGIN + _HEADING
    for line in lines:
        tallest, left = cell * max(each.n for each in line), _MARGIN
        for each in line:
            wide = each.width(cell)
            x, y = left + (wide - cell * each.n) / 2, top + tallest - cell * each.n
            shapes += _painted(each, x, y, cell, theme)
            shapes.append(Box(x, y, each.n * cell, each.n * cell, None, faint))
            for first, rows in _runs(each.rows):
                for left_most, columns in _runs(each.columns):
                    place = (x + left_most * cell, y + first * cell, columns * cell, rows * cell)
                    shapes.append(Box(*place, None, accent, 2.0))
            shapes.append(Text(left + wide / 2, top + tallest + 14, each.name, 12.0, ink))
            left += wide + _GAP
        top += tallest + _NAME
    spans = [sum(each.width(cell) + _GAP for each in line) - _GAP for line in lines]
    width = max(_NARROWEST, 2 * _MARGIN + max(spans))
    return Scene(width, top + _MARGIN, zero_colour(theme), tuple(shapes), title, title)


def _runs(cells: Sequence[int]) -> list[tuple[int, int]]:
    """Return sorted cells as unbroken runs: for each its first cell and its length."""
    splits = np.flatnonzero(np.diff(cells) > 1) + 1
    return [(int(run[0]), len(run)) for run in np.split(np.asarray(cells), splits) if len(run)]


def _lines(maps: Sequence[MarkedMap], cell: float) -> list[list[MarkedMap]]:
    lines: list[list[MarkedMap]] = [[]]
    used = 0.0
    for each in maps:
        wide = each.width(cell) + _GAP
        if lines[-1] and used + wide > _WIDTH - 2 * _MARGIN + _GAP:
            lines.append([])
            used = 0.0
        lines[-1].append(each)
        used += wide
    return lines


def _height(lines: list[list[MarkedMap]], cell: float) -> float:
    tallest = sum(cell * max(each.n for each in line) + _NAME for line in lines)
    return 2 * _MARGIN + _HEADING + tallest


def _painted(each: MarkedMap, x: float, y: float, cell: float, theme: Theme) -> list[Picture]:
    if each.values is None:
        return []
    pixels = paint(each.values, "signed" if each.signed else "unsigned", theme)
    return [Picture(x, y, cell * each.n, cell * each.n, pixels.repeat(_SHARP, 0).repeat(_SHARP, 1))]


def _hex(colour: np.ndarray) -> str:
    return "#" + colour.tobytes().hex()
