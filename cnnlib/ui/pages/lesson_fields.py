"""The lesson on receptive fields: a stack, a unit of it, and what they have to do with pixels."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlib.drawings.images import resize, to_input
from cnnlib.figures.fields import MarkedMap, marked_maps
from cnnlib.figures.palette import Theme
from cnnlib.figures.panels import Cell, Link, Panel
from cnnlib.figures.scene import Scene
from cnnlib.models.stack import (
    STACKS,
    Stack,
    cells_holding,
    field_sizes,
    gradient,
    parse,
)
from cnnlib.network import Network
from cnnlib.peers.autograd import FieldCall
from cnnlib.questions import Question, side
from cnnlib.ui import code_panel

_SAMPLES = 8
_SHARE = 0.9


@dataclass(frozen=True)
class Setup:
    """What the lesson's controls say."""

    layers: str = STACKS["two 5×5"][0]
    size: int = 28

    @cached_property
    def stack(self) -> Stack:
        """The stack, or ValueError with one sentence."""
        return Stack(self.size, parse(self.layers))

    def check(self) -> None:
        """Raise ValueError for what cannot be shown."""
        self.stack  # noqa: B018 - raises

    @property
    def is_shipped(self) -> bool:
        """Whether these are the layers of the trained network."""
        layers, size = STACKS["the shipped network"]
        return self.stack == Stack(size, parse(layers))

    @property
    def middle(self) -> Cell:
        """The unit in the middle of the last map."""
        depth = len(self.stack.stages)
        return Cell(depth, self.stack.sizes[depth] // 2, self.stack.sizes[depth] // 2)

    def unit(self, text: str) -> Cell:
        """Read a unit of the link, depth.row.column; the middle of the last map otherwise."""
        try:
            depth, row, column = map(int, text.split("."))
        except ValueError:
            return self.middle
        sizes = self.stack.sizes
        inside = 0 <= depth < len(sizes) and {row, column} <= set(range(sizes[depth]))
        return Cell(depth, row, column) if inside else self.middle

    def picture(self, pixels: NDArray) -> NDArray:
        """Return a drawing, uint8 (28, 28), as this stack's input in [0, 1]."""
        image = to_input(pixels[None])[0, 0]
        return image if self.size == len(image) else resize(image, self.size, self.size)

    def panels(self, picture: NDArray, *, fields: bool) -> tuple[list[Panel], list[Link]]:
        """Return the maps, with or without the sizes of their fields, and how they are linked."""
        stack = self.stack
        panels = [Panel("Input", picture.shape, picture, note=f"{self.size}×{self.size}")]
        for stage, n, field in zip(stack.stages, stack.sizes[1:], stack.fields, strict=True):
            told = f", field {field}×{field}" if fields else ""
            panels.append(Panel(stage.text, (n, n), note=f"{n}×{n}{told}"))
        links = [Link(depth, depth - 1, stack.reads(depth)) for depth in range(1, len(panels))]
        return panels, links if fields else []

    def effective(self, unit: Cell, picture: NDArray, trained: Network) -> tuple[NDArray, str]:
        """Measure how strongly each pixel moves a unit; return it with a sentence on how."""
        if self.is_shipped:
            names = [name for name, _ in trained.layers]
            depths = [at for at, name in enumerate(names) if name.startswith(("conv", "pool"))]
            at = depths[unit.panel - 1] + 1
            x, how = picture[None, None], "the trained network, on this drawing"
            return gradient(trained, x, at, unit.row, unit.column), how
        network = self.stack.random_network()
        x = np.random.default_rng(1).normal(size=(_SAMPLES, 1, self.size, self.size))
        at = self.stack.layer_of(network, unit.panel)
        how = f"random weights with ReLU, {_SAMPLES} random inputs"
        return gradient(network, x.astype(np.float32), at, unit.row, unit.column), how

    def mask(self, unit: Cell) -> NDArray:
        """Return which pixels a unit sees."""
        seen = np.zeros((self.size, self.size), bool)
        seen[np.ix_(*self._seen(unit))] = True
        return seen

    def _seen(self, unit: Cell) -> tuple[list[int], list[int]]:
        return (
            self.stack.below(unit.panel, unit.row)[-1],
            self.stack.below(unit.panel, unit.column)[-1],
        )

    def story(self, unit: Cell) -> str:
        """Say what a unit sees of the input and of the map before it, and what it affects."""
        stack, depth = self.stack, unit.panel
        told = []
        name = f"Unit ({unit.row}, {unit.column}) of layer {depth}"
        if depth:
            full = stack.fields[depth - 1]
            rows, columns = self._seen(unit)
            told.append(
                f"**{name}** sees **{_spans(rows, columns)}** of the input"
                + _shortfall(rows, columns, full)
            )
            rows, columns = (stack.below(depth, at)[1] for at in (unit.row, unit.column))
            told.append(f"With respect to the layer before it: {_spans(rows, columns)}.")
        else:
            name = f"Pixel ({unit.row}, {unit.column})"
        after = (stack.above(depth, at)[1:] for at in (unit.row, unit.column))
        reached = [
            f"{len(rows)}×{len(columns)} in layer {at}"
            for at, (rows, columns) in enumerate(zip(*after, strict=True), depth + 1)
        ]
        if reached:
            told.append(f"{'It' if depth else f'**{name}**'} affects {', '.join(reached)}.")
        return " ".join(told)

    @property
    def table(self) -> list[list[str]]:
        """The layers as rows: sizes, field in the layer before and in the input, arithmetic."""
        head = ["layer", "map", "kernel extent", "stride", "steps so far", "field in the input"]
        rows, step, before = [head], 1, 1
        for stage, n, field in zip(
            self.stack.stages, self.stack.sizes[1:], self.stack.fields, strict=True
        ):
            extent = stage.sweep.extent
            told = f"{before} + ({extent} − 1)·{step} = {field}"
            stride = stage.sweep.stride
            rows.append([stage.text, f"{n}×{n}", str(extent), str(stride), str(step), told])
            step, before = step * stage.sweep.stride, field
        return rows

    @property
    def law(self) -> str:
        """The formula where it holds, next to the recurrence that always does."""
        field = self.stack.fields[-1]
        general = f"$r_l = r_{{l-1}} + (k_l - 1)\\prod_{{i<l}} s_i$ gives {field}"
        if self.stack.simple:
            layers, kernel = self.stack.simple
            return f"$1 + L(K-1) = 1 + {layers}·({kernel}-1) = {field}$, and in general {general}."
        return f"In general {general}; $1 + L(K-1)$ needs equal kernels and stride 1."

    def scene(self, unit: Cell, picture: NDArray, theme: Theme) -> Scene:
        """Draw the maps up to a unit, with its field in each."""
        return self._scene(unit, picture, theme, 0)

    def scenes(self, unit: Cell, picture: NDArray, theme: Theme) -> list[Scene]:
        """Follow a unit down, one layer at a time: its own map, then its field in each before."""
        return [self._scene(unit, picture, theme, down) for down in range(unit.panel, -1, -1)]

    def _scene(self, unit: Cell, picture: NDArray, theme: Theme, down: int) -> Scene:
        """Draw the field in the maps from number `down` on."""
        names = ["input", *(stage.text for stage in self.stack.stages[: unit.panel])]
        rows, columns = (self.stack.below(unit.panel, at)[::-1] for at in (unit.row, unit.column))
        maps = [
            MarkedMap(
                name,
                self.stack.sizes[at],
                None if at else picture,
                False,
                *((rows[at], columns[at]) if at >= down else ()),
            )
            for at, name in enumerate(names)
        ]
        title = f"What unit ({unit.row}, {unit.column}) of layer {unit.panel} sees"
        return marked_maps(maps, title, theme)

    def show_code(self, unit: Cell, *, key: str) -> None:
        """Show the recurrence, and the field as PyTorch measures it."""
        sweeps = [stage.sweep for stage in self.stack.stages]
        kernels, strides = [s.extent for s in sweeps], [s.stride for s in sweeps]
        lines = [f"field_sizes({kernels}, {strides})  # {self.stack.fields}"]
        call = FieldCall(self.stack, unit.panel, unit.row, unit.column)
        peers = [call.peer()] if unit.panel else []
        code_panel.show(field_sizes, lines, self.mask(unit), peers, key=key)


def held(strengths: NDArray, seen: NDArray) -> str:
    """Say in how many of the pixels that a unit sees most of its gradient lies."""
    few = cells_holding(strengths, _SHARE)
    return f"{100 * _SHARE:.0f} % of the gradient lies in {few} of {int(seen.sum())} pixels"


def question(stack: Stack) -> Question:
    """Ask how wide the last layer's field is; the verdict says how the field follows."""
    field, step, told = stack.fields[-1], 1, "1"
    for stage in stack.stages:
        told += f" + ({stage.sweep.extent} − 1)·{step}"
        step *= stage.sweep.stride
    judge = side(field, f"{told} = {field}")
    return Question("How wide is the last layer's field in the input?", judge)


def _spans(rows: list[int], columns: list[int]) -> str:
    if not rows or not columns:
        return "nothing but padding"
    size = f"{len(rows)}×{len(columns)}"
    return f"{size} (rows {_span(rows)}, columns {_span(columns)})"


def _span(cells: list[int]) -> str:
    if cells == list(range(cells[0], cells[-1] + 1)):
        return f"{cells[0]}–{cells[-1]}"
    return ", ".join(map(str, cells[:6])) + " …" * (len(cells) > 6)


def _shortfall(rows: list[int], columns: list[int], full: int) -> str:
    """Say why a field is smaller than it could be."""
    if len(rows) == len(columns) == full:
        return "."
    spans = [cells[-1] - cells[0] + 1 if cells else 0 for cells in (rows, columns)]
    if spans == [full, full]:
        return f": spread over {full}×{full}, with holes from dilation or strides."
    return f": less than {full}×{full}, as part of it lies in the padding or in gaps."
