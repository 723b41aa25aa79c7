"""A drawing as a network reads it: framing, probabilities, every map, and one unit if chosen."""

from collections.abc import Mapping, Sequence

import numpy as np
from numpy.typing import NDArray

from cnnlib.drawings.images import Framed
from cnnlib.drawings.reading import Reading
from cnnlib.figures.palette import Theme, paint
from cnnlib.figures.parts import LETTER, mosaic, shade
from cnnlib.figures.scales import LayerScale
from cnnlib.figures.scene import Box, Picture, Scene, Shape, Text
from cnnlib.models.unit import Unit

MOST_LAYERS = 12
_WIDTH = 896.0
_LEFT = 84.0
_ACROSS = 792  # the width for a layer's maps
_MAPS, _UNITS = 24, 66  # the most maps, and the most single units, in one row
_ROWS = 2
_PICTURE = 112.0
_TOP = 16.0
_WORDS = 13.0


def reading(
    seen: Reading,
    scales: Sequence[LayerScale],
    unit: Unit | None = None,
    terms: Mapping[str, NDArray] | None = None,
    lines: Sequence[tuple[str, float]] = (),
    theme: Theme = "light",
) -> Scene:
    """Draw a drawing as a network reads it.

    Parameters
    ----------
    seen : Reading
    scales : sequence of LayerScale
        The layers, and how each is painted. If there are more than 12 layers, some are left out,
        and of a layer with more than two rows of maps, the last maps; the figure says so.
    unit : Unit, optional
        The cells that it sees of every map before it are outlined.
    terms : mapping of str to ndarray of shape (C, kh, kw), optional
        The unit's inputs, weights and products, by name.
    lines : sequence of (str, float)
        The calculation of the unit's value: a line's words and its number.
    theme : {"light", "dark"}
    """
    ink = shade(1.0, theme=theme)
    title = f"What the network sees: it reads {seen.guess}"
    shapes: list[Shape] = [Text(_TOP, _TOP + 8, title, 18.0, ink, "start")]
    shapes += _framing(seen.framed, unit, _TOP + 34, theme)
    shapes += _bars(seen.probabilities, _TOP + 34, theme)
    y = _TOP + 34 + _PICTURE + 40
    for scale in chosen_layers(scales, unit):
        values = seen.activations[scale.activation][0].reshape(scale.shape)
        y = _layer(shapes, scale, values, unit, y, theme)
    if unit is not None:
        y = _unit(shapes, unit, terms or {}, lines, y + 14, theme)
    background = shade(0.0, theme=theme)
    return Scene(_WIDTH, y + 6, background, tuple(shapes), title, title)


def chosen_layers(scales: Sequence[LayerScale], unit: Unit | None) -> list[LayerScale]:
    """Return the layers that are drawn: all except the input, or an evenly spread choice of them.

    The unit's own layer is always among them.
    """
    layers = list(scales[1:])
    if len(layers) <= MOST_LAYERS:
        return layers
    kept = set(np.linspace(0, len(layers) - 1, MOST_LAYERS).round().astype(int).tolist())
    return [
        one
        for at, one in enumerate(layers)
        if at in kept or (unit is not None and one.activation == unit.layer + 1)
    ]


def percent(probability: float) -> str:
    """Write a probability as it stands beside its digit.

    Examples
    --------
    >>> percent(0.9997), percent(0.25), percent(0.0123), percent(0.0001)
    ('100 %', '25 %', '1.2 %', '0 %')
    """
    if probability >= 0.9995:
        return "100 %"
    if probability < 0.0005:
        return "0 %"
    return f"{100 * probability:.{1 if probability < 0.1 else 0}f} %"


def _framing(framed: Framed, unit: Unit | None, top: float, theme: Theme) -> list[Shape]:
    """Draw the drawing with its box, the box scaled, and the input with what a unit sees of it."""
    ink, accent = shade(1.0, theme=theme), shade(1.0, "signed", theme)
    edge = shade(0.3, theme=theme)
    shapes: list[Shape] = []
    steps = (
        ("what was drawn", framed.drawn),
        ("its box, scaled to 20", framed.boxed / 255),
        ("centred by mass: 28×28", framed.pixels / 255),
    )
    for at, (caption, levels) in enumerate(steps):
        left = _TOP + at * (_PICTURE + 44)
        rows, columns = levels.shape
        size = _PICTURE * (20 / 28 if at == 1 else 1) / max(rows, columns)
        x = left + (_PICTURE - size * columns) / 2
        y = top + (_PICTURE - size * rows) / 2
        shades = paint(np.rint(255 * levels) / 255, "unsigned", theme)
        sharp = max(1, round(2 * size))
        wide, tall = size * columns, size * rows
        shapes += [
            Picture(x, y, wide, tall, shades.repeat(sharp, 0).repeat(sharp, 1)),
            Box(x, y, wide, tall, None, edge),
            Text(left + _PICTURE / 2, top + _PICTURE + 16, caption, _WORDS, ink),
        ]
        if at == 0:
            first, start, last, end = framed.box
            box = (x + size * start, y + size * first, size * (end - start), size * (last - first))
            shapes.append(Box(*box, None, accent, 1.5))
        if at == 2 and unit is not None:
            (top_row, bottom), (start, end) = unit.windows[-1].rows, unit.windows[-1].columns
            box = (
                x + size * start,
                y + size * top_row,
                size * (end - start),
                size * (bottom - top_row),
            )
            shapes.append(Box(*box, None, accent, 1.5))
    return shapes


def _bars(probabilities: NDArray, top: float, theme: Theme) -> list[Shape]:
    """Draw a bar for each digit, with its probability."""
    ink, faint = shade(1.0, theme=theme), shade(0.25, theme=theme)
    left, width, pitch = 520.0, 260.0, 1.2 * _PICTURE / len(probabilities)
    best = int(probabilities.argmax())
    shapes: list[Shape] = []
    for digit, share in enumerate(probabilities.tolist()):
        y = top - 8 + pitch * (digit + 0.5)
        size = 12.0
        shapes.append(Text(left - 12, y, str(digit), size, ink))
        shapes.append(Box(left, y - 3.5, width, 7.0, None, faint, 0.6))
        if share > 0:
            colour = ink if digit == best else shade(0.55, theme=theme)
            shapes.append(Box(left, y - 3.5, width * share, 7.0, colour, colour, 0.0))
        shapes.append(Text(left + width + 56, y, percent(share), size, ink, "end"))
    return shapes


def _grid(scale: LayerScale) -> tuple[int, int, int, int]:
    """Return how many maps are drawn, how many in a row, a cell's size, and the maps' pitch."""
    count, _, columns = scale.shape
    most = _UNITS if columns == 1 else _MAPS
    across = min(count, most)
    pitch = _ACROSS // max(across, 12)
    shown = min(count, _ROWS * across)
    return shown, across, max(1, (pitch - 4) // columns), pitch


def _layer(
    shapes: list[Shape],
    scale: LayerScale,
    values: NDArray,
    unit: Unit | None,
    y: float,
    theme: Theme,
) -> float:
    """Draw a layer's maps from y on; return where they end."""
    shown, across, cell, pitch = _grid(scale)
    how = {"limit": scale.limit, "signed": scale.signed, "theme": theme}
    one = mosaic(values[:shown], (_LEFT, y), cell, pitch, across, **how)  # type: ignore[arg-type]
    count, rows, columns = scale.shape
    what = f"{count}×{rows}×{columns}" if columns > 1 else f"{count}"
    ink = shade(1.0, theme=theme)
    middle = y + min(one.height, 40) / 2
    shapes += [
        one,
        Text(_TOP, middle - 7, scale.name, _WORDS, ink, "start"),
        Text(_TOP, middle + 8, what, 10.5, shade(0.7, theme=theme), "start"),
    ]
    if shown < count:
        shapes.append(Text(_TOP, middle + 22, f"first {shown}", 10.5, ink, "start"))
    if unit is not None:
        down = cell * rows + pitch - cell * columns  # as in the mosaic
        own = scale.activation == unit.layer + 1
        for channel, (top, bottom), (start, end) in _seen(scale, unit):
            if channel >= shown:
                continue
            left, first = _LEFT + channel % across * pitch, y + channel // across * down
            if own:  # one cell is small, so its map stands out as well
                shapes.append(
                    Box(left - 1, first - 1, cell * columns + 2, cell * rows + 2, None, ink, 1.5)
                )
            place = left + cell * start, first + cell * top
            spans = cell * (end - start), cell * (bottom - top)
            shapes.append(
                Box(*place, *spans, None, shade(1.0, "signed", theme), 2.0 if own else 1.2)
            )
    return y + one.height + 8


_Span = tuple[int, int]


def _seen(scale: LayerScale, unit: Unit) -> list[tuple[int, _Span, _Span]]:
    """Return a unit's own cell, or the cells that it sees, in a layer: map, rows and columns."""
    if scale.activation == unit.layer + 1:
        channel, row, column = unit.index if len(unit.index) == 3 else (*unit.index, 0, 0)
        return [(channel, (row, row + 1), (column, column + 1))]
    return [
        (channel, window.rows, window.columns)
        for window in unit.windows
        if window.activation == scale.activation
        for channel in range(*window.channels)
    ]


def _unit(
    shapes: list[Shape],
    unit: Unit,
    terms: Mapping[str, NDArray],
    lines: Sequence[tuple[str, float]],
    y: float,
    theme: Theme,
) -> float:
    """Write a unit out from y on; return where it ends."""
    ink = shade(1.0, theme=theme)
    shapes.append(Text(_TOP, y, unit.sentence, 15.0, ink, "start"))
    y += 20
    for name, maps in terms.items():
        shown, across = min(len(maps), 2 * _MAPS), min(len(maps), _MAPS)
        columns = maps.shape[2]
        pitch = _ACROSS // max(across, 12)
        cell = max(1, min(9, (pitch - 4) // columns))
        pitch = cell * columns + 5
        limit = float(np.abs(maps).max()) or 1.0
        one = mosaic(
            maps[:shown], (_LEFT, y), cell, pitch, across, limit=limit, signed=True, theme=theme
        )
        shapes += [one, Text(_TOP, y + one.height / 2, name, _WORDS, ink, "start")]
        y += one.height + 8
    x = _LEFT
    for label, value in lines:
        text = f"{label} {f'{value:.4g}'.replace('-', '−')}"
        wide = len(text) * LETTER * 14 + 24
        if x + wide > _WIDTH and x > _LEFT:
            x, y = _LEFT, y + 20
        shapes.append(Text(x, y + 8, text, 14.0, ink, "start"))
        x += wide
    return y + 24
