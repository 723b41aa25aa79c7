"""Classic kernels: a picture, a kernel, the result, and every product behind one output."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, ClassVar, Literal, get_args

import numpy as np

from cnnlib import kernels
from cnnlib.drawings.efficiency import Efficiency
from cnnlib.drawings.filtering import Borders, Shown
from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import film
from cnnlib.figures.scene import Scene
from cnnlib.kernels import KERNELS
from cnnlib.lessons import lesson
from cnnlib.lessons.code import given_lines
from cnnlib.lessons.fields import Choice, Grid, Place, Switch
from cnnlib.lessons.filtered import Filtered
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Code, Example, Exercise, level_of
from cnnlib.lessons.pictures import SOURCES
from cnnlib.lessons.savings import separability
from cnnlib.peers.two_dimensions import Call
from cnnlib.questions import Question, exactly
from cnnlib.walkthroughs import predict
from cnnlib.walkthroughs.definitions import correlate2d_loops
from cnnlib.walkthroughs.numbers import numbers

Channels = Literal["grey", "colour"]
Learns = Literal["picture", "noise"]
BORDERS: dict[Borders, str] = {"none": "no borders", "zero": "zeros", "edge": "edge pixels"}
FIRST = Grid("Kernel v", kernels.LARGEST, kernels.LARGEST)
SECOND = Grid("Then kernel w", kernels.LARGEST, kernels.LARGEST)
_WHOLE = ("sobel", "laplacian", "sharpen", "prewitt", "emboss", "roberts", "difference")
_SHARPEN = (
    "The lecture calls [0 −1 0; −1 4 −1; 0 −1 0] “sharpen”; it is the Laplacian. "
    "Sharpening is identity + Laplacian: [0 −1 0; −1 5 −1; 0 −1 0]."
)


@dataclass(frozen=True)
class State(lesson.State):
    """The lesson's controls: a picture, one kernel or two, and which of its drawers are open.

    Kernels are texts, as typed. `at` is the output that is written out: row and column.
    """

    source: Annotated[str, Choice("Picture", SOURCES, link="picture")] = "scene"
    kernel: Annotated[str, FIRST] = KERNELS["sobel"].text
    two: Annotated[bool, Switch("Second kernel")] = False
    second: Annotated[str, SECOND] = "1,1;1,1"
    shown: Annotated[Shown, Choice("Show", get_args(Shown))] = "signed"
    channels: Annotated[Channels, Choice("Channels", get_args(Channels))] = "grey"
    borders: Annotated[Borders, Choice("Borders", BORDERS)] = "none"
    at: Annotated[str, Place("Output")] = ""
    learning: Annotated[bool, Switch("Learn this kernel")] = False
    learns: Annotated[Learns, Choice("Learn from", get_args(Learns), link="learn.from")] = "picture"
    momentum: Annotated[bool, Switch("Momentum", link="learn.momentum")] = True
    figure: Annotated[bool, Switch("Figure 9.6: what a kernel saves")] = False
    steps: Annotated[bool, Switch("Step by step, around the chosen output")] = False
    predict: Annotated[bool, Switch("Predict", link="steps_of.predict")] = False
    coded: Annotated[bool, Switch("Show the code", link="code")] = False

    # The classic kernels, and the picture and the kernel of figure 9.6.
    examples: ClassVar = {
        name: Example(
            one.title, {"kernel": one.text, "shown": "signed" if one.is_signed else "clip"}
        )
        for name, one in KERNELS.items()
    } | {
        "figure 9.6": Example(
            "Figure 9.6",
            {
                "source": "scene",
                "kernel": KERNELS["difference"].text,
                "shown": "signed",
                "borders": "none",
                "two": False,
            },
        )
    }

    @property
    def name(self) -> str | None:
        """The classic kernel that was typed, if it is one."""
        return next((name for name, one in KERNELS.items() if one.text == self.kernel), None)

    def filtered(self, given: Given) -> Filtered:
        """Return the picture under its kernel, or raise ValueError if a text is no kernel."""
        picture, _ = given.picture(self.source)
        return Filtered(
            picture.pixels if self.channels == "colour" else picture.grey[..., None],
            FIRST.numbers(self.kernel),
            SECOND.numbers(self.second) if self.two else None,
            self.borders,
            self.shown,
            self.at,
        )

    def probe(self, given: Given) -> None:
        """Raise ValueError, with one sentence, if the state cannot be shown."""
        self.filtered(given).check()

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw the picture, the chosen output's window, the kernel, and the result."""
        return self.filtered(given).scene(theme)

    def scenes(self, given: Given, theme: Theme = "light") -> Sequence[Scene]:
        """Draw the steps around the chosen output, or the figure if the kernel is too large."""
        try:
            return film(self.filtered(given).around(), theme)
        except ValueError:
            return super().scenes(given, theme)

    def told(self, given: Given) -> str:
        """Name the picture, and describe how the result is shown, and the kernel."""
        filtered, (_, remark) = self.filtered(given), given.picture(self.source)
        parts = (remark, filtered.showing.sentence, self.about(filtered))
        return " ".join(filter(None, parts))

    def about(self, filtered: Filtered) -> str:
        """Describe the kernel: its effect, its source, and the savings by separating it."""
        told = []
        if self.name and not self.two:
            kernel = KERNELS[self.name]
            told.append(f"**{kernel.title}.** {kernel.finds} :gray[{kernel.source}.]")
            if self.name in ("laplacian", "sharpen"):
                told.append(_SHARPEN)
        told += [separability(filtered.weights), filtered.in_a_row()]
        return " ".join(filter(None, told))

    def code(self, given: Given) -> Code:
        """Return the definition, and other libraries' calls, for the pixels around the output."""
        filtered = self.filtered(given)
        a, b = numbers(filtered.patch), filtered.applied
        call = Call(a, b, "cross-correlation", "valid")
        result = correlate2d_loops(filtered.patch.tolist(), filtered.weights.tolist())
        lines = (*given_lines(A=a, B=b), *call.lines())
        return Code(correlate2d_loops, lines, result, call.peers())

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for the savings by two sweeps, for one output, or for a picture's operations."""
        return _EXERCISES[level_of(level)](rng)


def _sweeps(rng: np.random.Generator) -> Exercise:
    """Ask how many multiplications two sweeps save for each output."""
    rows, columns = (int(n) for n in rng.integers(3, 10, 2))
    once = kernels.multiplications((rows, columns))
    twice = kernels.multiplications((rows, columns), separable=True)
    told = f"{rows}·{columns} − ({rows} + {columns}) = {once - twice}"
    asked = (
        f"A kernel of {rows}×{columns} is a column times a row: how many multiplications does "
        "each output save as two sweeps?"
    )
    lines = (
        f"At once, each weight is multiplied: {rows}·{columns} = {once}",
        f"As two sweeps, the column and then the row: {rows} + {columns} = {twice}",
        told,
    )
    question = Question(asked, exactly(once - twice, told))
    return Exercise(_of_ones(rows, columns), question, lines, str(once - twice))


def _output(rng: np.random.Generator) -> Exercise:
    """Ask for one output of a classic kernel, from the house's pixels."""
    name, given = str(rng.choice(_WHOLE)), Given()
    state = replace(State.example(name), shown="signed", steps=True, predict=True)
    rows, columns = state.filtered(given).result.shape[:2]
    row, column = int(rng.integers(rows)), int(rng.integers(columns))
    state = replace(state, at=f"{row}.{column}")
    filtered = state.filtered(given)
    walk, step = filtered.around(), filtered.step
    across = walk.shapes["output"][1]
    asked = (
        f"{KERNELS[name].title} on the house: what is output {divmod(step, across)} of those "
        f"around row {row}, column {column}?"
    )
    question = Question(asked, partial(predict, walk, step))
    return Exercise(state, question, walk, walk.result().texts[step])


def _operations(rng: np.random.Generator) -> Exercise:
    """Ask for the operations of a kernel over the whole picture, as figure 9.6 counts them."""
    rows, columns = int(rng.integers(1, 6)), int(rng.integers(2, 6))
    state = _of_ones(rows, columns)
    height, width, _ = state.filtered(Given()).pixels.shape
    count = Efficiency((height, width), (rows, columns))
    down, across = count.output
    each = f"{count.weights} products + {count.weights - 1} sums"
    told = f"{down}·{across}·({each}) = {count.operations:,}"
    asked = (
        f"A kernel of {rows}×{columns} slides over {height}×{width} pixels without borders: how "
        "many products and sums does the whole result take?"
    )
    size = f"{height} − {rows} + 1 = {down} rows and {width} − {columns} + 1 = {across} columns"
    lines = (
        f"The result has {size}",
        f"Each output takes {each}",
        told,
    )
    question = Question(asked, exactly(count.operations, told))
    return Exercise(state, question, lines, str(count.operations))


def _of_ones(rows: int, columns: int) -> State:
    return State(kernel=";".join([",".join(["1"] * columns)] * rows), shown="rescale")


_EXERCISES: dict[int, Callable[[np.random.Generator], Exercise]] = {
    1: _sweeps,
    2: _output,
    3: _operations,
}
