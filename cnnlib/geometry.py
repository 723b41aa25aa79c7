"""Positions: output sizes, windows, index maps, receptive fields.

No other module of the project computes a position. Every function here is about one axis; a
picture calls a function twice, once for rows and once for columns. Spans are half-open,
`(start, stop)`, in cells of the unpadded axis, so a negative cell, or one at `n` or
beyond, lies in the padding.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnlib.checks import whole

Span = tuple[int, int]
Mode = Literal["full", "same", "valid"]
PaddingMode = Literal["zero", "reflect", "edge", "circular"]

_NUMPY_PADDING = {"zero": "constant", "reflect": "reflect", "edge": "edge", "circular": "wrap"}


@dataclass(frozen=True)
class Sweep:
    """How a kernel sweeps along one axis.

    Attributes
    ----------
    kernel : int
        Number of weights along the axis, at least 1.
    stride : int
        Cells from one window to the next, at least 1.
    padding : int
        Cells added at each end, at least 0.
    dilation : int
        Cells from one weight to the next, at least 1.

    Raises
    ------
    ValueError
        If a number is not whole, or is below its least value.
    """

    kernel: int
    stride: int = 1
    padding: int = 0
    dilation: int = 1

    def __post_init__(self) -> None:
        for name, least in (("kernel", 1), ("stride", 1), ("padding", 0), ("dilation", 1)):
            whole(name, getattr(self, name), least)

    @property
    def extent(self) -> int:
        """Cells from the window's first weight to its last, both included."""
        return self.dilation * (self.kernel - 1) + 1


def output_size(
    n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> int:
    """Return how many windows fit on an axis of `n` cells.

    floor((n + 2·padding − dilation·(kernel − 1) − 1) / stride) + 1: a last window that
    would stick out is dropped, as frameworks do; `leftover` says what that costs.

    Parameters
    ----------
    n : int
        Cells of the input along this axis, at least 1.
    kernel, stride, padding, dilation : int
        See `Sweep`.

    Returns
    -------
    int
        Number of outputs, at least 1.

    Raises
    ------
    ValueError
        If the input is empty, or the kernel does not fit the padded input.

    Examples
    --------
    >>> [output_size(7, 3, stride=stride) for stride in (1, 2, 3)]
    [5, 3, 2]
    >>> output_size(3, 5)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    ...
    ValueError: kernel 5 does not fit input 3 with padding 0: use a kernel of at most 3, ...
    """
    sweep = Sweep(kernel, stride, padding, dilation)
    whole("input", n, 1)
    room = n + 2 * padding
    if sweep.extent > room:
        spread = f" with dilation {dilation} (spanning {sweep.extent})" if dilation > 1 else ""
        raise ValueError(
            f"kernel {kernel}{spread} does not fit input {n} with padding {padding}: "
            f"use a kernel of at most {(room - 1) // dilation + 1}, "
            f"or padding of at least {-((n - sweep.extent) // 2)}"
        )
    return (room - sweep.extent) // stride + 1


def output_shape(shape: tuple[int, ...], rows: Sweep, columns: Sweep) -> tuple[int, ...]:
    """Return the shape (…, H, W) after a window has swept its rows and its columns.

    Examples
    --------
    >>> output_shape((12, 28, 28), Sweep(2, stride=2), Sweep(5))
    (12, 14, 24)
    """
    *leading, height, width = shape
    return (*leading, output_size(height, **vars(rows)), output_size(width, **vars(columns)))


def leftover(n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1) -> int:
    """Return how many cells at the far end of the padded axis no window reaches.

    The stride fits exactly when this is 0, that is when
    (n + 2·padding − dilation·(kernel − 1) − 1) / stride is a whole number.

    Examples
    --------
    >>> [leftover(7, 3, stride=stride) for stride in (1, 2, 3)]
    [0, 0, 1]
    """
    outputs = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    last = Sweep(kernel, stride, padding, dilation).extent + stride * (outputs - 1)
    return n + 2 * padding - last


def input_size(outputs: int, sweep: Sweep, output_padding: int = 0) -> int:
    """Return the input size on which a sweep makes that many outputs: `output_size` inverted.

    (outputs − 1)·stride − 2·padding + dilation·(kernel − 1) + 1 + output_padding. This is the
    size of a transposed convolution's output. With a stride above 1, several input sizes give
    the same number of outputs; `output_padding` chooses one of them, and equals its `leftover`.

    Raises
    ------
    ValueError
        If `output_padding` is not below the stride, or the padding leaves no cell.

    Examples
    --------
    >>> [input_size(3, Sweep(3, stride=2, padding=1), extra) for extra in (0, 1)]
    [5, 6]
    """
    stride, padding = sweep.stride, sweep.padding
    if whole("output padding", output_padding, 0) >= stride:
        raise ValueError(
            f"output padding {output_padding} with stride {stride}: use at most {stride - 1}"
        )
    room = stride * (whole("outputs", outputs, 1) - 1) + sweep.extent + output_padding
    if room <= 2 * padding:
        raise ValueError(
            f"padding {padding} cuts off all {room} cells: use at most {(room - 1) // 2}"
        )
    return room - 2 * padding


def windows(
    n: int, kernel: int, *, stride: int = 1, padding: int = 0, dilation: int = 1
) -> NDArray[np.intp]:
    """Return the input cell under each weight of each window.

    Returns
    -------
    ndarray of shape (outputs, kernel)
        Entry [i, s] is stride·i + dilation·s − padding. A cell below 0, or at n or beyond,
        lies in the padding.

    Raises
    ------
    ValueError
        As `output_size`.

    Examples
    --------
    >>> windows(5, 3, stride=2, padding=1)
    array([[-1,  0,  1],
           [ 1,  2,  3],
           [ 3,  4,  5]])
    """
    outputs = output_size(n, kernel, stride=stride, padding=padding, dilation=dilation)
    return stride * np.arange(outputs)[:, None] + dilation * np.arange(kernel) - padding


def window_view(
    padded: NDArray, rows: Sweep, columns: Sweep, shape: tuple[int, ...], first: int = 0
) -> NDArray:
    """Return every window of an already padded picture, without copying a cell.

    Parameters
    ----------
    padded : ndarray of shape (N, C, H, W)
        The picture with its padding in place, contiguous. The padding of the sweeps is
        ignored, because the picture has it already.
    rows, columns : Sweep
        How the window moves down and across.
    shape : (int, int)
        How many windows to take down and across.
    first : int
        The cell, counted along the rows, on which the first window begins.

    Returns
    -------
    ndarray of shape (N, C, kernel rows, kernel columns, *shape)
        Entry [n, c, s, t, i, j] is the cell under weight (s, t) of window (i, j); where that
        cell would lie beyond the end of its row, the entry is a cell of the next row. Windows
        share cells, but never inside one [:, :, s, t].

    Raises
    ------
    TypeError
        If a window ends beyond the picture's memory.
    """
    step, across = padded.strides[2:]
    strides = (
        *padded.strides[:2],
        step * rows.dilation,
        across * columns.dilation,
        step * rows.stride,
        across * columns.stride,
    )
    kernel = (rows.kernel, columns.kernel)
    return np.ndarray(
        (*padded.shape[:2], *kernel, *shape), padded.dtype, padded, first * across, strides
    )


def index_map(n: int, before: int, after: int, mode: PaddingMode = "zero") -> NDArray[np.intp]:
    """Return, for each cell of a padded axis, the input cell that feeds it, or −1 for none.

    Parameters
    ----------
    n : int
        Cells of the input, at least 1.
    before, after : int
        Cells added at each end, at least 0.
    mode : {"zero", "reflect", "edge", "circular"}
        "zero" feeds the padding from no cell; "reflect" mirrors without repeating the
        end cell; "edge" repeats the end cell; "circular" starts again at the other end.

    Returns
    -------
    ndarray of shape (before + n + after,)

    Raises
    ------
    ValueError
        If the mode is unknown, the input is empty or a padding is negative.

    Examples
    --------
    >>> for mode in ("zero", "reflect", "edge", "circular"):
    ...     print(index_map(4, 2, 2, mode))
    [-1 -1  0  1  2  3 -1 -1]
    [2 1 0 1 2 3 2 1]
    [0 0 0 1 2 3 3 3]
    [2 3 0 1 2 3 0 1]
    """
    if mode not in _NUMPY_PADDING:
        raise ValueError(f"padding mode {mode!r}: use one of {', '.join(_NUMPY_PADDING)}")
    whole("input", n, 1)
    whole("padding", before, 0)
    whole("padding", after, 0)
    outside = {"constant_values": -1} if mode == "zero" else {}
    return np.pad(np.arange(n), (before, after), mode=_NUMPY_PADDING[mode], **outside)  # type: ignore[call-overload]


def mode_span(n: int, kernel: int, mode: Mode, *, late: bool = False) -> Span:
    """Return the part of the full convolution of `n` cells with `kernel` cells that a mode keeps.

    "full" keeps all n + kernel − 1 outputs, "same" the n outputs in their middle, and "valid"
    the |n − kernel| + 1 outputs for which the shorter array lies inside the longer one. An
    even kernel has two middle cells: "same" starts at the first, (kernel − 1) // 2, or with
    `late` at the second, kernel // 2.

    Raises
    ------
    ValueError
        If the mode is unknown.

    Examples
    --------
    >>> [mode_span(5, 3, mode) for mode in ("full", "same", "valid")]
    [(0, 7), (1, 6), (2, 5)]
    """
    if mode == "full":
        return 0, n + kernel - 1
    if mode == "same":
        start = kernel // 2 if late else (kernel - 1) // 2
        return start, start + n
    if mode == "valid":
        return min(n, kernel) - 1, max(n, kernel)
    raise ValueError(f"mode {mode!r}: use 'full', 'same' or 'valid'")


def mode_padding(n: int, kernel: int, mode: Mode, *, dilation: int = 1, late: bool = False) -> Span:
    """Return how many padding cells before and after the input give the outputs of a mode.

    The windows over the padded axis are the outputs of `mode_span`, in the same order.

    Raises
    ------
    ValueError
        If the mode is unknown, or is "valid" and the kernel does not fit the input.

    Examples
    --------
    >>> [mode_padding(5, 4, mode) for mode in ("full", "same", "valid")]
    [(3, 3), (2, 1), (0, 0)]
    """
    if mode == "valid":
        output_size(n, kernel, dilation=dilation)
    extent = Sweep(kernel, dilation=dilation).extent
    start, stop = mode_span(n, extent, mode, late=late)
    return extent - 1 - start, stop - n


def field(span: Span, sweep: Sweep) -> Span:
    """Return the input cells that a span of outputs depends on, padding included.

    Outputs start … stop − 1 read the cells from stride·start − padding up to, but not
    including, stride·(stop − 1) − padding + extent.

    Examples
    --------
    >>> field((0, 1), Sweep(3, padding=1))
    (-1, 2)
    """
    start, stop = span
    if stop <= start:
        raise ValueError(
            f"outputs {start} to {stop} are an empty span: let it stop after its start"
        )
    return (
        sweep.stride * start - sweep.padding,
        sweep.stride * (stop - 1) - sweep.padding + sweep.extent,
    )


def receptive_field(
    span: Span, sweeps: Sequence[Sweep], sizes: Sequence[int] | None = None
) -> list[Span]:
    """Return the field of a span of outputs in every map before it, nearest first.

    Parameters
    ----------
    span : tuple of int
        Outputs of the last layer.
    sweeps : sequence of Sweep
        The layers, first layer first.
    sizes : sequence of int, optional
        How many cells each layer's input has. Where sizes are given, each span is clipped to
        the cells that exist before it is followed further down, because padding inside a
        network depends on nothing below it.

    Returns
    -------
    list of tuple of int
        The last span is in the input of the first layer. A span is empty where a window lies
        in the padding alone.

    Examples
    --------
    >>> receptive_field((10, 11), [Sweep(5), Sweep(5)])
    [(10, 15), (10, 19)]
    >>> receptive_field((0, 1), [Sweep(3, padding=1)] * 2)
    [(-1, 2), (-2, 3)]
    >>> receptive_field((0, 1), [Sweep(3, padding=1)] * 2, sizes=(28, 28))
    [(0, 2), (0, 3)]
    """
    spans: list[Span] = []
    for layer in reversed(range(len(sweeps))):
        if span[0] < span[1]:
            span = field(span, sweeps[layer])
        if sizes is not None:
            span = clip(span, sizes[layer])
        spans.append(span)
    return spans


def clip(span: Span, n: int) -> Span:
    """Return the part of a span that lies on an axis of `n` cells.

    A span that lies wholly in the padding becomes an empty span at the nearer end.

    Examples
    --------
    >>> clip((-1, 2), 7), clip((6, 9), 7), clip((-4, -1), 7)
    ((0, 2), (6, 7), (0, 0))
    """
    start, stop = (min(max(end, 0), n) for end in span)
    return start, stop
