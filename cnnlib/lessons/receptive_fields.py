"""Receptive fields: a stack of layers, a unit in it, and the pixels that the unit sees."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlib.budget import Cost
from cnnlib.drawings.images import resize, to_input
from cnnlib.figures.fields import MarkedMap, marked_maps
from cnnlib.figures.palette import Theme
from cnnlib.figures.panels import Cell, Link, Panel
from cnnlib.figures.parts import beside
from cnnlib.figures.raster import Film
from cnnlib.figures.scene import Scene
from cnnlib.lessons import lesson
from cnnlib.lessons.fields import Choice, Place, Switch, Text, Whole
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Code, Example, Exercise, level_of
from cnnlib.lessons.wires import FIGURES, UNITS, Wires
from cnnlib.models.influence import gradient
from cnnlib.models.stack import (
    LARGEST_INPUT,
    STACKS,
    Stack,
    cells_holding,
    field_sizes,
    parse,
)
from cnnlib.network import Network
from cnnlib.peers.autograd import FieldCall
from cnnlib.questions import Question, side

_SAMPLES = 8
_SHARE = 0.9
_NUMBER = 5  # bytes of a cell's number and a comma
_OPENING, _SIZE = STACKS["two 5×5"]


@dataclass(frozen=True)
class State(lesson.State):
    """The lesson's controls: a stack and a unit of it, or the figure of connections."""

    view: Annotated[
        Literal["stack", "connections"],
        Choice("View", ("stack", "connections"), link="fields_view"),
    ] = "stack"
    layers: Annotated[str, Text("Layers, first one first")] = _OPENING
    size: Annotated[int, Whole("Input", 1, LARGEST_INPUT, link="input_size")] = _SIZE
    unit: Annotated[str, Place("Unit")] = ""
    added: Annotated[Literal["conv", "pool"], Choice("Kind", ("conv", "pool"), link="add_kind")] = (
        "conv"
    )
    effective: Annotated[bool, Switch("Effective")] = True
    figure: Annotated[str, Choice("Figure", tuple(FIGURES), link="wires")] = "from below"
    number: Annotated[int, Whole("Unit", 1, UNITS, link="wire_unit")] = 3
    kernel: Annotated[int, Whole("Kernel", 1, UNITS, link="wire_k")] = 3
    predict: Annotated[bool, Switch("Predict", link="predict_field", older=("predict_wires",))] = (
        False
    )
    coded: Annotated[bool, Switch("Show the code", link="code_fields", older=("code_wires",))] = (
        False
    )

    examples: ClassVar = {
        name: Example(name, {"layers": layers, "size": size, "unit": ""})
        for name, (layers, size) in STACKS.items()
    }

    @cached_property
    def stack(self) -> Stack:
        """The stack, or ValueError with one sentence."""
        return Stack(self.size, parse(self.layers))

    @property
    def wires(self) -> Wires:
        """The connections."""
        return Wires(self.figure, self.number, self.kernel)

    @property
    def cell(self) -> Cell:
        """The chosen unit, or the one in the middle of the last map."""
        sizes = self.stack.sizes
        depth = len(sizes) - 1
        middle = Cell(depth, sizes[depth] // 2, sizes[depth] // 2)
        if self.unit.count(".") != 2:
            return middle
        depth, row, column = map(int, self.unit.split("."))
        inside = depth < len(sizes) and max(row, column) < sizes[depth]
        return Cell(depth, row, column) if inside else middle

    def cost(self, given: Given) -> Cost:
        """Estimate the table of the cells that each cell reads, which travels to the browser."""
        if self.view == "connections":
            return Cost()
        reads = sum(
            n * stage.sweep.kernel
            for n, stage in zip(self.stack.sizes[1:], self.stack.stages, strict=True)
        )
        return Cost(page=_NUMBER * reads)

    def probe(self, given: Given) -> None:
        """Raise ValueError if the stack cannot be shown; connections have layers of their own."""
        if self.view == "stack":
            self.stack  # noqa: B018 - raises

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw the maps up to the unit, with its field in each, or both kinds of connections."""
        if self.view == "connections":
            both = [self.wires.scene(theme, dense=dense) for dense in (False, True)]
            return beside(both, FIGURES[self.figure])
        return self._scene(self.picture(given.pixels), theme, 0)

    def scenes(self, given: Given, theme: Theme = "light") -> Sequence[Scene]:
        """Follow the unit down, one layer at a time: its own map, then its fields before it."""
        if self.view == "connections":
            return super().scenes(given, theme)
        picture = self.picture(given.pixels)
        downward = range(self.cell.panel, -1, -1)
        return Film(downward, lambda down: self._scene(picture, theme, down))

    def told(self, given: Given) -> str:
        """Describe the unit's field and how it grows, or count the connected units."""
        if self.view == "connections":
            return f"**{FIGURES[self.figure]}** {self.wires.story()}"
        grown = "; ".join(row[-1] for row in self.table[1:])
        return f"{self.story()} Layer by layer, {grown}: that gives {self.stack.fields[-1]}."

    def code(self, given: Given) -> Code:
        """Return the recurrence and the field as PyTorch measures it, or the connections."""
        if self.view == "connections":
            return self.wires.code()
        sweeps, cell = [stage.sweep for stage in self.stack.stages], self.cell
        kernels, strides = [s.extent for s in sweeps], [s.stride for s in sweeps]
        line = f"field_sizes({kernels}, {strides})  # {self.stack.fields}"
        call = FieldCall(self.stack, cell.panel, cell.row, cell.column)
        peers = [call.peer()] if cell.panel else []
        return Code(field_sizes, (line,), self.mask(), peers)

    def questions(self, given: Given) -> tuple[Question, ...]:
        """Ask for the last layer's field, or for the number of connections."""
        if self.view == "connections":
            return (self.wires.question(),)
        return (self._question("How wide is the last layer's field in the input?"),)

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for a field: of equal kernels, of a pooling among them, of strides and holes."""
        first, second, third = (int(k) for k in rng.integers(2, 6, 3))
        depth = int(rng.integers(2, 4))
        layers = {
            1: [f"conv{first}"] * depth,
            2: [f"conv{first}", "pool2", f"conv{second}"],
            3: [f"conv{first}s2", f"conv{second}d{depth}", f"pool{depth}", f"conv{third}"],
        }[level_of(level)]
        state = replace(cls(), layers=", ".join(layers), size=LARGEST_INPUT)
        asked = f"Layers {state.layers}: how large is the field of one unit of the last layer?"
        lines = tuple(": ".join((row[0], row[-1])) for row in state.table[1:])
        return Exercise(state, state._question(asked), lines, str(state.stack.fields[-1]))

    def _question(self, asked: str) -> Question:
        """Ask for the last layer's field; the verdict gives the arithmetic."""
        field, step, told = self.stack.fields[-1], 1, "1"
        for stage in self.stack.stages:
            told += f" + ({stage.sweep.extent} − 1)·{step}"
            step *= stage.sweep.stride
        return Question(asked, side(field, f"{told} = {field}"))

    @property
    def is_shipped(self) -> bool:
        """Whether these are the layers of the trained network."""
        layers, size = STACKS["the shipped network"]
        return self.stack == Stack(size, parse(layers))

    def picture(self, pixels: NDArray) -> NDArray:
        """Return a drawing, uint8 (28, 28), as this stack's input in [0, 1]."""
        image = to_input(pixels[None])[0, 0]
        return image if self.size == len(image) else resize(image, self.size, self.size)

    def panels(self, picture: NDArray, *, fields: bool) -> tuple[list[Panel], list[Link]]:
        """Return the maps, with or without the sizes of their fields, and their links."""
        stack = self.stack
        panels = [Panel("Input", picture.shape, picture, note=f"{self.size}×{self.size}")]
        for stage, n, field in zip(stack.stages, stack.sizes[1:], stack.fields, strict=True):
            told = f", field {field}×{field}" if fields else ""
            panels.append(Panel(stage.text, (n, n), note=f"{n}×{n}{told}"))
        links = [Link(depth, depth - 1, stack.reads(depth)) for depth in range(1, len(panels))]
        return panels, links if fields else []

    def measured(self, picture: NDArray, trained: Network) -> tuple[NDArray, str]:
        """Measure how strongly each pixel moves the unit; return the strengths and a sentence."""
        unit = self.cell
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

    def mask(self) -> NDArray:
        """Return a mask of the pixels that the unit sees."""
        seen = np.zeros((self.size, self.size), bool)
        seen[np.ix_(*self._seen())] = True
        return seen

    def _seen(self) -> tuple[list[int], list[int]]:
        unit = self.cell
        return (
            self.stack.below(unit.panel, unit.row)[-1],
            self.stack.below(unit.panel, unit.column)[-1],
        )

    def story(self) -> str:
        """Describe the unit's fields in the input and one map before, and the units it affects."""
        stack, unit = self.stack, self.cell
        depth = unit.panel
        told = []
        name = f"Unit ({unit.row}, {unit.column}) of layer {depth}"
        if depth:
            full = stack.fields[depth - 1]
            rows, columns = self._seen()
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
        """The formula, if it holds, and the recurrence, which always holds."""
        field = self.stack.fields[-1]
        general = f"$r_l = r_{{l-1}} + (k_l - 1)\\prod_{{i<l}} s_i$ gives {field}"
        if self.stack.simple:
            layers, kernel = self.stack.simple
            return f"$1 + L(K-1) = 1 + {layers}·({kernel}-1) = {field}$, and in general {general}."
        return f"In general {general}; $1 + L(K-1)$ needs equal kernels and stride 1."

    def _scene(self, picture: NDArray, theme: Theme, down: int) -> Scene:
        """Draw the field in the maps from number `down` on."""
        unit = self.cell
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


#: The letters of the law of a receptive field's size.
LETTERS = (
    "$r_l$ is the field of layer $l$ in the input, $k_l$ the extent of its kernel, which is "
    "$D(F-1)+1$ for $F$ weights with dilation $D$, and $s_i$ the stride of layer $i$; "
    "$L$ layers have kernels of $K$ weights."
)


def held(strengths: NDArray, seen: NDArray) -> str:
    """Write in how many of its pixels most of a unit's gradient lies."""
    few = cells_holding(strengths, _SHARE)
    return f"{100 * _SHARE:.0f} % of the gradient lies in {few} of {int(seen.sum())} pixels"


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
    """Write why a field is smaller than it could be."""
    if len(rows) == len(columns) == full:
        return "."
    spans = [cells[-1] - cells[0] + 1 if cells else 0 for cells in (rows, columns)]
    if spans == [full, full]:
        return f": spread over {full}×{full}, with holes from dilation or strides."
    return f": less than {full}×{full}, as part of it lies in the padding or in gaps."
