"""Named examples: arrays and options, shared by lessons and tests."""

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from cnnlib.walkthroughs.build import convolution
from cnnlib.walkthroughs.form import Method, Walkthrough
from cnnlib.walkthroughs.numbers import Numbers, letters, numbers


@dataclass(frozen=True, eq=False)
class Example:
    """Two operands, and the options of the operation that combines them.

    Attributes
    ----------
    title : str
    a, b : Numbers
        Input and kernel.
    options : dict
        Keyword arguments of the builder.
    """

    title: str
    a: Numbers
    b: Numbers
    options: dict[str, Any] = field(default_factory=dict)

    def walk(self, method: Method = "flip-and-filter") -> Walkthrough:
        """Tell the example by one of the three methods."""
        return convolution(self.a, self.b, method, **self.options)


def _signal(kind: str) -> Numbers:
    """Return 64 samples, rounded to two decimals: a noisy step, or two waves of a sine."""
    t = np.arange(64)
    if kind == "step":
        samples = (t >= 32) + np.random.default_rng(7).normal(0, 0.15, t.size)
    else:
        samples = np.sin(2 * np.pi * t / 32)
    return numbers(np.round(samples, 2))


_BLUR = numbers(["1/5"] * 5)
_DIFFERENCE = numbers(["1", "−1"])
_UNFLIPPED: dict[str, Any] = {"operation": "cross-correlation", "padding": "valid"}
_SOBEL = numbers([[1, 0, -1], [2, 0, -2], [1, 0, -1]])
_BOX = numbers([["1/9"] * 3] * 3)
# A dark and a light half, and a bright square on a dark ground.
_HALVES = numbers([[0] * 3 + [9] * 3] * 6)
_SQUARE = numbers(np.pad(np.full((3, 3), 9), 2))
_COUNTING = numbers(np.arange(49).reshape(7, 7) % 5)

ONE_DIMENSION = {
    "lecture": Example(
        "(2, −1, 1) ∗ (1, 1, 2)",
        numbers([2, -1, 1]),
        numbers([1, 1, 2]),
    ),
    "stride": Example(
        "7 cells, kernel 3, stride 3: it does not fit",
        numbers(range(1, 8)),
        numbers([1, 0, -1]),
        {"padding": 0, "stride": 3},
    ),
    "noisy step, blurred": Example(
        "A noisy step, blurred", _signal("step"), _BLUR, {"padding": "same"}
    ),
    "noisy step, differences": Example(
        "A noisy step, differences", _signal("step"), _DIFFERENCE, {"padding": "same"}
    ),
    "sine, blurred": Example("A sine, blurred", _signal("sine"), _BLUR, {"padding": "same"}),
    "sine, differences": Example(
        "A sine, differences", _signal("sine"), _DIFFERENCE, {"padding": "same"}
    ),
}

TWO_DIMENSIONS = {
    "lecture": Example(
        "3×3 ∗ 2×2",
        numbers([[1, 3, 1], [0, -1, 1], [2, 2, -1]]),
        numbers([[1, 2], [0, -1]]),
    ),
    # I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016, figure 9.1.
    "letters": Example(
        "Letters instead of numbers",
        letters("abcdefghijkl", (3, 4)),
        letters("wxyz", (2, 2)),
        _UNFLIPPED,
    ),
    "stride": Example(
        "7×7, kernel 3×3, stride 3: it does not fit",
        _COUNTING,
        _SOBEL,
        {"operation": "cross-correlation", "padding": 0, "stride": 3},
    ),
    "stride 2": Example(
        "7×7, kernel 3×3, stride 2: it fits", _COUNTING, _SOBEL, {**_UNFLIPPED, "stride": 2}
    ),
    "same": Example("7×7, kernel 3×3, padding 1: the size stays", _SQUARE, _BOX, {"padding": 1}),
    "dilation": Example(
        "7×7, kernel 3×3, dilation 2", _COUNTING, _SOBEL, {**_UNFLIPPED, "dilation": 2}
    ),
    "edge": Example("An edge, found", _HALVES, _SOBEL, _UNFLIPPED),
    # Deep Learning, figure 9.6: each pixel minus its neighbour on the left.
    "neighbours": Example(
        "Each pixel minus its left neighbour", _SQUARE, numbers([[-1, 1]]), _UNFLIPPED
    ),
}

_FOUR = numbers([[1, 2], [3, 4]])
_CROSS = numbers([[1, 0, 2], [0, 1, 0], [-1, 0, 1]])
_TENT = numbers([["1/4", "1/2", "1/4"], ["1/2", "1", "1/2"], ["1/4", "1/2", "1/4"]])

# Examples of transposed convolutions. All arrays except the lecture's were made for this project.
TRANSPOSED = {
    "overlap": Example("2×2, kernel 3×3, stride 2: patches overlap", _FOUR, _CROSS, {"stride": 2}),
    "lecture": Example(
        "Stride 1: the lecture's 3×3 ∗ 2×2 in full",
        TWO_DIMENSIONS["lecture"].a,
        TWO_DIMENSIONS["lecture"].b,
    ),
    "tiles": Example("Kernel 2×2, stride 2: patches tile", _FOUR, _FOUR, {"stride": 2}),
    "gaps": Example("Kernel 2×2, stride 3: gaps stay 0", _FOUR, _FOUR, {"stride": 3}),
    # A. Odena, V. Dumoulin and C. Olah, "Deconvolution and checkerboard artifacts", 2016.
    "checkerboard": Example(
        "Ones, kernel 3×3, stride 2: a checkerboard",
        numbers([[1] * 3] * 3),
        numbers([[1] * 3] * 3),
        {"stride": 2},
    ),
    "padding": Example("Padding 1 cuts the border off", _FOUR, _CROSS, {"stride": 2, "padding": 1}),
    "doubled": Example(
        "Twice the size: padding and output padding 1",
        numbers([[0, 4, 8], [4, 8, 4], [8, 4, 0]]),
        _TENT,
        {"stride": 2, "padding": 1, "output_padding": 1},
    ),
    "dilation": Example("Dilation 2", _FOUR, _FOUR, {"dilation": 2}),
}
