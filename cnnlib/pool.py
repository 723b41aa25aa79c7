"""Pooling: each map on its own, one number for each window, no parameters.

Names and argument order are those of `torch.nn.functional`. A stride that is not given is the
kernel's size. Where the stride does not fit, the last cells are dropped (`geometry.leftover`).
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import Pair, pair, real_array
from cnnlib.geometry import Sweep, output_shape, window_view


def max_pool2d(
    x: ArrayLike, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0
) -> NDArray:
    """Keep the largest value of each window; padding never wins.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
    kernel_size : int or (int, int)
        Rows and columns of the window.
    stride : int or (int, int), optional
        From one window to the next; the kernel's size unless given.
    padding : int or (int, int)
        At most half the kernel, so that every window holds a cell of the input.

    Returns
    -------
    ndarray of shape (N, C, Ho, Wo)

    Raises
    ------
    ValueError
        If the input is empty, of another rank or not finite, or the sizes do not fit.

    Examples
    --------
    >>> x = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    >>> max_pool2d(x[None, None], 2)[0, 0]
    array([[6, 8],
           [3, 4]])
    """
    x = real_array("input", x, "NCHW")
    cells = _cells(x, *pool_sweeps(kernel_size, stride, padding), _lowest(x.dtype))
    y = cells[:, :, 0, 0].copy()  # (N, C, Ho, Wo)
    for s, t in np.ndindex(cells.shape[2:4]):
        np.maximum(y, cells[:, :, s, t], out=y)
    return y


def max_pool2d_grad(
    x: ArrayLike,
    grad_output: ArrayLike,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
) -> NDArray:
    """Return the gradient with respect to the input: each window's goes to its winner alone.

    On a tie, where the derivative does not exist, the winner is the first of the largest cells
    in row-major order, as in PyTorch; the result is then a sub-gradient.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
        The input that was pooled.
    grad_output : array_like of shape (N, C, Ho, Wo)
    kernel_size, stride, padding
        As in `max_pool2d`.

    Returns
    -------
    ndarray of shape (N, C, H, W)

    Raises
    ------
    ValueError
        As `max_pool2d`; and if `grad_output` does not have the shape of the output.
    """
    x = real_array("input", x, "NCHW")
    rows, columns = pool_sweeps(kernel_size, stride, padding)
    grad = _matching_grad(grad_output, x.shape, rows, columns)
    cells = _cells(x, rows, columns, _lowest(x.dtype))
    n, c, kh, kw, height, width = cells.shape
    winner = cells.reshape(n, c, kh * kw, height, width).argmax(2)  # (N, C, Ho, Wo), the first
    wins = np.arange(kh * kw).reshape(kh, kw, 1, 1) == winner[:, :, None, None]
    return _gather(x.shape, rows, columns, wins * grad[:, :, None, None])


def avg_pool2d(
    x: ArrayLike, kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0
) -> NDArray:
    """Average each window; padding counts as zeros, as by default in PyTorch.

    Parameters
    ----------
    x, kernel_size, stride, padding
        As in `max_pool2d`.

    Returns
    -------
    ndarray of shape (N, C, Ho, Wo)
        Of floating point.

    Raises
    ------
    ValueError
        As `max_pool2d`.

    Examples
    --------
    >>> x = np.array([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]])
    >>> avg_pool2d(x[None, None], 2)[0, 0]
    array([[3.25, 5.25],
           [2.  , 2.  ]])
    """
    x = real_array("input", x, "NCHW")
    cells = _cells(x, *pool_sweeps(kernel_size, stride, padding), 0)
    return cells.mean((2, 3))  # (N, C, Ho, Wo)


def avg_pool2d_grad(
    input_size: tuple[int, int, int, int],
    grad_output: ArrayLike,
    kernel_size: Pair,
    stride: Pair | None = None,
    padding: Pair = 0,
) -> NDArray:
    """Return the gradient with respect to the input: every cell of a window gets the same share.

    Parameters
    ----------
    input_size : tuple of int
        (N, C, H, W).
    grad_output : array_like of shape (N, C, Ho, Wo)
    kernel_size, stride, padding
        As in `avg_pool2d`.

    Returns
    -------
    ndarray of shape (N, C, H, W)

    Raises
    ------
    ValueError
        As `max_pool2d_grad`.
    """
    rows, columns = pool_sweeps(kernel_size, stride, padding)
    grad = _matching_grad(grad_output, input_size, rows, columns)
    share = grad[:, :, None, None] / (rows.kernel * columns.kernel)
    return _gather(input_size, rows, columns, share)


def lp_pool2d(
    x: ArrayLike, norm_type: float, kernel_size: Pair, stride: Pair | None = None
) -> NDArray:
    """Take each window's p-norm (Σ |x|^p)^(1/p); `norm_type` 2 is L2-norm pooling.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
    norm_type : float
        The p, at least 1.
    kernel_size, stride
        As in `max_pool2d`.

    Returns
    -------
    ndarray of shape (N, C, Ho, Wo)
        Of floating point.

    Raises
    ------
    ValueError
        As `max_pool2d`; and if p is below 1 or not finite.

    Notes
    -----
    PyTorch leaves out the absolute value. For an even p the result is the same; for an odd p
    PyTorch returns NaN or 0 where a window's sum is negative, and that is no norm.

    Examples
    --------
    >>> lp_pool2d([[[[3.0, 4.0]]]], 2, (1, 2))
    array([[[[5.]]]])
    """
    x = real_array("input", x, "NCHW")
    return _norm(np.abs(_cells(x, *pool_sweeps(kernel_size, stride), 0)), norm_type)


def lp_pool2d_grad(
    x: ArrayLike,
    norm_type: float,
    grad_output: ArrayLike,
    kernel_size: Pair,
    stride: Pair | None = None,
) -> NDArray:
    """Return the gradient with respect to the input: sign(x) · (|x| / norm)^(p−1) for each cell.

    A norm of 0 has no derivative; there 0 is returned.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
        The input that was pooled.
    norm_type, kernel_size, stride
        As in `lp_pool2d`.
    grad_output : array_like of shape (N, C, Ho, Wo)

    Returns
    -------
    ndarray of shape (N, C, H, W)

    Raises
    ------
    ValueError
        As `lp_pool2d`; and if `grad_output` does not have the shape of the output.
    """
    x = real_array("input", x, "NCHW")
    rows, columns = pool_sweeps(kernel_size, stride)
    grad = _matching_grad(grad_output, x.shape, rows, columns)
    cells = _cells(x, rows, columns, 0)
    norm = _norm(np.abs(cells), norm_type)[:, :, None, None]
    ratio = np.abs(cells) / np.where(norm > 0, norm, 1)
    return _gather(
        x.shape, rows, columns, np.sign(cells) * ratio ** (norm_type - 1) * grad[:, :, None, None]
    )


def _norm(sizes: NDArray, p: float) -> NDArray:
    """Return the p-norm of each window; cells are divided by the largest so that none overflows."""
    if not 1 <= p < np.inf:
        raise ValueError(f"norm_type {p}: use a finite number of 1 or more")
    largest = sizes.max((2, 3))
    ratio = sizes / np.where(largest > 0, largest, 1)[:, :, None, None]
    return largest * (ratio**p).sum((2, 3)) ** (1 / p)


def _lowest(dtype: np.dtype) -> float | int:
    return -np.inf if dtype.kind == "f" else np.iinfo(dtype).min


def pool_sweeps(
    kernel_size: Pair, stride: Pair | None = None, padding: Pair = 0
) -> tuple[Sweep, Sweep]:
    """Return how a pooling window moves down and across.

    Raises
    ------
    ValueError
        If a number is out of range, or the padding more than half of the kernel.
    """
    kernel = pair("kernel_size", kernel_size, 1)
    steps = kernel if stride is None else pair("stride", stride, 1)
    margins = pair("padding", padding, 0)
    for size, margin in zip(kernel, margins, strict=True):
        if margin > size // 2:
            raise ValueError(
                f"padding {margin} is more than half of kernel {size}: use at most {size // 2}"
            )
    rows, columns = map(Sweep, kernel, steps, margins)
    return rows, columns


def _padded(
    shape: tuple[int, ...], rows: Sweep, columns: Sweep, fill: float, dtype: np.dtype
) -> tuple[NDArray, NDArray]:
    """Return two views of one array of `fill`: the input's place in it, and all windows."""
    n, c, height, width = shape
    windows = output_shape(shape, rows, columns)[2:]
    above, left = rows.padding, columns.padding
    padded = np.full((n, c, height + 2 * above, width + 2 * left), fill, dtype)
    inside = padded[:, :, above : above + height, left : left + width]
    return inside, window_view(padded, rows, columns, windows)


def _cells(x: NDArray, rows: Sweep, columns: Sweep, fill: float) -> NDArray:
    """Return the cells of all windows (N, C, kh, kw, Ho, Wo), with `fill` in the padding."""
    if not (rows.padding or columns.padding):
        windows = output_shape(x.shape, rows, columns)[2:]
        return window_view(np.ascontiguousarray(x), rows, columns, windows)
    inside, cells = _padded(x.shape, rows, columns, fill, x.dtype)
    inside[:] = x
    return cells


def _gather(shape: tuple[int, ...], rows: Sweep, columns: Sweep, shares: NDArray) -> NDArray:
    """Add up what each input cell gets from the windows that it lies in."""
    inside, cells = _padded(shape, rows, columns, 0, shares.dtype)
    shares = np.broadcast_to(shares, cells.shape)  # (N, C, kh, kw, Ho, Wo)
    for s, t in np.ndindex(cells.shape[2:4]):  # under one (s, t) no two windows share a cell
        cells[:, :, s, t] += shares[:, :, s, t]
    return np.ascontiguousarray(inside)  # (N, C, H, W)


def _matching_grad(
    grad_output: ArrayLike, shape: tuple[int, ...], rows: Sweep, columns: Sweep
) -> NDArray:
    grad = real_array("grad_output", grad_output, "NCHW")
    if grad.shape != output_shape(shape, rows, columns):
        raise ValueError(
            f"grad_output has shape {grad.shape}, the output "
            f"{output_shape(shape, rows, columns)}: use one gradient for each output"
        )
    return grad
