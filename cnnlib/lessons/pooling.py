"""Pooling: one number for each window of a map, nothing learned, and what a small shift changes."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, ClassVar, Literal

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Theme
from cnnlib.figures.scene import Scene
from cnnlib.lessons import lesson, shift
from cnnlib.lessons.code import given_lines
from cnnlib.lessons.fields import Choice, Grid, Switch, Whole
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Code, Example, Exercise, level_of
from cnnlib.lessons.telling import drawn, filmed
from cnnlib.peers.pooling import PoolCall
from cnnlib.pool import avg_pool2d, lp_pool2d, max_pool2d
from cnnlib.questions import Question, near
from cnnlib.walkthroughs import pooling, predict
from cnnlib.walkthroughs.definitions import pool_loops
from cnnlib.walkthroughs.form import Pooling, Walkthrough
from cnnlib.walkthroughs.numbers import Numbers

Kind = Literal["max", "average", "L2"]
View = Literal["numbers", "drawing"]
KINDS: dict[str, Pooling] = {"max": "max pooling", "average": "average pooling", "L2": "L2 pooling"}
MAP = Grid("Map, rows by semicolons", 12, 12)
NEAR = 5  # percent points within which a guess of a change counts as right


@dataclass(frozen=True)
class State(lesson.State):
    """The lesson's controls. The map is a text, as typed; the shift is that of the drawing."""

    view: Annotated[View, Choice("View", ("numbers", "drawing"), link="pool_view")] = "numbers"
    map: Annotated[str, MAP] = "1,1,2,4;5,6,7,8;3,2,1,0;1,2,3,4"
    kind: Annotated[Kind, Choice("Pooling", tuple(KINDS), link="pool")] = "max"
    size: Annotated[int, Whole("Window", 1, 6, link="pool_k")] = 2
    stride: Annotated[int, Whole("Stride", 1, 6, link="pool_s")] = 2
    padding: Annotated[int, Whole("Padding", 0, 3, link="pool_p")] = 0
    right: Annotated[int, Whole("Shift right, in pixels", -shift.FURTHEST, shift.FURTHEST)] = 1
    down: Annotated[int, Whole("Shift down, in pixels", -shift.FURTHEST, shift.FURTHEST)] = 0
    channel: Annotated[int, Whole("Map", 0, shift.CHANNELS - 1)] = 0
    predict: Annotated[bool, Switch("Predict", link="predict_pool")] = False
    coded: Annotated[bool, Switch("Show the code", link="code_pool", older=("code_shift",))] = False
    step: Annotated[int | None, Whole("Step", 0)] = None
    lead: Annotated[int, Whole("Method", 0, 0)] = 0

    # The two printed versions of the lecture's example, one with ties, and one that does not fit.
    examples: ClassVar = {
        "lecture": Example(
            "1 1 2 4 / 5 6 7 8 / 3 2 1 0 / 1 2 3 4", {"map": "1,1,2,4;5,6,7,8;3,2,1,0;1,2,3,4"}
        ),
        "other first rows": Example(
            "2 3 2 4 / 5 6 6 8 / 3 2 1 0 / 1 2 3 4", {"map": "2,3,2,4;5,6,6,8;3,2,1,0;1,2,3,4"}
        ),
        "ties": Example(
            "Ties: 1 1 2 4 / 1 0 4 3 / 5 2 0 0 / 1 3 0 0",
            {"map": "1,1,2,4;1,0,4,3;5,2,0,0;1,3,0,0"},
        ),
        "no fit": Example(
            "5×5: stride 2 does not fit",
            {"map": "1,2,3,2,1;0,1,4,1,0;2,2,9,2,2;0,1,4,1,0;1,2,3,2,1"},
        ),
    }

    @property
    def numbers(self) -> Numbers:
        """The map's numbers, or ValueError with one sentence."""
        return MAP.numbers(self.map)

    def walk(self) -> Walkthrough:
        """Tell the pooling window by window, or raise ValueError if it cannot be shown."""
        sizes = {"size": self.size, "stride": self.stride, "padding": self.padding}
        return pooling(self.numbers, KINDS[self.kind], **sizes)

    def pool(self, maps: NDArray) -> NDArray:
        """Pool maps (N, C, H, W) with the state's kind and sizes."""
        if self.kind == "max":
            return max_pool2d(maps, self.size, self.stride, self.padding)
        if self.kind == "average":
            return avg_pool2d(maps, self.size, self.stride, self.padding)
        margin = 2 * ((0, 0),) + 2 * ((self.padding, self.padding),)
        return lp_pool2d(np.pad(maps, margin), 2, self.size, self.stride)

    def moved(self, given: Given) -> shift.Moved:
        """Return the drawing's maps and their pooling, before and after the shift."""
        return shift.move(given.network, given.pixels, self.pool, self.down, self.right)

    def probe(self, given: Given) -> None:
        """Raise ValueError if the map cannot be pooled; it must fit in both views."""
        self.walk()

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw one step, or one map of the drawing before and after the shift."""
        if self.view == "drawing":
            return self.moved(given).scene(self.channel, theme)
        return drawn([self.walk()], self.lead, self.step, 0, theme)

    def scenes(self, given: Given, theme: Theme = "light") -> Sequence[Scene]:
        """Draw all windows, or the shift of the drawing by one pixel after the other."""
        if self.view == "numbers":
            return filmed([self.walk()], 0, theme)
        return [replace(self, right=by).scene(given, theme) for by in range(shift.FURTHEST + 1)]

    def told(self, given: Given) -> str:
        """Write out the size, the number of parameters, which is 0, and the number of ties."""
        if self.view == "drawing":
            return ""
        walk = self.walk()
        told = f"{'; '.join(walk.sizes)}. Parameters: **{walk.facts['parameters']}**."
        if self.kind == "max" and walk.facts["ties"]:
            told += f" Ties: {walk.facts['ties']} of {walk.facts['windows']} windows."
        return told

    def code(self, given: Given) -> Code:
        """Return the pooling's definition and call, or the code that moves a picture."""
        if self.view == "drawing":
            return shift.code(given.pixels, self.down, self.right)
        walk, a = self.walk(), self.numbers
        call = PoolCall(a, KINDS[self.kind], self.size, self.stride, self.padding)
        result = walk.result()
        lines = (*given_lines(a=a), f"{call.definition}  # {', '.join(result.texts)}")
        values = np.asarray(result.values).reshape(result.shape)
        return Code(pool_loops, lines, values, call.peers())

    def questions(self, given: Given) -> tuple[Question, ...]:
        """Ask how much the pooled maps change; the player asks for numbers."""
        if self.view == "numbers":
            return ()
        picture, maps, pooled = (100 * part for part in self.moved(given).changes)
        why = (
            f"pooled, the maps change by {pooled:.0f} %, before it by {maps:.0f} %, "
            f"the drawing by {picture:.0f} %"
        )
        judge = near(pooled, NEAR, why)
        return (Question("How much will the pooled maps change, in %?", judge),)

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for one pooled number: a maximum, an average, or one under overlapping windows."""
        kinds: dict[int, tuple[int, Kind, int]] = {
            1: (4, "max", 2),
            2: (4, "average", 2),
            3: (5, "average", 1),
        }
        side, kind, stride = kinds[level_of(level)]
        cells = rng.integers(0, 10, (side, side))
        text = ";".join(",".join(map(str, row)) for row in cells.tolist())
        state = replace(cls(), map=text, kind=kind, stride=stride)
        walk = state.walk()
        at = int(rng.integers(len(walk.steps)))
        row, column = divmod(at, walk.shapes["output"][1])
        asked = (
            f"{walk.operation.capitalize()} with a 2×2 window and stride {stride}: "
            f"what is the output in row {row}, column {column}?"
        )
        question = Question(asked, partial(predict, walk, at))
        return Exercise(replace(state, step=at), question, walk, walk.result().texts[at])
