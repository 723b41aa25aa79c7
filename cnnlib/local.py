"""A locally connected layer: the windows of a convolution, each with weights of its own.

A convolution slides one filter over all positions. Here every output position has a filter that
is used at no other position, so there are as many products, but Ho·Wo times as many weights.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import Pair, pair, real_array
from cnnlib.geometry import Sweep, output_shape, window_view


def local2d(
    x: ArrayLike, w: ArrayLike, bias: ArrayLike, *, stride: Pair = 1, padding: Pair = 0
) -> NDArray:
    """Return y[n, o, i, j] = bias[o, i, j] + Σ_cst w[o, i, j, c, s, t] x[n, c, S·i + s, S·j + t].

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
        The sum above reads it with its zero padding.
    w : array_like of shape (O, Ho, Wo, C, kh, kw)
        The filter at each output position.
    bias : array_like of shape (O, Ho, Wo)
    stride, padding : int or (int, int)
        As in `conv.conv2d`.

    Returns
    -------
    ndarray of shape (N, O, Ho, Wo)

    Raises
    ------
    ValueError
        If an array is of another rank or not finite, or the weights are for other positions.

    Examples
    --------
    >>> ones = np.ones((1, 1, 2, 2))
    >>> local2d(ones, np.arange(4).reshape(1, 2, 2, 1, 1, 1), np.zeros((1, 2, 2)))[0, 0]
    array([[0., 1.],
           [2., 3.]])
    """
    x, w = real_array("input", x, "NCHW"), real_array("weight", w, "OHWCST")
    windows = _windows(x, w.shape, stride, padding)
    y = windows @ _filters(w).swapaxes(1, 2)  # (Ho·Wo, N, O)
    y = y.transpose(1, 2, 0).reshape(len(x), *w.shape[:3])  # (N, O, Ho, Wo)
    return y + real_array("bias", bias, "OHW")


def local2d_input_grad(
    x_shape: tuple[int, ...],
    w: ArrayLike,
    grad_output: ArrayLike,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
) -> NDArray:
    """Return the gradient with respect to the input (N, C, H, W), given the output's.

    Each output's gradient goes back to the window that it read, through its own filter.
    """
    w, grad = real_array("weight", w, "OHWCST"), real_array("gradient", grad_output, "NOHW")
    rows, columns = local_sweeps(x_shape, w.shape, stride, padding)
    parts = _positions(grad) @ _filters(w)  # (Ho·Wo, N, C·kh·kw)
    cells = parts.reshape(*w.shape[1:3], len(grad), *w.shape[3:])  # (Ho, Wo, N, C, kh, kw)
    n, channels, height, width = x_shape
    above, left = rows.padding, columns.padding
    padded = np.zeros((n, channels, height + 2 * above, width + 2 * left), parts.dtype)
    # Windows overlap in `view`, but never inside one [:, :, s, t].
    view = window_view(padded, rows, columns, (w.shape[1], w.shape[2]))
    for s, t in np.ndindex(w.shape[4:]):
        view[:, :, s, t] += cells[..., s, t].transpose(2, 3, 0, 1)  # (N, C, Ho, Wo)
    return padded[:, :, above : above + height, left : left + width]


def local2d_weight_grad(
    x: ArrayLike,
    w_shape: tuple[int, ...],
    grad_output: ArrayLike,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
) -> NDArray:
    """Return the gradient with respect to the weights (O, Ho, Wo, C, kh, kw).

    The gradient of one filter is its window times its output's gradient, summed over the
    samples. The gradient of the biases is the output's gradient, summed over the samples.
    """
    x, grad = real_array("input", x, "NCHW"), real_array("gradient", grad_output, "NOHW")
    windows = _windows(x, w_shape, stride, padding)
    outer = _positions(grad).swapaxes(1, 2) @ windows  # (Ho·Wo, O, C·kh·kw)
    return outer.swapaxes(0, 1).reshape(w_shape)


def local_sweeps(
    x_shape: tuple[int, ...], w_shape: tuple[int, ...], stride: Pair, padding: Pair
) -> tuple[Sweep, Sweep]:
    """Return how the windows move down and across; ValueError says what does not fit.

    The input is (N, C, H, W), the weights are (O, Ho, Wo, C, kh, kw).
    """
    moves = (w_shape[4:], pair("stride", stride, 1), pair("padding", padding, 0))
    rows, columns = (Sweep(*axis) for axis in zip(*moves, strict=True))
    positions = output_shape(x_shape[2:], rows, columns)
    if positions != w_shape[1:3] or x_shape[1] != w_shape[3]:
        raise ValueError(
            f"weights for {w_shape[1]}×{w_shape[2]} positions of {w_shape[3]} maps, and the input "
            f"has {positions[0]}×{positions[1]} of {x_shape[1]}: a locally connected layer fits "
            "one size of input alone"
        )
    return rows, columns


def _windows(x: NDArray, w_shape: tuple[int, ...], stride: Pair, padding: Pair) -> NDArray:
    """Return each position's windows as rows of a matrix, (Ho·Wo, N, C·kh·kw)."""
    rows, columns = local_sweeps(x.shape, w_shape, stride, padding)
    above, left = rows.padding, columns.padding
    padded = np.pad(x, ((0, 0), (0, 0), (above, above), (left, left)))
    view = window_view(padded, rows, columns, (w_shape[1], w_shape[2]))  # (N, C, kh, kw, Ho, Wo)
    return view.transpose(4, 5, 0, 1, 2, 3).reshape(w_shape[1] * w_shape[2], len(x), -1)


def _filters(w: NDArray) -> NDArray:
    """Return each position's filters as rows of a matrix, (Ho·Wo, O, C·kh·kw)."""
    return w.reshape(len(w), w.shape[1] * w.shape[2], -1).swapaxes(0, 1)


def _positions(grad: NDArray) -> NDArray:
    """Return an output's gradient by position, (Ho·Wo, N, O)."""
    return grad.reshape(*grad.shape[:2], -1).transpose(2, 0, 1)
