"""One call of a convolution layer: its shapes, and its windows as the columns of a matrix."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from types import EllipsisType

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import Pair, pair, real_array, whole
from cnnlib.geometry import Sweep, output_shape, window_view, windows


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

    @property
    def product_shape(self) -> tuple[int, int, int, int]:
        """The output with its filters by group and its positions in one row."""
        n, _, height, width = self.output_shape
        return n, self.groups, self.filters_per_group, height * width

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
    above, left = padding
    return Plan(
        rows=rows,
        columns=columns,
        input_shape=(n, channels, height, width),
        padded_shape=(n, channels, height + 2 * above, width + 2 * left),
        output_shape=output_shape((n, filters, height, width), rows, columns),
        groups=groups,
        filters_per_group=filters // groups,
        depth=depth,
        kernel=(rows.kernel, columns.kernel),
        inside=(..., slice(above, above + height), slice(left, left + width)),
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


def columns_of(x: NDArray, plan: Plan) -> Iterator[NDArray]:
    """Yield each sample's windows as the columns of a matrix (G, C/G·kh·kw, Ho·Wo).

    One buffer serves all samples, so that it stays in the processor's cache: use each
    matrix before taking the next one.
    """
    if x.shape != plan.padded_shape:
        padded = np.zeros(plan.padded_shape, x.dtype)  # (N, C, H+2p, W+2p)
        padded[plan.inside] = x
        x = padded
    cells = window_view(x, plan.rows, plan.columns)  # (N, C, kh, kw, Ho, Wo)
    buffer = np.empty(cells.shape[1:], x.dtype)  # (C, kh, kw, Ho, Wo)
    matrix = buffer.reshape(plan.groups, -1, plan.product_shape[-1])
    for sample in cells:
        np.copyto(buffer, sample)
        yield matrix
