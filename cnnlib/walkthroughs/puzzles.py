"""Puzzles: an example, a task, and a judge that tells which output cells fulfil the task."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from cnnlib.conv import convolve2d, correlate2d
from cnnlib.questions import Verdict
from cnnlib.walkthroughs.examples import TWO_DIMENSIONS, Example
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.numbers import Numbers, numbers


class Tried(NamedTuple):
    """An input, a kernel, and the output that they give."""

    a: NDArray
    b: NDArray
    y: NDArray


@dataclass(frozen=True, eq=False)
class Puzzle:
    """A task to be solved by changing weights, or by changing how a kernel sweeps.

    Attributes
    ----------
    title, task : str
        The puzzle's name in a list, and the words of the task.
    start : Example
        The example that the learner begins with.
    judge : callable
        Takes a `Tried` and returns, for each output cell, whether the cell fulfils the task; or
        raises ValueError with one sentence.
    moral : str
        The lesson of the puzzle, shown to a learner who has solved it.
    solution : mapping of str to str or int
        One of its solutions: the kernel "b" as text, or options of the builder.
    least : int
        How many weights must be other than 0.
    """

    title: str
    task: str
    start: Example
    judge: Callable[[Tried], NDArray]
    moral: str
    solution: Mapping[str, str | int]
    least: int = 0

    def check(self, a: Numbers, b: Numbers, walk: Walkthrough) -> Verdict:
        """Judge an input, a kernel and their output.

        Parameters
        ----------
        a, b : Numbers of shape (rows, columns)
        walk : Walkthrough
            Of a and b, by any method.
        """
        if a.to_text() != self.start.a.to_text():
            return Verdict(False, "Not yet: the input must stay as it was.")
        if "b" not in self.solution and b.to_text() != self.start.b.to_text():
            return Verdict(False, "Not yet: the kernel must stay as it was.")
        tried = Tried(*(_array(one) for one in (a, b, walk.result())))
        if np.count_nonzero(tried.b) < self.least:
            told = f"at least {self.least} weights must be other than 0"
            return Verdict(False, f"Not yet: {told}.")
        try:
            right = self.judge(tried)
        except ValueError as error:
            return Verdict(False, f"Not yet: {error}.")
        if right.all():
            return Verdict(True, f"Solved. {self.moral}")
        told = f"{int(right.sum())} of {right.size} outputs are right"
        return Verdict(False, f"Not yet: {told}.")


def _array(array: Numbers) -> NDArray[np.float64]:
    return np.reshape(array.values, array.shape)  # type: ignore[arg-type]


def _same(y: NDArray, wanted: NDArray) -> NDArray[np.bool_]:
    """Compare an output with the wanted one, cell by cell."""
    if y.shape != wanted.shape:
        shapes = ("×".join(map(str, array.shape)) for array in (y, wanted))
        raise ValueError("the output is {}, and should be {}".format(*shapes))
    return np.isclose(y, wanted)


def _example(a: NDArray, b: str, **options: str | int) -> Example:
    kernel = numbers([row.split(",") for row in b.split(";")])
    return Example("", numbers(a), kernel, {"operation": "cross-correlation"} | options)


# A cross with a tail, in a margin of zeros, so that every shift and every turn can be seen.
_FLAG = np.pad([[0, 6, 0], [6, 9, 6], [0, 6, 0], [0, 3, 0]], ((1, 1), (2, 2)))
_RAMP = np.add.outer(np.arange(5), 2 * np.arange(6))  # rises both ways: no difference is 0
_ONES = "1,1,1;1,1,1;1,1,1"

PUZZLES = {
    "copy": Puzzle(
        "copy the input",
        "Change the weights so that the output is the input.",
        _example(_FLAG, _ONES, padding="same"),
        lambda tried: _same(tried.y, tried.a),
        "One weight of 1 in the middle: each output is the pixel in its own place.",
        {"b": "0,0,0;0,1,0;0,0,0"},
    ),
    "move": Puzzle(
        "move the picture",
        "Change the weights so that the picture moves one column to the right.",
        _example(_FLAG, "0,0,0;0,1,0;0,0,0", padding="same"),
        lambda tried: _same(tried.y, np.pad(tried.a, ((0, 0), (1, 0)))[:, :-1]),
        "Each output reads its left neighbour. As a convolution, whose kernel is flipped, the "
        "weight would stand on the right.",
        {"b": "0,0,0;1,0,0;0,0,0"},
    ),
    "average": Puzzle(
        "neither brighter nor darker",
        "Use at least four weights, and leave a flat picture of 8 as bright as it is.",
        _example(np.full((5, 5), 8), _ONES, padding="valid"),
        lambda tried: np.isclose(tried.y, tried.a[0, 0]),
        "The weights add up to 1: such kernels blur or sharpen and keep the brightness.",
        {"b": "0,1/4,0;1/4,0,1/4;0,1/4,0"},
        least=4,
    ),
    "silence": Puzzle(
        "hear nothing on a ramp",
        "Use at least two weights, and make each output 0 though the picture rises steadily.",
        _example(_RAMP, "0,0,0;-1,0,1;0,0,0", padding="valid"),
        lambda tried: np.isclose(tried.y, 0),
        "Weights that add up to 0 give 0 on flat pictures; this kernel also gives 0 on slopes. "
        "The Laplacian is one of them.",
        {"b": "0,0,0;1,-2,1;0,0,0"},
        least=2,
    ),
    "edge": Puzzle(
        "find the edge",
        "Make the output 9 where dark turns bright, and 0 elsewhere.",
        _example(np.tile([0, 0, 0, 9, 9, 9], (6, 1)), "1,1", padding="valid"),
        lambda tried: _same(tried.y, np.diff(tried.a, axis=1)),
        "A pixel minus its left neighbour: a difference is the simplest edge detector.",
        {"b": "-1,1"},
    ),
    "flip": Puzzle(
        "flipping changes nothing",
        "Find at least two weights with which convolution and cross-correlation agree.",
        Example(
            "",
            TWO_DIMENSIONS["edge"].a,
            TWO_DIMENSIONS["edge"].b,
            {"operation": "convolution", "padding": "valid"},
        ),
        lambda tried: np.isclose(
            convolve2d(tried.a, tried.b, "valid"), correlate2d(tried.a, tried.b, "valid")
        ),
        "Flipped, the kernel gives the same again. Learned kernels are seldom so; frameworks "
        "leave the flip out, since the weights can be learned flipped as well.",
        {"b": "0,1,0;1,-4,1;0,1,0"},
        least=2,
    ),
    "shrink": Puzzle(
        "a smaller output",
        "Make the output 3×3. Input and kernel stay as they are.",
        Example(
            "",
            TWO_DIMENSIONS["stride 2"].a,
            TWO_DIMENSIONS["stride 2"].b,
            {"operation": "cross-correlation", "padding": "valid"},
        ),
        lambda tried: _same(0 * tried.y, np.zeros((3, 3))),
        "Stride 2 does it, (7 − 3)/2 + 1 = 3, and so does dilation 2: 7 − 2·(3 − 1) = 3.",
        {"stride": 2},
    ),
}
