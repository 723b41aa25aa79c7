"""Parts that several figures share: maps side by side, numbers in cells, tables, whole scenes."""

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Scale, Theme, paint, readable_on
from cnnlib.figures.scene import Box, Line, Picture, Scene, Shape, Text, Trace

LETTER = 0.56  # mean width of a letter, in font sizes
_SHARP = 2  # pixels of a mosaic for each unit of the page: printers draw finer than screens
_STEPS = 127  # shades of either sign, so that a picture has at most 256 colours
_BAND = 24.0
_GAP = 24.0


def shade(level: float, scale: Scale = "unsigned", theme: Theme = "light") -> str:
    """Return the colour of one level, as `#rrggbb`."""
    return "#" + paint(np.array(level), scale, theme).tobytes().hex()


def mosaic(
    maps: NDArray,
    place: tuple[float, float],
    cell: int,
    pitch: int,
    across: int,
    *,
    limit: float,
    signed: bool,
    theme: Theme = "light",
) -> Picture:
    """Paint maps in rows as one picture, on one scale.

    Parameters
    ----------
    maps : ndarray of shape (N, h, w)
    place : (float, float)
        Where the first map begins: x, y. The edge of a map is drawn outside of the map.
    cell, pitch : int
        The size of a cell, and the distance from one map's start to the next one's. Between the
        rows there is as much room as between the maps of a row, at least 2.
    across : int
        Maps in a row.
    limit : float
        The magnitude that has the full colour.
    signed : bool
    theme : {"light", "dark"}
    """
    scale: Scale = "signed" if signed else "unsigned"
    count, height, width = maps.shape
    levels = np.rint(np.clip(maps / limit, -1, 1) * _STEPS) / _STEPS
    painted = paint(levels, scale, theme).repeat(cell, 1).repeat(cell, 2)  # (N, h, w, 3)
    # Zero has the page's own colour, so that only an edge shows where a map ends.
    edge = paint(np.full((1, 1, 1), 0.2), "unsigned", theme)
    framed = np.broadcast_to(edge, (count, cell * height + 2, cell * width + 2, 3)).copy()
    framed[:, 1:-1, 1:-1] = painted
    rows, gap = -(-count // across), pitch - cell * width - 2
    down = cell * height + 2 + gap
    canvas = np.empty((rows * down - gap, min(across, count) * pitch - gap, 3), np.uint8)
    canvas[:] = paint(np.array(0.0), scale, theme)
    for at, one in enumerate(framed):
        top, left = at // across * down, at % across * pitch
        canvas[top : top + len(one), left : left + one.shape[1]] = one
    sharp = canvas.repeat(_SHARP, 0).repeat(_SHARP, 1)
    return Picture(place[0] - 1, place[1] - 1, canvas.shape[1], canvas.shape[0], sharp)


def numbered(
    texts: NDArray,
    fills: NDArray[np.uint8],
    place: tuple[float, float],
    cell: tuple[float, float],
    theme: Theme = "light",
) -> list[Shape]:
    """Draw a grid of cells with a text in each.

    Parameters
    ----------
    texts : ndarray of str of shape (h, w)
    fills : ndarray of shape (h, w, 3)
    place : (float, float)
        Where the grid begins: x, y.
    cell : (float, float)
        Width and height.
    theme : {"light", "dark"}
    """
    wide, tall = cell
    longest = max(map(len, texts.ravel().tolist()), default=1)
    size = min(0.42 * tall, 0.92 * wide / (LETTER * max(longest, 1)))
    edge = shade(0.25, theme=theme)
    shapes: list[Shape] = []
    for (row, column), text in np.ndenumerate(texts):
        x, y = place[0] + column * wide, place[1] + row * tall
        fill = fills[row, column]
        shapes.append(Box(x, y, wide, tall, "#" + fill.tobytes().hex(), edge))
        if text:
            shapes.append(Text(x + wide / 2, y + tall / 2, str(text), size, readable_on(fill)))
    return shapes


def table(
    rows: Sequence[Sequence[str]], title: str, theme: Theme = "light", *, most: int = 26
) -> Scene:
    """Draw a table whose first row is its head; a long table is cut in parts, set side by side.

    Parameters
    ----------
    rows : sequence of sequence of str
        The first column is set to the left, the others to the right.
    title : str
    theme : {"light", "dark"}
    most : int
        Rows in a part.
    """
    size, ink, faint = 14.0, shade(1.0, theme=theme), shade(0.3, theme=theme)
    head, *body = rows
    widths = [max(len(row[at]) for row in rows) * LETTER * size + _GAP for at in range(len(head))]
    shapes: list[Shape] = [Text(20, 26, title, 17.0, ink, "start")]
    for part in range(0, len(body), most):
        left = 20 + part // most * (sum(widths) + _GAP)
        for number, row in enumerate([head, *body[part : part + most]]):
            y = 62 + number * _BAND
            x = left
            for at, (text, width) in enumerate(zip(row, widths, strict=True)):
                colour = ink if number else shade(0.7, theme=theme)
                if at:
                    # Set to the right, numbers end at one line for every width of a reader's font.
                    shapes.append(Text(x + width, y, text, size, colour, "end"))
                else:
                    shapes.append(Text(x, y, text, size, colour, "start"))
                x += width
            edge = y + _BAND / 2
            shapes.append(Line(left, edge, x, edge, ink if not number else faint, 0.8))
    parts = -(-len(body) // most) or 1
    width = 20 + parts * (sum(widths) + _GAP)
    height = 62 + (min(len(body), most) + 1) * _BAND
    width = max(width, 40 + len(title) * LETTER * 17)
    return Scene(width, height, shade(0.0, theme=theme), tuple(shapes), title, title)


def beside(scenes: Sequence[Scene], title: str) -> Scene:
    """Put scenes side by side."""
    shapes: list[Shape] = []
    left = 0.0
    for one in scenes:
        shapes += [_moved(shape, left) for shape in one.shapes]
        left += one.width + _GAP
    height = max(one.height for one in scenes)
    return Scene(left - _GAP, height, scenes[0].background, tuple(shapes), title, title)


def _moved(shape: Shape, right: float) -> Shape:
    if isinstance(shape, Line):
        return replace(shape, x1=shape.x1 + right, x2=shape.x2 + right)
    if isinstance(shape, Trace):
        return replace(shape, points=tuple((x + right, y) for x, y in shape.points))
    return replace(shape, x=shape.x + right)
