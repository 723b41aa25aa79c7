"""The convolution layer: filters as deep as the input, maps and costs; also read backwards."""

from collections.abc import Callable
from dataclasses import dataclass, fields, replace
from functools import partial
from typing import Annotated, ClassVar, Literal, get_args

import numpy as np

from cnnlib.budget import Cost
from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import Film
from cnnlib.figures.scene import Scene
from cnnlib.lessons import lesson, transposed
from cnnlib.lessons.fields import Choice, Place, Switch, Whole
from cnnlib.lessons.given import Given
from cnnlib.lessons.layer import Layer, read_cell
from cnnlib.lessons.lesson import Code, Example, Exercise, level_of
from cnnlib.lessons.telling import drawn, filmed
from cnnlib.models.volume import COUNTED, Volume
from cnnlib.peers.transposed import TransposedCall
from cnnlib.questions import Question, exactly, side
from cnnlib.walkthroughs import predict
from cnnlib.walkthroughs.examples import TRANSPOSED

View = Literal["layer", "transposed"]
_FLOAT = 8  # bytes
VOLUME = tuple(field.name for field in fields(Volume))
BACKWARDS = ("t_stride", "t_padding", "t_output_padding", "t_dilation")


@dataclass(frozen=True)
class State(lesson.State):
    """The lesson's controls: a layer's shape, and a map with a kernel to be read backwards.

    Arrays are texts, as typed. `cell` is the output cell that is written out: map, row, column.
    """

    view: Annotated[View, Choice("View", get_args(View), link="layer_view")] = "layer"
    width: Annotated[int, Whole("Width", 1, 32, link="v_width")] = Volume.width
    depth: Annotated[int, Whole("Depth", 1, 16, link="v_depth")] = Volume.depth
    filters: Annotated[int, Whole("Filters K", 1, 16, link="v_filters")] = Volume.filters
    size: Annotated[int, Whole("Size F", 1, 11, link="v_size")] = Volume.size
    stride: Annotated[int, Whole("Stride S", 1, 8, link="v_stride")] = Volume.stride
    padding: Annotated[int, Whole("Padding P", 0, 8, link="v_padding")] = Volume.padding
    dilation: Annotated[int, Whole("Dilation", 1, 4, link="v_dilation")] = Volume.dilation
    groups: Annotated[int, Whole("Groups", 1, 16, link="v_groups")] = Volume.groups
    cell: Annotated[str, Place("Output cell")] = ""
    a: Annotated[str, transposed.A] = transposed.OPENING.a.to_text()
    b: Annotated[str, transposed.B] = transposed.OPENING.b.to_text()
    t_stride: Annotated[int, Whole("Stride S", 1, 6)] = 2
    t_padding: Annotated[int, Whole("Padding P", 0, 6)] = 0
    t_output_padding: Annotated[int, Whole("Output padding", 0, 5)] = 0
    t_dilation: Annotated[int, Whole("Dilation D", 1, 4)] = 1
    step: Annotated[int | None, Whole("Step", 0)] = None
    lead: Annotated[int, Whole("Method", 0, len(transposed.METHODS) - 1)] = 0
    predict: Annotated[bool, Switch("Predict", link="predict_layer")] = False
    coded: Annotated[
        bool, Switch("Show the code", link="code_layer", older=("code_backwards",))
    ] = False

    examples: ClassVar = {
        one.title: Example(one.title, {**vars(one.volume), "cell": ""}) for one in COUNTED
    } | {name: transposed.example(one) for name, one in TRANSPOSED.items()}

    @property
    def volume(self) -> Volume:
        """The layer's shape, or ValueError with one sentence."""
        return Volume(**{name: getattr(self, name) for name in VOLUME})

    def layer(self, given: Given) -> Layer:
        """Return the layer on the drawing, with the chosen cell or the first map's middle."""
        volume = self.volume
        return Layer(volume, given.pixels, read_cell(self.cell, volume))

    @property
    def backwards(self) -> TransposedCall:
        """The transposed convolution, or ValueError with one sentence."""
        settings = {name.removeprefix("t_"): getattr(self, name) for name in BACKWARDS}
        return TransposedCall(
            transposed.A.numbers(self.a), transposed.B.numbers(self.b), **settings
        )

    def cost(self, given: Given) -> Cost:
        """Estimate the layer's multiplications and its windows."""
        if self.view == "transposed":
            return Cost()
        volume = self.volume
        windows = volume.output**2 * volume.size**2 * volume.depth
        return Cost(volume.multiplications, volume.memory + _FLOAT * windows)

    def probe(self, given: Given) -> None:
        """Raise ValueError, with one sentence, if the state cannot be shown."""
        if self.view == "layer":
            self.volume  # noqa: B018 - refuses sizes that do not fit
        else:
            transposed.walk(self.backwards)

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw the cells that the chosen cell reads, or one step of the transposed convolution."""
        if self.view == "layer":
            return self.layer(given).scene(theme)
        walks, _ = transposed.walks(self.backwards)
        return drawn(walks, self.lead, self.step, 0 if self.predict else None, theme)

    def scenes(self, given: Given, theme: Theme = "light") -> Film:
        """Draw the filter's sweep over all cells, or all steps of the transposed convolution."""
        if self.view == "layer":
            return self.layer(given).scenes(theme)
        return filmed(transposed.walks(self.backwards)[0], self.lead, theme)

    def told(self, given: Given) -> str:
        """Write out the chosen cell and the layer's counts, or the arithmetic of the size."""
        if self.view == "transposed":
            walks, remarks = transposed.walks(self.backwards)
            return " ".join([transposed.story(walks[0], asked=self.predict), *remarks])
        volume = self.volume
        counts = "; ".join(f"{name}: {told}" for name, told in volume.arithmetic().items())
        notes = " ".join(volume.axis.notes("row"))
        return f"{self.layer(given).story()} {counts[:1].upper()}{counts[1:]}. {notes}"

    def code(self, given: Given) -> Code:
        """Return the definition of the layer, or of the transposed convolution, and its call."""
        if self.view == "layer":
            return self.layer(given).code()
        return transposed.code(self.backwards)

    def questions(self, given: Given) -> tuple[Question, ...]:
        """Ask for the layer's width and parameters; a transposed one is asked by the player."""
        if self.view == "transposed":
            return ()
        volume = self.volume
        told = volume.arithmetic()
        return (
            Question("How wide is the output?", exactly(volume.output, told["output volume"])),
            Question("How many parameters?", exactly(volume.parameters, told["parameters"])),
        )

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for a width, for a number of parameters, or for a cell of a transposed result."""
        return _EXERCISES[level_of(level)](rng)


def _width(rng: np.random.Generator) -> Exercise:
    """Ask for the width of an output whose stride fits."""
    size, stride, padding = (int(rng.choice(some)) for some in ((3, 5), (1, 2), (0, 1, 2)))
    outputs = int(rng.integers(4, 10))
    width = (outputs - 1) * stride + size - 2 * padding
    state = State(width=width, depth=1, filters=1, size=size, stride=stride, padding=padding)
    axis = state.volume.axis
    asked = (
        f"A filter of {size}×{size} sweeps over {width}×{width} cells with stride {stride} and "
        f"padding {padding}: how wide is the output?"
    )
    lines = (
        "W₂ = (W₁ − F + 2P)/S + 1, with W₁ cells of input, F of the filter, padding P, stride S",
        axis.size,
    )
    return Exercise(state, Question(asked, side(axis.outputs, axis.size)), lines, str(axis.outputs))


def _parameters(rng: np.random.Generator) -> Exercise:
    """Ask for the parameters of a layer."""
    depth, filters = (int(n) for n in rng.integers(2, 13, 2))
    size = int(rng.choice((3, 5, 7)))
    state = State(depth=depth, filters=filters, size=size)
    volume = state.volume
    told = volume.arithmetic()["parameters"]
    asked = (
        f"{filters} filters of {size}×{size} on an input of {depth} slices: how many parameters "
        "has the layer, biases included?"
    )
    judge = exactly(volume.parameters, told)
    lines = ("(F·F·D + 1)·K, as each filter spans the whole depth and has one bias", told)
    return Exercise(state, Question(asked, judge), lines, str(volume.parameters))


def _transposed(rng: np.random.Generator) -> Exercise:
    """Ask for a cell of a transposed convolution's result, as the matrix gives it."""
    stride = int(rng.integers(1, 3))
    a, b = rng.integers(1, 6, (2, 2)), rng.integers(-2, 4, (3, 3))
    texts = (";".join(",".join(map(str, row)) for row in array.tolist()) for array in (a, b))
    state = State("transposed", a=next(texts), b=next(texts), t_stride=stride, lead=1)
    walk = transposed.walk(state.backwards, "matrix form")
    at = int(rng.integers(len(walk.steps)))
    (cell,) = walk.steps[at].shows
    row, column = divmod(cell, walk.shapes["output"][1])
    asked = (
        f"The transposed convolution of A with B, stride {stride}: what is the output in row "
        f"{row}, column {column}?"
    )
    question = Question(asked, partial(predict, walk, at))
    return Exercise(replace(state, step=at), question, walk, walk.result().texts[cell])


_EXERCISES: dict[int, Callable[[np.random.Generator], Exercise]] = {
    1: _width,
    2: _parameters,
    3: _transposed,
}
