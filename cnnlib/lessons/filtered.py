"""A picture under a kernel: its result, one output's window, and the steps around it."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlib import kernels
from cnnlib.drawings.filtering import Borders, Showing, Shown, apply, pad, showing
from cnnlib.figures import filtered
from cnnlib.figures.magnified import magnified
from cnnlib.figures.palette import Theme
from cnnlib.figures.scene import Scene
from cnnlib.figures.view import View
from cnnlib.geometry import clip, mode_padding
from cnnlib.lessons.fields import sentence
from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.links import LARGEST_KERNEL
from cnnlib.walkthroughs.numbers import Numbers, numbers, show
from cnnlib.walkthroughs.typed import ascii_number

# How many outputs in each direction are stepped through beside the chosen one. Under a large
# kernel there are fewer, because their windows would be too large to be read.
_AROUND, _AROUND_LARGE, _LARGE = 2, 1, 7


@dataclass(frozen=True, eq=False)
class Filtered:
    """A picture, and one kernel or two in a row.

    Attributes
    ----------
    pixels : uint8 ndarray of shape (H, W, 1 or 3)
    kernel : Numbers of shape (kh, kw)
        The kernel, as typed.
    second : Numbers or None
        A kernel that is applied to the first one's result.
    borders : {"none", "zero", "edge"}
    shown : {"signed", "clip", "absolute", "rescale"}
    place : str
        The chosen output, row.column; any other text chooses the output of largest magnitude.
    """

    pixels: NDArray[np.uint8]
    kernel: Numbers
    second: Numbers | None
    borders: Borders
    shown: Shown
    place: str

    @cached_property
    def weights(self) -> NDArray[np.float64]:
        """The weights that are applied: the first kernel's, or those of both in one."""
        first = _array(self.kernel)
        return first if self.second is None else kernels.compose(first, _array(self.second))

    @property
    def applied(self) -> Numbers:
        """The weights as they are written: as typed, or those of both kernels in one."""
        return self.kernel if self.second is None else numbers(np.round(self.weights, 6))

    @cached_property
    def padded(self) -> NDArray[np.uint8]:
        """The picture with its borders."""
        height, width = self.weights.shape
        return pad(self.pixels, (height, width), self.borders)

    @cached_property
    def result(self) -> NDArray[np.float64]:
        """The result, shape (Ho, Wo, 1 or 3)."""
        return apply(self.padded, self.weights)

    @cached_property
    def showing(self) -> Showing:
        """How the result is shown."""
        return showing(self.result, self.shown)

    @cached_property
    def at(self) -> tuple[int, int]:
        """The chosen output's row and column."""
        parts = self.place.split(".")
        rows, columns = self.result.shape[:2]
        if len(parts) == 2:
            return min(int(parts[0]), rows - 1), min(int(parts[1]), columns - 1)
        row, column = divmod(int(abs(self.result[..., 0]).argmax()), columns)
        return row, column

    def check(self) -> None:
        """Raise ValueError, with one sentence, if the kernel does not fit the picture."""
        self.padded  # noqa: B018

    def view(self) -> View:
        """Return the data for the magnifier."""
        size = self.pixels.shape[:2]
        sentence = self.showing.sentence
        if self.shown == "signed":
            zero = "mid grey" if self.pixels.shape[2] > 1 else "the page's own colour"
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

    def around(self) -> Walkthrough:
        """Tell the outputs around the chosen one, from the pixels that they read.

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
        return convolution(self.patch, self.applied, operation="cross-correlation", padding="valid")

    @property
    def patch(self) -> NDArray[np.int64]:
        """The pixels that the outputs around the chosen one read, of the first channel."""
        rows, columns = (
            slice(start, stop + k - 1)
            for (start, stop), k in zip(self._outputs, self.weights.shape, strict=True)
        )
        return self.padded[rows, columns, 0].astype(int)

    @property
    def step(self) -> int:
        """The step of the chosen output, among those around it."""
        (top, _), (left, right) = self._outputs
        return (self.at[0] - top) * (right - left) + self.at[1] - left

    @property
    def _outputs(self) -> list[tuple[int, int]]:
        """The rows and the columns of the outputs around the chosen one, half-open."""
        around = _AROUND_LARGE if max(self.weights.shape) > _LARGE else _AROUND
        return [
            clip((middle - around, middle + around + 1), n)
            for middle, n in zip(self.at, self.result.shape, strict=False)
        ]

    def scene(self, theme: Theme) -> Scene:
        """Draw picture, window, kernel and result."""
        view, at = self.view(), self.at
        rows, columns = self.weights.shape
        window = self.padded[at[0] : at[0] + rows, at[1] : at[1] + columns, 0]
        value = show(round(float(self.result[(*at, 0)]), 3))
        channel = ", in the first channel" if self.pixels.shape[2] > 1 else ""
        told = f"Output row {at[0]}, column {at[1]}{channel}: Σ of {window.size} products = {value}"
        titles = [caption.partition(".")[0] for caption in view.captions]
        return magnified(
            self.padded,
            view.pads,
            filtered.pixels(self.result, self.showing, theme),
            window,
            self.weights,
            np.array(self.applied.texts).reshape(rows, columns),
            at,
            told,
            (titles[0], titles[1]),
            theme,
        )

    def in_a_row(self) -> str:
        """Compare two kernels one after the other with their convolution, on the picture itself."""
        if self.second is None:
            return ""
        padded = pad(self.pixels, (1, 1), "none")
        try:
            row = apply(apply(padded, _array(self.kernel)), _array(self.second))
            gap = float(abs(row - apply(padded, self.weights)).max())
        except ValueError as error:
            return sentence(error)
        sizes = "×".join(map(str, self.weights.shape))
        return (
            "**Two kernels in a row equal their convolution:** the kernel shown is v ∗ w, "
            f"{sizes}. Without borders, (picture ⊗ v) ⊗ w and picture ⊗ (v ∗ w) differ by at most "
            f"{gap:.2g}."
        )


def _rows_of(kernel: Numbers) -> list[list[str]]:
    """Return a kernel's numbers as typed, row by row."""
    across = kernel.shape[-1]
    return [
        [ascii_number(t) for t in kernel.texts[at : at + across]]
        for at in range(0, len(kernel.texts), across)
    ]


def _array(array: Numbers) -> NDArray[np.float64]:
    return np.reshape(array.values, array.shape)  # type: ignore[arg-type]
