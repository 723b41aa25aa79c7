"""Maps beside each other with some of their cells marked, as a picture to take away."""

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Theme, paint, zero_colour
from cnnlib.figures.scene import Box, Scene, Text

_WIDTH = 1100.0
_MARGIN = 20.0
_GAP = 16.0
_LARGEST = 9.0


def marked_maps(
    maps: Sequence[tuple[str, NDArray | None, int]],
    marked: Sequence[tuple[Sequence[int], Sequence[int]]],
    title: str,
    theme: Theme = "light",
) -> Scene:
    """Draw square maps, and over each the cells in the marked rows and columns.

    Parameters
    ----------
    maps : sequence of (str, ndarray of shape (n, n) in [0, 1] or None, int)
        What it is called, its values, and n.
    marked : sequence of (rows, columns)
        For each map.
    """
    ink, faint = (_hex(paint(np.array(level), "unsigned", theme)) for level in (1.0, 0.3))
    room = _WIDTH - 2 * _MARGIN - _GAP * (len(maps) - 1)
    cell = min(_LARGEST, room / sum(n for _, _, n in maps))
    height = 2 * _MARGIN + 70 + cell * max(n for _, _, n in maps)
    shapes: list[Box | Text] = [Text(_MARGIN, _MARGIN + 10, title, 18.0, ink, "start")]
    left, accent = _MARGIN, _hex(paint(np.array(1.0), "signed", theme))
    for (name, values, n), (rows, columns) in zip(maps, marked, strict=True):
        top = height - _MARGIN - 30 - cell * n
        if values is not None:
            colours = paint(values, "unsigned", theme)
            for row, column in np.argwhere(values > 0).tolist():
                fill = _hex(colours[row, column])
                shapes.append(
                    Box(left + column * cell, top + row * cell, cell, cell, fill, fill, 0)
                )
        shapes.append(Box(left, top, n * cell, n * cell, None, faint))
        for row in rows:
            for column in columns:
                box = (left + column * cell, top + row * cell, cell, cell)
                shapes.append(Box(*box, None, accent, max(0.6, cell / 7)))
        shapes.append(Text(left + n * cell / 2, height - _MARGIN - 12, name, 12.0, ink))
        left += n * cell + _GAP
    return Scene(_WIDTH, height, zero_colour(theme), tuple(shapes), title, title)


def _hex(colour: np.ndarray) -> str:
    return "#" + colour.tobytes().hex()
