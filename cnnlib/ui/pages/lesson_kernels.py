"""The lesson on classic kernels: its setup, what is looked at, and what is said about it."""

from dataclasses import dataclass
from functools import cached_property
from typing import get_args

import numpy as np
from numpy.typing import NDArray

from cnnlib import kernels
from cnnlib.drawings.efficiency import Efficiency
from cnnlib.drawings.filtering import Borders, Showing, Shown, apply, pad, showing
from cnnlib.drawings.pictures import Picture
from cnnlib.geometry import clip, mode_padding
from cnnlib.kernels import KERNELS
from cnnlib.lessons.fields import sentence
from cnnlib.ui import link, walk_room
from cnnlib.ui.components import magnifier
from cnnlib.ui.components.magnifier import View
from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.links import LARGEST_KERNEL
from cnnlib.walkthroughs.numbers import Numbers, numbers
from cnnlib.walkthroughs.typed import ascii_number

MOST = (kernels.LARGEST, kernels.LARGEST)
BORDERS: dict[Borders, str] = {"none": "no borders", "zero": "zeros", "edge": "edge pixels"}
SHOWN: tuple[Shown, ...] = get_args(Shown)
CHANNELS = ("grey", "colour")
# Outputs in each direction that are stepped through beside the chosen one: under a large kernel
# their windows would be too large to be read.
_AROUND, _AROUND_LARGE, _LARGE = 2, 1, 7


@dataclass(frozen=True, eq=False)
class Setup:
    """What the lesson's controls say, about one picture.

    Attributes
    ----------
    picture : Picture
    first : str
        The kernel's weights, as typed.
    second : str or None
        A kernel that is applied to the first one's result.
    borders : {"none", "zero", "edge"}
    shown : {"signed", "clip", "absolute", "rescale"}
    channels : {"grey", "colour"}
    """

    picture: Picture
    first: str = KERNELS["sobel"].text
    second: str | None = None
    borders: Borders = "none"
    shown: Shown = "signed"
    channels: str = "grey"

    @cached_property
    def kernel(self) -> Numbers:
        """The first kernel, as typed."""
        return walk_room.operand(self.first, MOST, dimensions=2)

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The weights that are applied: the first kernel's, or those of both in one."""
        first = _array(self.kernel)
        if self.second is None:
            return first
        return kernels.compose(first, kernels.parse(self.second))

    @property
    def applied(self) -> Numbers:
        """The weights as they are written: as typed, or those of both kernels in one."""
        return self.kernel if self.second is None else numbers(np.round(self.weights, 6))

    @property
    def pixels(self) -> NDArray[np.uint8]:
        """The picture as it is filtered, shape (H, W, 1 or 3)."""
        return self.picture.pixels if self.channels == "colour" else self.picture.grey[..., None]

    @cached_property
    def padded(self) -> NDArray[np.uint8]:
        """The picture with its borders."""
        height, width = self.weights.shape
        return pad(self.pixels, (height, width), self.borders)

    @cached_property
    def result(self) -> NDArray[np.float64]:
        """What comes out, shape (Ho, Wo, 1 or 3)."""
        return apply(self.padded, self.weights)

    @cached_property
    def showing(self) -> Showing:
        """How the result is shown."""
        return showing(self.result, self.shown)

    def check(self) -> None:
        """Raise ValueError, with one sentence, for what cannot be shown."""
        self.result  # noqa: B018

    def view(self) -> View:
        """Return what the magnifier shows."""
        size = self.pixels.shape[:2]
        sentence = self.showing.sentence
        if self.shown == "signed":
            zero = "mid grey" if self.channels == "colour" else "the page's own colour"
            sentence += f" Zero is {zero}."
        rows, columns = self.result.shape[:2]
        pads = tuple(
            0 if self.borders == "none" else mode_padding(n, k, "same", late=True)[0]
            for n, k in zip(size, self.weights.shape, strict=True)
        )
        return View(
            (size[0], size[1]),
            (pads[0], pads[1]),
            self.padded,
            _rows_of(self.applied),
            self.weights,
            kernels.separate(self.weights) if min(self.weights.shape) > 1 else None,
            self.showing.shades(self.result),
            self.shown == "signed",
            (f"Picture, {size[0]}×{size[1]}, 0 to 255.", f"Result, {rows}×{columns}. {sentence}"),
        )

    def around(self, at: tuple[int, int]) -> Walkthrough:
        """Tell the outputs around a chosen one, from the pixels that they read.

        Raises
        ------
        ValueError
            If the kernel is too large to be stepped through.
        """
        if max(self.weights.shape) > LARGEST_KERNEL:
            rows, columns = self.weights.shape
            raise ValueError(
                f"a kernel of {rows}×{columns} is too large to step through: "
                f"use at most {LARGEST_KERNEL}×{LARGEST_KERNEL}"
            )
        return convolution(
            self.patch(at), self.applied, operation="cross-correlation", padding="valid"
        )

    def patch(self, at: tuple[int, int]) -> NDArray[np.int64]:
        """Return the pixels that the outputs around a chosen one read, of the first channel."""
        rows, columns = (
            slice(start, stop + k - 1)
            for (start, stop), k in zip(self._outputs(at), self.weights.shape, strict=True)
        )
        return self.padded[rows, columns, 0].astype(int)

    def step(self, at: tuple[int, int]) -> int:
        """Return the step of a chosen output, among those around it."""
        (top, _), (left, right) = self._outputs(at)
        return (at[0] - top) * (right - left) + at[1] - left

    def _outputs(self, at: tuple[int, int]) -> list[tuple[int, int]]:
        """Return the rows and the columns of the outputs around a chosen one, half-open."""
        around = _AROUND_LARGE if max(self.weights.shape) > _LARGE else _AROUND
        return [
            clip((middle - around, middle + around + 1), n)
            for middle, n in zip(at, self.result.shape, strict=False)
        ]


def _rows_of(kernel: Numbers) -> list[list[str]]:
    """Return a kernel's numbers as typed, row by row."""
    across = kernel.shape[-1]
    return [
        [ascii_number(t) for t in kernel.texts[at : at + across]]
        for at in range(0, len(kernel.texts), across)
    ]


def about(setup: Setup, preset: str | None) -> str:
    """Say what the kernel finds and where it comes from, and what separating it saves."""
    told = []
    if preset and setup.second is None:
        kernel = KERNELS[preset]
        told.append(f"**{kernel.title}.** {kernel.finds} :gray[{kernel.source}.]")
        if preset in ("laplacian", "sharpen"):
            told.append(
                "The lecture calls [0 −1 0; −1 4 −1; 0 −1 0] “sharpen”; it is the Laplacian. "
                "Sharpening is identity + Laplacian: [0 −1 0; −1 5 −1; 0 −1 0]."
            )
    told.append(separability(setup.weights))
    if setup.second is not None:
        told.append(in_a_row(setup))
    return " ".join(told)


def separability(weights: NDArray) -> str:
    """Say whether a kernel is an outer product, and what two sweeps would save."""
    rows, columns = weights.shape
    once = kernels.multiplications((rows, columns))
    factors = kernels.separate(weights)
    if factors is None:
        return f"Not an outer product: {once} multiplications for each output."
    twice = kernels.multiplications((rows, columns), separable=True)
    column, row = (", ".join(f"{v:.4g}".replace("-", "−") for v in f) for f in factors)
    verdict = f"saves {once - twice}" if twice < once else "saves nothing"
    return (
        f"**Separable:** column ({column}) times row ({row}). At once {rows}×{columns} = {once} "
        f"multiplications for each output, as two sweeps {rows} + {columns} = {twice}: "
        f"{verdict}."
    )


def in_a_row(setup: Setup) -> str:
    """Compare two kernels one after the other with their convolution, on the picture itself."""
    first, second = _array(setup.kernel), kernels.parse(setup.second or "1")
    padded = pad(setup.pixels, (1, 1), "none")
    try:
        row = apply(apply(padded, first), second)
        gap = float(abs(row - apply(padded, setup.weights)).max())
    except ValueError as error:
        return sentence(error)
    sizes = "×".join(map(str, setup.weights.shape))
    return (
        f"**Two kernels in a row equal their convolution:** the kernel shown is v ∗ w, {sizes}. "
        f"Without borders, (picture ⊗ v) ⊗ w and picture ⊗ (v ∗ w) differ by at most {gap:.2g}."
    )


def figure_9_6(size: tuple[int, int], kernel: tuple[int, int]) -> str:
    """Return the counts of figure 9.6 as a table, for a picture and a kernel."""
    count = Efficiency(size, kernel)
    height, width = size
    down, across = count.output
    n = count.weights
    lines = [
        ("", "kernel", "dense matrix", "ratio"),
        ("---", "---", "---", "---"),
        (
            "stored numbers",
            f"{n}",
            f"{width}×{height}×{across}×{down} = {count.entries:,}",
            f"{count.storage_ratio:,.0f}",
        ),
        (
            "operations",
            f"{across}×{down}×({n} products + {n - 1} sums) = {count.operations:,}",
            f"{count.outputs:,}×(2×{count.inputs:,} − 1) = {count.dense_operations:,}",
            f"{count.operations_ratio:,.0f}",
        ),
        ("not zero", f"{n}", f"{n}×{across}×{down} = {count.nonzeros:,}", ""),
    ]
    table = "\n".join(f"| {' | '.join(line)} |" for line in lines)
    book = Efficiency((280, 320), (1, 2))
    return (
        f"{table}\n\nThe book's picture is 320×280, its kernel two weights wide. Its “four billion "
        f"times” are stored numbers, {book.entries:,} / {book.weights} = "
        f"{book.storage_ratio:,.0f}; its “roughly 60,000 times” are operations, "
        f"{book.dense_operations:,} / {book.operations:,} ≈ {book.operations_ratio:,.0f}. "
        f"Stored sparsely, the matrix keeps {book.nonzeros:,} numbers and takes as many "
        "operations as the kernel."
    )


def keep_place(setup: Setup, key: str) -> tuple[int, int]:
    """Return the output that is written out, and keep it in the link.

    The one that was clicked on, else that of the link, else the one where the kernel answers
    the most.

    Parameters
    ----------
    setup : Setup
    key : str
        The magnifier's key.
    """
    told = magnifier.place(key)
    if told:
        link.write("at", f"{told[0]}.{told[1]}")
    return place(setup, link.read("at"))


def place(setup: Setup, text: str) -> tuple[int, int]:
    """Read an output of the link, row.column; else the one where the kernel answers the most."""
    parts = text.split(".")
    rows, columns = setup.result.shape[:2]
    if len(parts) == 2 and all(part.isdecimal() and len(part) < 4 for part in parts):
        row, column = map(int, parts)
        return min(row, rows - 1), min(column, columns - 1)
    row, column = divmod(int(abs(setup.result[..., 0]).argmax()), columns)
    return row, column


def _array(array: Numbers) -> NDArray[np.float64]:
    return np.reshape(array.values, array.shape)  # type: ignore[arg-type]
