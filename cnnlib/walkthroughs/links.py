"""The products of a convolution: for each, the input cell, the weight and the output cell."""

from dataclasses import dataclass
from math import prod

import numpy as np
from numpy.typing import NDArray

from cnnlib.checks import Pair, pair
from cnnlib.geometry import Mode, PaddingMode, Sweep
from cnnlib.walkthroughs.axis import Axis, lay_axis
from cnnlib.walkthroughs.form import Operation, Transposed

Padding = Mode | Pair
LONGEST = 64
LARGEST_INPUT = 32
LARGEST_KERNEL = 15
MOST_TERMS = 80_000


@dataclass(frozen=True, eq=False)
class Links:
    """All products of a convolution or cross-correlation, as flat cell numbers.

    A one-dimensional array is a picture of one row.

    Attributes
    ----------
    rows, columns : Axis
    output, input, kernel, place : ndarray of shape (terms,)
        One entry for each product, sorted by output cell, then by place in the padded input.
    idle : ndarray of shape (3, n)
        Output, place and kernel cell for each weight that lies on zero padding.
    """

    operation: Operation | Transposed
    dimensions: int
    rows: Axis
    columns: Axis
    output: NDArray[np.intp]
    input: NDArray[np.intp]
    kernel: NDArray[np.intp]
    place: NDArray[np.intp]
    idle: NDArray[np.intp]

    @property
    def input_shape(self) -> tuple[int, int]:
        """(rows, columns) of the input."""
        return self.rows.n, self.columns.n

    @property
    def kernel_shape(self) -> tuple[int, int]:
        """(rows, columns) of the kernel."""
        return self.rows.sweep.kernel, self.columns.sweep.kernel

    @property
    def output_shape(self) -> tuple[int, int]:
        """(rows, columns) of the output."""
        return self.rows.outputs, self.columns.outputs

    @property
    def padded_shape(self) -> tuple[int, int]:
        """(rows, columns) of the input with its padding."""
        return self.rows.padded, self.columns.padded

    @property
    def shapes(self) -> dict[str, tuple[int, int]]:
        """The shapes of input, kernel and output, by name."""
        return {
            "input": self.input_shape,
            "kernel": self.kernel_shape,
            "output": self.output_shape,
        }

    @property
    def sources(self) -> NDArray[np.intp]:
        """The input cell in each cell of the padded input, −1 where zero padding is."""
        shape = self.rows.n, self.columns.n
        return _flat(self.rows.sources[:, None], self.columns.sources, shape).ravel()

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
    def nothing(self) -> str:
        """Say what an output adds up that no product reaches."""
        return "nothing but zero padding"

    @property
    def sizes(self) -> tuple[str, ...]:
        """The arithmetic of the output size, for each axis."""
        if self.dimensions == 1:
            return (self.columns.size,)
        return f"Rows: {self.rows.size}", f"Columns: {self.columns.size}"

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about a stride that does not fit, and about cells that no window reads."""
        if self.dimensions == 1:
            return self.columns.notes("cell")
        rows, columns = self.rows, self.columns
        if (rows.size, rows.unused) == (columns.size, columns.unused):
            return rows.notes("row", "column")
        return rows.notes("row") + columns.notes("column")


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
    _check_sizes(input_shape, kernel_shape)
    late = dimensions == 2 and operation == "cross-correlation"  # as correlate2d centres "same"
    pads = (padding, padding) if isinstance(padding, str) else pair("padding", padding, 0)
    steps, spread = pair("stride", stride, 1), pair("dilation", dilation, 1)
    rows, columns = (
        lay_axis(
            input_shape[axis],
            Sweep(kernel_shape[axis], steps[axis], dilation=spread[axis]),
            pads[axis],
            padding_mode,
            late=late,
        )
        if axis >= -dimensions
        else lay_axis(1, Sweep(1), "valid", padding_mode)
        for axis in (-2, -1)
    )
    terms = rows.places.size * columns.places.size
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
    if len(input_shape) not in (1, 2) or len(kernel_shape) != len(input_shape):
        raise ValueError(
            f"an input of shape {input_shape} and a kernel of shape {kernel_shape}: "
            "use two arrays of one axis each, or of two"
        )
    limits = (LONGEST, LONGEST) if len(input_shape) == 1 else (LARGEST_INPUT, LARGEST_KERNEL)
    operands = (("input", input_shape), ("kernel", kernel_shape))
    for (name, shape), most in zip(operands, limits, strict=True):
        if not 1 <= min(shape) <= max(shape) <= most:
            size = "×".join(map(str, shape))
            raise ValueError(f"{name} of size {size}: use sizes of 1 to {most}")


def _products(operation: Operation, dimensions: int, rows: Axis, columns: Axis) -> Links:
    kernel_shape = rows.sweep.kernel, columns.sweep.kernel
    output_shape = rows.outputs, columns.outputs
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
            _flat(row, column, (rows.padded, columns.padded)),
            _flat(rows.sources[row], columns.sources[column], (rows.n, columns.n)),
        )
    )
    real = source >= 0
    return Links(
        operation,
        dimensions,
        rows,
        columns,
        output=output[real],
        input=source[real],
        kernel=kernel[real],
        place=place[real],
        idle=np.stack([output[~real], place[~real], kernel[~real]]),
    )


def _flat(
    rows: NDArray[np.intp], columns: NDArray[np.intp], shape: tuple[int, int]
) -> NDArray[np.intp]:
    """Return the flat numbers of cells, row by row; −1 where either index is −1."""
    return np.where((rows < 0) | (columns < 0), -1, rows * shape[1] + columns)
