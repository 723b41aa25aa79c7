"""Which input cell, weight and output cell belong together: the products of a convolution."""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from cnnlib.checks import Pair, pair
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
from cnnlib.walkthrough import Operation

Padding = Mode | Pair
LONGEST = 64
LARGEST_INPUT = 32
LARGEST_KERNEL = 7
MOST_TERMS = 80_000
_LARGEST_PADDED = 256


@dataclass(frozen=True, eq=False)
class Axis:
    """How the kernel sweeps along one axis of the padded input.

    Attributes
    ----------
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
    def unused(self) -> list[int]:
        """The input cells that no window reads."""
        return np.setdiff1d(np.arange(self.n), self.sources[self.places]).tolist()

    @property
    def size(self) -> str:
        """How the number of outputs follows from the input's."""
        added = f" + {self.before + self.after}" if self.before + self.after else ""
        room = f"({self.n}{added} − {self.sweep.extent})/{self.sweep.stride} + 1"
        if not self.leftover:
            return f"{room} = {len(self.places)}"
        exact = (len(self.sources) - self.sweep.extent) / self.sweep.stride + 1
        return f"{room} = {exact:.2f}, rounded down to {len(self.places)}"

    @property
    def leftover(self) -> int:
        """Cells at the end of the padded axis that no window reaches."""
        sweep = self.sweep
        return leftover(
            len(self.sources), sweep.kernel, stride=sweep.stride, dilation=sweep.dilation
        )


@dataclass(frozen=True, eq=False)
class Links:
    """All products of a convolution or cross-correlation, as flat cell numbers.

    Attributes
    ----------
    rows, columns : Axis
    output, input, kernel, place : ndarray of shape (terms,)
        By output cell, then by place in the padded input.
    idle : ndarray of shape (3, n)
        Output, place and kernel cell wherever a weight lies on zero padding.
    """

    operation: Operation
    dimensions: int
    rows: Axis
    columns: Axis
    output: NDArray[np.intp]
    input: NDArray[np.intp]
    kernel: NDArray[np.intp]
    place: NDArray[np.intp]
    idle: NDArray[np.intp]

    @property
    def output_shape(self) -> tuple[int, int]:
        """(rows, columns) of the output."""
        return len(self.rows.places), len(self.columns.places)

    @property
    def input_shape(self) -> tuple[int, int]:
        """(rows, columns) of the input."""
        return self.rows.n, self.columns.n

    @property
    def kernel_shape(self) -> tuple[int, int]:
        """(rows, columns) of the kernel."""
        return self.rows.sweep.kernel, self.columns.sweep.kernel

    @property
    def kernel_numbers(self) -> NDArray[np.intp]:
        """The numbers of the kernel's cells, in order."""
        return np.arange(prod(self.kernel_shape))

    @property
    def padded_shape(self) -> tuple[int, int]:
        """(rows, columns) of the input with its padding."""
        return len(self.rows.sources), len(self.columns.sources)

    @property
    def sources(self) -> NDArray[np.intp]:
        """The input cell in each cell of the padded input, −1 where zero padding is."""
        return _flat(self.rows.sources[:, None], self.columns.sources, self.input_shape).ravel()

    @property
    def ghosts(self) -> NDArray[np.intp]:
        """The cells of the padded input that are padding."""
        ghost = np.ones(self.padded_shape, bool)
        above, left = self.rows.before, self.columns.before
        ghost[above : above + self.rows.n, left : left + self.columns.n] = False
        return np.flatnonzero(ghost)

    @property
    def unused(self) -> tuple[int, ...]:
        """The input cells that no product uses."""
        return tuple(np.setdiff1d(np.arange(prod(self.input_shape)), self.input).tolist())

    @property
    def sizes(self) -> tuple[str, ...]:
        """How the output size follows, for each axis."""
        if self.dimensions == 1:
            return (self.columns.size,)
        return f"Rows: {self.rows.size}", f"Columns: {self.columns.size}"

    @property
    def notes(self) -> tuple[str, ...]:
        """What becomes of a stride that does not fit, or that steps over cells."""
        axes = [("cell", self.columns), ("row", self.rows), ("column", self.columns)]
        told = axes[:1] if self.dimensions == 1 else axes[1:]
        return tuple(note for name, axis in told for note in _notes(name, axis))


def link(
    input_shape: tuple[int, ...],
    kernel_shape: tuple[int, ...],
    *,
    operation: Operation = "convolution",
    padding: Padding = "full",
    padding_mode: PaddingMode = "zero",
    stride: Pair = 1,
    dilation: Pair = 1,
) -> Links:
    """Return every product of one call.

    Parameters
    ----------
    input_shape, kernel_shape : tuple of int
        (n,) and (k,), or (rows, columns) each.
    operation : {"convolution", "cross-correlation"}
        A convolution flips the kernel: window cell s is multiplied by weight k − 1 − s.
    padding : {"full", "same", "valid"}, int or (int, int)
        A mode as in `cnnlib.conv`, or how many cells are added at each end.
    padding_mode : {"zero", "reflect", "edge", "circular"}
    stride, dilation : int or (int, int)

    Returns
    -------
    Links

    Raises
    ------
    ValueError
        If a rank or a name is wrong, a size is out of range or the kernel does not fit.

    Examples
    --------
    >>> golden = link((3,), (3,))
    >>> golden.output_shape, len(golden.output)
    ((1, 5), 9)
    """
    if operation not in ("convolution", "cross-correlation"):
        raise ValueError(f"operation {operation!r}: use 'convolution' or 'cross-correlation'")
    dimensions = len(input_shape)
    if dimensions not in (1, 2) or len(kernel_shape) != dimensions:
        raise ValueError(
            f"an input of shape {input_shape} and a kernel of shape {kernel_shape}: "
            "use two arrays of one axis each, or of two"
        )
    _check_sizes(input_shape, kernel_shape)
    late = dimensions == 2 and operation == "cross-correlation"  # as correlate2d centres "same"
    steps, spread = pair("stride", stride, 1), pair("dilation", dilation, 1)
    pads = (padding, padding) if isinstance(padding, str) else pair("padding", padding, 0)
    columns = _axis(
        input_shape[-1], kernel_shape[-1], pads[1], padding_mode, steps[1], spread[1], late
    )
    if dimensions == 1:
        rows = _axis(1, 1, "valid", padding_mode, 1, 1, late)
    else:
        rows = _axis(
            input_shape[0], kernel_shape[0], pads[0], padding_mode, steps[0], spread[0], late
        )
    terms = len(rows.places) * len(columns.places) * prod(kernel_shape)
    if terms > MOST_TERMS:
        raise ValueError(
            f"{terms:,} products are more than the {MOST_TERMS:,} that can be shown: "
            "use a smaller input, kernel or padding, or a larger stride"
        )
    return _products(operation, dimensions, rows, columns)


def cell_name(cell: int, shape: tuple[int, int], dimensions: int) -> str:
    """Name a flat cell as a learner counts it: 2, or (1, 2) in two dimensions."""
    return str(cell) if dimensions == 1 else f"({cell // shape[1]}, {cell % shape[1]})"


def _check_sizes(input_shape: tuple[int, ...], kernel_shape: tuple[int, ...]) -> None:
    limits = {1: (LONGEST, LONGEST), 2: (LARGEST_INPUT, LARGEST_KERNEL)}[len(input_shape)]
    for name, shape, most in zip(
        ("input", "kernel"), (input_shape, kernel_shape), limits, strict=True
    ):
        if not 1 <= min(shape) <= max(shape) <= most:
            size = "×".join(map(str, shape))
            raise ValueError(f"{name} of size {size}: use sizes of 1 to {most}")


def _axis(
    n: int,
    kernel: int,
    padding: Mode | int,
    padding_mode: PaddingMode,
    stride: int,
    dilation: int,
    late: bool,
) -> Axis:
    sweep = Sweep(kernel, stride, dilation=dilation)
    if isinstance(padding, str):
        before, after = mode_padding(n, kernel, padding, dilation=dilation, late=late)
    else:
        before = after = padding
        output_size(n, kernel, padding=padding, dilation=dilation)
    padded = n + before + after
    if padded > _LARGEST_PADDED:
        raise ValueError(
            f"input {n} with {before + after} cells of padding: use at most "
            f"{_LARGEST_PADDED - n}, or a smaller dilation"
        )
    return Axis(
        n,
        sweep,
        before,
        after,
        windows(padded, kernel, stride=stride, dilation=dilation),
        index_map(n, before, after, padding_mode),
    )


def _products(operation: Operation, dimensions: int, rows: Axis, columns: Axis) -> Links:
    kernel_shape = rows.sweep.kernel, columns.sweep.kernel
    output_shape = len(rows.places), len(columns.places)
    padded_shape = len(rows.sources), len(columns.sources)
    shape = (*output_shape, *kernel_shape)  # (Ho, Wo, kh, kw)
    i, j, s, t = np.indices(shape, sparse=True)
    row, column = rows.places[i, s], columns.places[j, t]
    if operation == "convolution":
        s, t = kernel_shape[0] - 1 - s, kernel_shape[1] - 1 - t
    output, kernel, place, source = (
        np.broadcast_to(cells, shape).ravel()
        for cells in (
            _flat(i, j, output_shape),
            _flat(s, t, kernel_shape),
            _flat(row, column, padded_shape),
            _flat(rows.sources[row], columns.sources[column], (rows.n, columns.n)),
        )
    )
    real = source >= 0
    return Links(
        operation,
        dimensions,
        rows,
        columns,
        output[real],
        source[real],
        kernel[real],
        place[real],
        np.stack([output[~real], place[~real], kernel[~real]]),
    )


def _flat(
    rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]
) -> NDArray[np.intp]:
    """Return cells numbered row by row; −1 where either index is −1."""
    return np.where((rows < 0) | (columns < 0), -1, rows * shape[1] + columns)


def _notes(name: str, axis: Axis) -> list[str]:
    notes = []
    if axis.leftover:
        exact = (len(axis.sources) - axis.sweep.extent) / axis.sweep.stride + 1
        notes.append(
            f"Stride {axis.sweep.stride} does not fit the {name}s: {exact:.2f} outputs are "
            f"rounded down to {len(axis.places)}, as frameworks do."
        )
    if axis.unused:
        several = len(axis.unused) > 1
        listed = ", ".join(map(str, axis.unused))
        notes.append(
            f"Input {name}{'s'[:several]} {listed} {'are' if several else 'is'} never used."
        )
    return notes
