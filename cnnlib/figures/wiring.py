"""Layers of units as rows of boxes, and the connections between the units as lines."""

from collections.abc import Collection, Sequence

import numpy as np

from cnnlib.figures.palette import Theme, paint, zero_colour
from cnnlib.figures.scene import Box, Line, Scene, Text

_UNIT = 40.0
_ACROSS = 78.0
_DOWN = 96.0
_MARGIN = 16.0
_HEADING = 30.0


def wiring(
    reads: Sequence[Sequence[Sequence[int]]],
    lit: Sequence[Collection[int]],
    names: Sequence[str],
    title: str,
    theme: Theme = "light",
) -> Scene:
    """Draw layers of units, the first one at the bottom.

    Parameters
    ----------
    reads : sequence
        For each layer after the first, for each of its units: the units that this one reads.
    lit : sequence of collection of int
        For each layer, from the first on, the units that stand out. A connection stands out
        if both its ends do.
    names : sequence of str
        For each layer, the letter that its units carry, numbered from 1.
    title : str
    theme : {"light", "dark"}
    """
    ink, faint = (_hex(paint(np.array(level), "unsigned", theme)) for level in (1.0, 0.3))
    ground = zero_colour(theme)
    sizes = [1 + max(max(row, default=0) for row in reads[0])] + [len(layer) for layer in reads]
    width = 2 * _MARGIN + _ACROSS * (max(sizes) - 1) + _UNIT
    height = 2 * _MARGIN + _HEADING + _DOWN * len(reads) + _UNIT

    def centre(layer: int, unit: int) -> tuple[float, float]:
        inset = _ACROSS * (max(sizes) - sizes[layer]) / 2
        x = _MARGIN + _UNIT / 2 + inset + _ACROSS * unit
        return x, height - _MARGIN - _UNIT / 2 - _DOWN * layer

    plain: list[Box | Line | Text] = []
    bright: list[Box | Line | Text] = []
    for layer, table in enumerate(reads, 1):
        for unit, row in enumerate(table):
            for one in row:
                ends = (*centre(layer, unit), *centre(layer - 1, one))
                stands_out = unit in lit[layer] and one in lit[layer - 1]
                (bright if stands_out else plain).append(
                    Line(*ends, ink if stands_out else faint, 3.0 if stands_out else 1.2)
                )
    units: list[Box | Line | Text] = []
    for layer, (size, name) in enumerate(zip(sizes, names, strict=False)):
        for unit in range(size):
            x, y = centre(layer, unit)
            on = unit in lit[layer]
            box = (x - _UNIT / 2, y - _UNIT / 2, _UNIT, _UNIT)
            units.append(Box(*box, ink if on else ground, ink, 1.6))
            units.append(Text(x, y, f"{name}{unit + 1}", 17.0, ground if on else ink))
    heading = Text(width / 2, _MARGIN + _HEADING / 3, title, 17.0, ink)
    return Scene(width, height, ground, (heading, *plain, *bright, *units), title, title)


def _hex(colour: np.ndarray) -> str:
    return "#" + colour.tobytes().hex()
