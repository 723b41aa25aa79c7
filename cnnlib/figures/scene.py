"""One moment of a walkthrough as shapes: boxes, lines and texts on a page.

The scene knows neither SVG nor pixels; `svg` and `raster` draw it. Every step of a
walkthrough has a scene of the same size with its grids in the same places.
"""

from dataclasses import dataclass, replace
from itertools import chain
from math import isnan, prod
from textwrap import wrap

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Theme, paint, readable_on, ties, zero_colour
from cnnlib.walkthroughs.form import Grid, Walkthrough

_WIDTH = 960
_HEIGHT = 720
_CELL = 44.0
_LEAST_CELL = 8.0
_LEGIBLE = 7.0
_GAP = 14.0
_MARGIN = 20.0
_LETTER = 0.56  # mean width of a letter, in font sizes
_HEADING = 17.0
_CAPTION = 16.0
_CAPTION_LINES = 3


@dataclass(frozen=True)
class Box:
    """A filled rectangle; `outline` is the width of its border."""

    x: float
    y: float
    width: float
    height: float
    fill: str | None
    stroke: str
    outline: float = 1.0

    def inset(self, by: float) -> "Box":
        """Return the box, smaller on all sides."""
        x, y, width, height = self.x + by, self.y + by, self.width - 2 * by, self.height - 2 * by
        return replace(self, x=x, y=y, width=width, height=height)


@dataclass(frozen=True)
class Line:
    """A straight line."""

    x1: float
    y1: float
    x2: float
    y2: float
    stroke: str
    width: float = 1.0


@dataclass(frozen=True)
class Text:
    """A line of text around (x, y): `anchor` says where x is, y is its middle."""

    x: float
    y: float
    text: str
    size: float
    fill: str
    anchor: str = "middle"


@dataclass(frozen=True)
class Trace:
    """A line through points (x, y)."""

    points: tuple[tuple[float, float], ...]
    stroke: str
    width: float = 1.5


@dataclass(frozen=True, eq=False)
class Picture:
    """Pixels (H, W, 3), uint8, each drawn as a box of its own colour."""

    x: float
    y: float
    width: float
    height: float
    pixels: NDArray[np.uint8]


Shape = Box | Line | Text | Trace | Picture


@dataclass(frozen=True)
class Scene:
    """Shapes in drawing order, on a page of `width` by `height`.

    Attributes
    ----------
    title, description : str
        The contents in words, for people who do not see the picture.
    """

    width: float
    height: float
    background: str
    shapes: tuple[Shape, ...]
    title: str
    description: str


def scene(walk: Walkthrough, step: int, theme: Theme = "light") -> Scene:
    """Lay out one step of a walkthrough.

    Parameters
    ----------
    walk : Walkthrough
    step : int
        From 0.
    theme : {"light", "dark"}

    Raises
    ------
    ValueError
        If there is no such step.
    """
    if not 0 <= step < len(walk.steps):
        raise ValueError(f"step {step}: use 0 to {len(walk.steps) - 1}")
    drawn = [item for line in walk.layout for item in line]
    grids = {grid.id: grid for grid in walk.grids if grid.id in drawn}
    layout = _Layout(walk, grids, _fitting_cell(walk, grids))
    return _Painter(walk, layout, step, theme).scene()


def _fitting_cell(walk: Walkthrough, grids: dict[str, Grid]) -> float:
    """Return the largest cell with which all grids fit the page."""
    cell = _CELL
    while cell > _LEAST_CELL:
        layout = _Layout(walk, grids, cell)
        if layout.width <= _WIDTH and layout.height <= _HEIGHT:
            break
        cell *= 0.9
    return cell


class _Layout:
    """Where each grid and each sign stands."""

    def __init__(self, walk: Walkthrough, grids: dict[str, Grid], cell: float) -> None:
        self.cell = cell
        self.font = cell * 0.42
        self.legible = self.font >= _LEGIBLE
        self.heading = min(13.0, max(9.0, self.font))
        self.columns = {name: self._column(grid) for name, grid in grids.items()}
        if _slides(walk, "flipped"):
            both = max(self.columns["input"], self.columns["flipped"])
            self.columns |= {"input": both, "flipped": both}
        self.places: dict[str, tuple[float, float]] = {}
        self.signs: list[tuple[float, float, str]] = []
        self.width = 0.0
        y = _MARGIN + _HEADING + _GAP
        for line in walk.layout:
            for part in self._wrap(line, grids):
                y = self._place(part, grids, y)
        self.height = y

    def _column(self, grid: Grid) -> float:
        """Return the width of a column: a cell, or what the longest text needs."""
        longest = max(map(len, grid.texts)) if self.legible else 0
        return max(self.cell, (longest + 1) * _LETTER * self.font)

    def _item(self, item: str, grids: dict[str, Grid]) -> float:
        if item in grids:
            title = len(_title(grids[item])) * _LETTER * self.heading
            return max(self.columns[item] * grids[item].shape[1], title)
        return 24.0

    def _wrap(self, line: tuple[str, ...], grids: dict[str, Grid]) -> list[list[str]]:
        """Break a line before a sign where the next grid would leave the page."""
        parts: list[list[str]] = [[]]
        used = 2 * _MARGIN
        pending: list[str] = []
        for item in line:
            pending.append(item)
            if item not in grids:
                continue
            need = sum(self._item(each, grids) + _GAP for each in pending)
            if parts[-1] and used + need > _WIDTH:
                parts.append([])
                used = 2 * _MARGIN
            parts[-1] += pending
            used += need
            pending = []
        return parts

    def _place(self, part: list[str], grids: dict[str, Grid], y: float) -> float:
        tallest = max(grids[item].shape[0] for item in part if item in grids) * self.cell
        top = y + self.heading + 6
        x = _MARGIN
        for item in part:
            width = self._item(item, grids)
            if item in grids:
                self.places[item] = (x, top + (tallest - grids[item].shape[0] * self.cell) / 2)
            else:
                self.signs.append((x + width / 2, top + tallest / 2, item))
            x += width + _GAP
        self.width = max(self.width, x - _GAP + _MARGIN)
        return top + tallest + _GAP


class _Painter:
    """Fills a layout with what one step shows."""

    def __init__(self, walk: Walkthrough, layout: _Layout, step: int, theme: Theme) -> None:
        self.walk, self.layout, self.step, self.theme = walk, layout, step, theme
        self.ink = _hex(paint(np.array(1.0), "unsigned", theme))
        self.faint = _hex(paint(np.array(0.25), "unsigned", theme))
        self.lit = walk.lit(step)
        tied = any(grid.role == "matrix" for grid in walk.grids)
        self.marks = ties(prod(walk.shapes["kernel"]), theme) if tied else []
        self.width = max(layout.width, 520.0)

    def scene(self) -> Scene:
        told = self.walk.steps[self.step]
        title = (
            f"{self.walk.operation.capitalize()}, {self.walk.method}: "
            f"step {self.step + 1} of {len(self.walk.steps)}"
        )
        heading = Text(_MARGIN, _MARGIN + _HEADING / 2, title, _HEADING, self.ink, "start")
        grids = [self.grid(grid) for grid in self.walk.grids if grid.id in self.layout.places]
        signs = [Text(x, y, sign, 20.0, self.ink) for x, y, sign in self.layout.signs]
        caption = self.caption(told.sentence)
        lines = max(len(self.caption(step.sentence)) for step in self.walk.steps)
        height = self.layout.height + lines * 1.4 * _CAPTION + _MARGIN
        shapes = (heading, *chain.from_iterable(grids), *signs, *caption)
        background = zero_colour(self.theme)
        return Scene(self.width, height, background, shapes, title, told.sentence)

    def grid(self, grid: Grid) -> list[Box | Line | Text]:
        """Draw a grid: cells, then lit outlines over them, then texts."""
        x, y = self.layout.places[grid.id]
        wide, cell = self.layout.columns[grid.id], self.layout.cell
        slides = _slides(self.walk, grid.id)
        offsets = self.lit["input"].tolist() if slides else range(grid.shape[1])
        texts, values = self.contents(grid)
        fills = paint(np.nan_to_num(values) / grid.limit, "signed", self.theme)
        weights = grid.tie if self.marks and grid.tie is not None else np.full(len(texts), -1)
        ghosts, lit = set(grid.ghosts.tolist()), set(self.lit[grid.id].tolist())
        unused = set(self.walk.unused) if grid.role == "input" else set()
        won = set(self.walk.won(self.step).tolist()) if grid.role == "input" else set()
        heading = Text(
            x + offsets[0] * wide,
            y - 4 - self.layout.heading / 2,
            _title(grid),
            self.layout.heading,
            self.ink,
            "start",
        )
        cells: list[Box | Line | Text] = [heading]
        over: list[Box | Line | Text] = []
        for at, (text, fill) in enumerate(zip(texts, fills, strict=True)):
            row, column = divmod(at, grid.shape[1])
            left, top = x + offsets[column] * wide, y + row * cell
            if weights[at] >= 0:
                over.append(self.mark(left, top, wide, weights[at]))
                if isnan(values[at]):  # a letter
                    tint = self.marks[weights[at]][1]
                    fill = np.frombuffer(bytes.fromhex(tint[1:]), np.uint8)
            if at not in ghosts:
                cells.append(Box(left, top, wide, cell, _hex(fill), self.faint))
            if at in lit:
                edge = _edge(cell)
                inner = Box(left, top, wide, cell, None, self.ink, edge).inset(edge / 2)
                over.append(inner)
            if grid.cells[at] in unused:  # crossed out, not only coloured
                over.append(Line(left, top + cell, left + wide, top, self.ink, 1.0))
            if at in won:  # a mark in the corner
                mark = cell / 7
                over.append(
                    Box(
                        left + wide - 1.8 * mark,
                        top + 0.8 * mark,
                        mark,
                        mark,
                        readable_on(fill),
                        readable_on(fill),
                    )
                )
            if text and self.layout.legible:
                colour = self.faint if at in ghosts and at not in lit else readable_on(fill)
                over.append(Text(left + wide / 2, top + cell / 2, text, self.layout.font, colour))
        return cells + over

    def mark(self, left: float, top: float, wide: float, weight: int) -> Box:
        """Mark a cell by the weight that it holds: by the mark's place at its foot, and colour."""
        cell, edge = self.layout.cell, _edge(self.layout.cell)
        share = (wide - 2 * edge) / len(self.marks)
        return Box(
            left + edge + weight * share,
            top + 0.84 * cell - edge,
            share,
            0.16 * cell,
            self.marks[weight][0],
            zero_colour(self.theme),
        )

    def contents(self, grid: Grid) -> tuple[list[str], NDArray[np.float64]]:
        """Return the texts and values that a grid shows at this step."""
        size = len(grid.cells)
        if grid.role == "output":
            shown = [("", np.nan), *self.walk.shown(self.step)]  # what is cut off is blank
            texts, values = zip(*(shown[cell + 1] for cell in grid.cells.tolist()), strict=True)
            return list(texts), np.array(values)
        if grid.step is not None and grid.step > self.step:
            return [""] * size, np.zeros(size)
        return list(grid.texts), grid.values

    def caption(self, sentence: str) -> list[Text]:
        """Break the sentence into lines; what does not fit the last one is cut with an ellipsis."""
        letters = int((self.width - 2 * _MARGIN) / (_LETTER * _CAPTION))
        lines = wrap(sentence, letters, max_lines=_CAPTION_LINES, placeholder=" …")
        first = self.layout.height + _CAPTION
        return [
            Text(_MARGIN, first + 1.4 * _CAPTION * at, line, _CAPTION, self.ink, "start")
            for at, line in enumerate(lines)
        ]


def _slides(walk: Walkthrough, name: str) -> bool:
    """Whether a grid is the flipped kernel of one row, drawn under the cells that it weighs."""
    return walk.dimensions == 1 and name == "flipped" and name in {g.id for g in walk.grids}


def _title(grid: Grid) -> str:
    return grid.title + ": same mark, same weight" * (grid.role == "matrix")


def _edge(cell: float) -> float:
    """Return the width of a lit cell's outline."""
    return min(2.5, cell / 8)


def _hex(colour: NDArray[np.uint8]) -> str:
    return "#" + colour.tobytes().hex()
