"""One call of a convolution layer: its shapes, and its windows as the columns of a matrix."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from math import ceil, prod
from types import EllipsisType

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from cnnlib.checks import Pair, pair, real_array, whole
from cnnlib.geometry import Sweep, output_shape, window_view, windows

BLOCK = 45 * 1024  # numbers of one block of windows, 180 KiB in float32


@dataclass(frozen=True)
class Plan:
    """What one call of the layer does to its shapes, checked."""

    rows: Sweep
    columns: Sweep
    input_shape: tuple[int, ...]
    padded_shape: tuple[int, ...]
    output_shape: tuple[int, ...]
    groups: int
    filters_per_group: int
    depth: int  # maps that one filter reads
    kernel: tuple[int, int]
    inside: tuple[EllipsisType, slice, slice]  # the input within its padding
    width: int  # columns of the matrix for each output row, of which the first Wo count
    block: int  # output rows that are computed together

    def blocks(self) -> Iterator[tuple[int, slice]]:
        """Yield each sample with each slice of output rows to compute together."""
        height = self.output_shape[2]
        for n in range(self.output_shape[0]):
            for first in range(0, height, self.block):
                yield n, slice(first, min(first + self.block, height))

    def windows(self) -> tuple[NDArray[np.intp], NDArray[np.intp]]:
        """Return the input row under each weight row of each output row, and the same across."""
        height, width = self.input_shape[2:]
        return windows(height, **vars(self.rows)), windows(width, **vars(self.columns))


def make_plan(
    x_shape: tuple[int, ...],
    w_shape: tuple[int, ...],
    stride: Pair,
    padding: Pair,
    dilation: Pair,
    groups: int,
) -> Plan:
    """Check a call's sizes and hyperparameters; ValueError says what does not fit."""
    return _cached_plan(
        tuple(x_shape),
        tuple(w_shape),
        pair("stride", stride, 1),
        pair("padding", padding, 0),
        pair("dilation", dilation, 1),
        whole("groups", groups, 1),
    )


@lru_cache(maxsize=256)
def _cached_plan(
    x_shape: tuple[int, ...],
    w_shape: tuple[int, ...],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
    groups: int,
) -> Plan:
    for name, shape in (("input", x_shape), ("weight", w_shape)):
        if len(shape) != 4 or min(shape) < 1:
            raise ValueError(f"{name} size {shape}: use 4 sizes of at least 1")
    n, channels, height, width = x_shape
    filters, depth, *kernel = w_shape
    if channels % groups or filters % groups:
        raise ValueError(
            f"groups {groups} does not divide both {channels} input maps and {filters} filters: "
            "use a number that divides both"
        )
    if depth * groups != channels:
        raise ValueError(
            f"filters of depth {depth} in {groups} group(s) do not span the input's "
            f"{channels} maps: use filters of depth {channels // groups}"
        )
    rows, columns = map(Sweep, kernel, stride, padding, dilation)
    output = output_shape((n, filters, height, width), rows, columns)
    above, left = padding
    full_width = width + 2 * left
    # Where the kernel is nearly as wide as the input, most of what runs on would be cropped.
    unbroken = columns.stride == 1 and 2 * output[-1] > full_width
    swept = full_width if unbroken else output[-1]
    row = channels * prod(kernel) * swept  # numbers in the windows of one output row
    return Plan(
        rows=rows,
        columns=columns,
        input_shape=(n, channels, height, width),
        padded_shape=(n, channels, height + 2 * above + 1, full_width),
        output_shape=output,
        groups=groups,
        filters_per_group=filters // groups,
        depth=depth,
        kernel=(rows.kernel, columns.kernel),
        inside=(..., slice(above, above + height), slice(left, left + width)),
        width=swept,
        block=ceil(output[2] / ceil(row * output[2] / BLOCK)),
    )


def prepare(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None,
    stride: Pair,
    padding: Pair,
    dilation: Pair,
    groups: int,
) -> tuple[NDArray, NDArray, NDArray, Plan]:
    """Check a call's arguments and bring its arrays to their common dtype."""
    x = real_array("input", x, "NCHW")
    w = real_array("weight", w, "OCHW")
    bias = np.zeros(len(w), w.dtype) if bias is None else real_array("bias", bias, "O")
    if len(bias) != len(w):
        raise ValueError(f"bias of {len(bias)} for {len(w)} filters: use one for each filter")
    plan = make_plan(x.shape, w.shape, stride, padding, dilation, groups)
    if not x.dtype == w.dtype == bias.dtype:
        dtype = np.result_type(x, w, bias)
        x, w, bias = x.astype(dtype), w.astype(dtype), bias.astype(dtype)
    return x, w, bias, plan


def columns_of(x: NDArray, plan: Plan) -> Iterator[tuple[int, slice, NDArray]]:
    """Yield sample, output rows, and the windows of these as a matrix (G, C/G·kh·kw, positions).

    Each window is a column; there are rows·width of them. A block fits the processor's
    cache, and a large picture never becomes one huge matrix.
    """
    padded, cells = padded_windows(plan, x.dtype)
    padded[plan.inside] = x
    for n, rows in plan.blocks():
        block = cells[n, :, :, :, rows]  # (C, kh, kw, rows, width)
        yield n, rows, block.reshape(plan.groups, -1, block.shape[3] * plan.width)


def padded_windows(plan: Plan, dtype: DTypeLike) -> tuple[NDArray, NDArray]:
    """Return zeros (N, C, H + 2p + 1, W + 2p) and a view of all their windows.

    Under a stride of 1 the windows run on past the end of each row into the next one, and
    from the last row into a spare one: `plan.width` of them for each output row, of which
    only the first Wo are outputs. So each weight reads one unbroken run of memory, which
    is copied several times faster than row by row.
    """
    padded = np.zeros(plan.padded_shape, dtype)
    shape = (plan.output_shape[2], plan.width)
    return padded, window_view(padded, plan.rows, plan.columns, shape)


def widened(grad: NDArray, plan: Plan, dtype: DTypeLike) -> NDArray:
    """Return a gradient (N, O, Ho, Wo) as (N, G, O/G, Ho, width), zero where no output is."""
    n, filters, height, width = plan.output_shape
    wide = np.zeros((n, filters, height, plan.width), dtype)
    wide[..., :width] = grad
    return wide.reshape(n, plan.groups, plan.filters_per_group, height, plan.width)
