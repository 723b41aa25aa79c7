"""One call of a convolution layer: its shapes, and its windows as the columns of a matrix."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property, lru_cache
from itertools import product
from math import prod
from types import EllipsisType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import Pair, pair, real_array, whole
from cnnlib.geometry import Sweep, output_shape, window_view, windows

BLOCK = 45 * 1024  # numbers of one block of windows, 180 KiB in float32


@dataclass(frozen=True)
class Plan:
    """The checked shapes and hyperparameters of one call of the layer."""

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
    unbroken: bool  # output rows are as long as input rows, and the windows move cell by cell
    block: int  # the most output rows that are computed together

    @cached_property
    def grouped(self) -> tuple[int, int, int, int]:
        """The output's shape with filters by group and positions in a row: (N, G, O/G, Ho·Wo)."""
        n, filters, height, width = self.output_shape
        return n, self.groups, filters // self.groups, height * width

    @cached_property
    def blocks(self) -> list[tuple[slice, slice]]:
        """The output rows that are computed together, and the same as output positions."""
        height, width = self.output_shape[2:]
        firsts = range(0, height, self.block)
        rows = [slice(first, min(first + self.block, height)) for first in firsts]
        return [(part, slice(part.start * width, part.stop * width)) for part in rows]

    @cached_property
    def outside(self) -> list[tuple[int, slice]]:
        """Each weight column with a slice of the output columns that put it into the padding."""
        width = self.input_shape[3]
        across = windows(width, **vars(self.columns))  # (Wo, kw)
        before, within = (across < 0).sum(0), (across < width).sum(0)
        left = [(t, slice(0, stop)) for t, stop in enumerate(before) if stop]
        return left + [(t, slice(s, None)) for t, s in enumerate(within) if s < len(across)]

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
    row = channels * prod(kernel) * output[3]  # numbers in the windows of one output row
    return Plan(
        rows=rows,
        columns=columns,
        input_shape=(n, channels, height, width),
        padded_shape=(n, channels, height + 2 * above, width + 2 * left),
        output_shape=output,
        groups=groups,
        filters_per_group=filters // groups,
        depth=depth,
        kernel=(rows.kernel, columns.kernel),
        inside=(..., slice(above, above + height), slice(left, left + width)),
        unbroken=columns.stride == 1 and columns.extent == 2 * left + 1 and left < width,
        block=max(1, BLOCK // row),
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
    """Yield a sample, some of its outputs, and their windows as a matrix (G, C/G·kh·kw, outputs).

    Each window is a column; the outputs are counted row by row. Each matrix is small enough
    for the processor's cache, so that a large picture never becomes one huge matrix.
    """
    cells = _unbroken_windows(x, plan) if plan.unbroken else padded_windows(x, plan)[1]
    for n, (rows, outputs) in product(range(len(x)), plan.blocks):
        block = cells[n, :, :, :, rows].copy()  # (C, kh, kw, rows, Wo)
        if plan.unbroken:
            for t, outputs_outside in plan.outside:
                block[:, :, t, :, outputs_outside] = 0
        yield n, outputs, block.reshape(plan.groups, -1, outputs.stop - outputs.start)


def padded_windows(x: NDArray, plan: Plan) -> tuple[NDArray, NDArray]:
    """Return x in zero padding (N, C, H + 2p, W + 2p), and all windows (N, C, kh, kw, Ho, Wo)."""
    padded = np.zeros(plan.padded_shape, x.dtype)
    padded[plan.inside] = x
    return padded, window_view(padded, plan.rows, plan.columns, plan.output_shape[2:])


def _unbroken_windows(x: NDArray, plan: Plan) -> NDArray:
    """Return a view of all windows in which each weight reads one unbroken run of memory.

    Such a run is copied several times faster than row after row. But the view has no padding
    at the sides: instead of the cell before a row stands the last cell of the row above, and
    instead of the cell after a row the first cell of the row below. `columns_of` makes these
    cells 0.
    """
    n, channels, height, width = x.shape
    above, left = plan.rows.padding, plan.columns.padding
    padded = np.zeros((n, channels, height + 2 * above + 2, width), x.dtype)
    padded[:, :, above + 1 : above + 1 + height] = x
    return window_view(padded, plan.rows, plan.columns, plan.output_shape[2:], width - left)
