"""One axis of a convolution: its padded input, its windows, and the cells that a stride skips."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.geometry import (
    Mode,
    PaddingMode,
    Sweep,
    index_map,
    leftover,
    mode_padding,
    output_size,
    windows,
)

LARGEST_PADDED = 256


@dataclass(frozen=True, eq=False)
class Axis:
    """How the kernel sweeps along one axis of the padded input.

    Attributes
    ----------
    n : int
        Cells of the input.
    sweep : Sweep
        Kernel, stride and dilation; its padding is in `before` and `after` instead.
    before, after : int
        Cells of padding at each end.
    places : ndarray of shape (outputs, kernel)
        The cell of the padded axis under each weight of each window.
    sources : ndarray of shape (before + n + after,)
        The input cell in each cell of the padded axis, −1 where zero padding is.
    """

    n: int
    sweep: Sweep
    before: int
    after: int
    places: NDArray[np.intp]
    sources: NDArray[np.intp]

    @property
    def outputs(self) -> int:
        """Number of windows."""
        return len(self.places)

    @property
    def padded(self) -> int:
        """Cells of the padded axis."""
        return len(self.sources)

    @property
    def unused(self) -> list[int]:
        """The input cells that no window reads."""
        return np.setdiff1d(np.arange(self.n), self.sources[self.places]).tolist()

    @property
    def unrounded(self) -> float:
        """The output size before it is rounded down, which a stride that fits leaves whole."""
        return (self.padded - self.sweep.extent) / self.sweep.stride + 1

    @property
    def fits(self) -> bool:
        """Whether the last window ends where the padded axis ends."""
        kernel, stride, dilation = self.sweep.kernel, self.sweep.stride, self.sweep.dilation
        return leftover(self.padded, kernel, stride=stride, dilation=dilation) == 0

    @property
    def size(self) -> str:
        """The arithmetic of the output size, such as (3 − 3 + 2·1)/1 + 1 = 3."""
        ends = self.before, self.after
        twice = f"2·{ends[0]}" if ends[0] == ends[1] else f"{ends[0]} + {ends[1]}"
        padding = f" + {twice}" if any(ends) else ""
        spread = self.sweep.dilation
        kernel = f"{spread}·({self.sweep.kernel} − 1) − 1" if spread > 1 else self.sweep.kernel
        quotient = f"({self.n} − {kernel}{padding})/{self.sweep.stride} + 1"
        if self.fits:
            return f"{quotient} = {self.outputs}"
        return f"{quotient} = {self.unrounded:.2f}, rounded down to {self.outputs}"

    def notes(self, *names: str) -> tuple[str, ...]:
        """Explain a stride that does not fit, and name the cells that no window reads.

        Parameters
        ----------
        *names : str
            The name of a cell along the axis; "row" and "column" where both axes are alike.
        """
        plural = " and ".join(f"{name}s" for name in names)
        notes = []
        if not self.fits:
            notes.append(
                f"Stride {self.sweep.stride} does not fit the {plural}: {self.unrounded:.2f} "
                f"outputs are rounded down to {self.outputs}, as frameworks do."
            )
        if self.unused:
            several = len(self.unused) > 1
            named = plural if several else " and ".join(names)
            listed = ", ".join(map(str, self.unused))
            verb = "are" if several or len(names) > 1 else "is"
            notes.append(f"Input {named} {listed} {verb} never used.")
        return tuple(notes)


def lay_axis(
    n: int,
    sweep: Sweep,
    padding: Mode | int,
    padding_mode: PaddingMode,
    *,
    late: bool = False,
) -> Axis:
    """Pad one axis and lay the windows over it.

    Parameters
    ----------
    n : int
        Cells of the input.
    sweep : Sweep
        Kernel, stride and dilation, without padding.
    padding : {"full", "same", "valid"} or int
        A mode, or how many cells are added at each end.
    padding_mode : {"zero", "reflect", "edge", "circular"}
    late : bool
        See `geometry.mode_span`.

    Raises
    ------
    ValueError
        If the kernel does not fit, a name is unknown or the padding is out of range.
    """
    kernel, dilation = sweep.kernel, sweep.dilation
    if isinstance(padding, str):
        before, after = mode_padding(n, kernel, padding, dilation=dilation, late=late)
    else:
        before = after = padding
        output_size(n, kernel, padding=padding, dilation=dilation)
    padded = n + before + after
    if padded > LARGEST_PADDED:
        raise ValueError(
            f"input {n} with {before + after} cells of padding has {padded} cells: "
            f"use a smaller padding or dilation, for at most {LARGEST_PADDED}"
        )
    places = windows(padded, kernel, stride=sweep.stride, dilation=dilation)
    return Axis(n, sweep, before, after, places, index_map(n, before, after, padding_mode))
