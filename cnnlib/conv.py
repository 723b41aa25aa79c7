"""Convolution and cross-correlation, in one and two dimensions, and as a layer.

A convolution flips its kernel, a cross-correlation does not. The layer that frameworks call
a convolution layer computes a cross-correlation; `conv2d` is that layer.
"""

from itertools import product

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import Pair, real_array
from cnnlib.columns import Plan, columns_of, make_plan, padded_windows, prepare
from cnnlib.geometry import Mode, mode_span


def convolve(a: ArrayLike, v: ArrayLike, mode: Mode = "full") -> NDArray:
    """Convolve two sequences: (a∗v)_t = Σ_τ a_τ v_{t−τ}.

    Parameters
    ----------
    a : array_like of shape (M,)
    v : array_like of shape (N,)
    mode : {"full", "same", "valid"}
        Which t are returned, see below.

    Returns
    -------
    ndarray
        "full": t = 0 … M+N−2. "same": the M outputs from t = (N−1)//2 on, so that `a`
        keeps its length and, for an even N, the extra output is cut off at the end.
        "valid": the |M−N|+1 outputs from t = min(M, N)−1 on, which use no padding.

    Raises
    ------
    ValueError
        If an array is empty, not one-dimensional or not finite, or the mode is unknown.

    Notes
    -----
    Argument order and modes are those of `scipy.signal.convolve`. The trap: "same" is as
    long as `a`, the first argument, even where `v` is longer; `numpy.convolve` takes the
    longer one. Integers are computed in int64; NumPy's uint8 would wrap around.

    Examples
    --------
    >>> convolve([2, -1, 1], [1, 1, 2])
    array([ 2,  1,  4, -1,  2])
    """
    return _convolve(real_array("a", a, "M"), real_array("v", v, "N"), mode)


def correlate(a: ArrayLike, v: ArrayLike, mode: Mode = "valid") -> NDArray:
    """Cross-correlate two sequences: (a⊗v)_t = Σ_τ a_{t+τ} v_τ, the kernel not flipped.

    Parameters
    ----------
    a : array_like of shape (M,)
    v : array_like of shape (N,)
        The kernel that slides along `a`.
    mode : {"full", "same", "valid"}
        Which t are returned, see below.

    Returns
    -------
    ndarray
        "full": t = −(N−1) … M−1. "same": the M outputs from t = −(N//2) on, where the
        kernel's middle, or the second one of an even N, lies on a_0. "valid":
        t = 0 … M−N; where `v` is the longer one, t = −(N−M) … 0.

    Raises
    ------
    ValueError
        As `convolve`.

    Notes
    -----
    Argument order and modes are those of `scipy.signal.correlate`; the default mode is that
    of `numpy.correlate`. The trap: exchanging the arguments reverses the result. This holds
    under "valid" too, although SciPy itself exchanges the arguments when `v` is the longer
    one: it then reverses the result. No complex conjugate is taken, because all numbers are
    real.

    Examples
    --------
    >>> correlate([2, -1, 1], [1, 1, 2], "full")
    array([4, 0, 3, 0, 1])
    >>> correlate([1, 1, 2], [2, -1, 1], "full")
    array([1, 0, 3, 0, 4])
    """
    return _convolve(real_array("a", a, "M"), real_array("v", v, "N")[::-1], mode)


def convolve2d(a: ArrayLike, v: ArrayLike, mode: Mode = "full") -> NDArray:
    """Convolve two pictures: (a∗v)_ij = Σ_s Σ_t a_st v_{i−s, j−t}.

    Parameters
    ----------
    a : array_like of shape (H, W)
    v : array_like of shape (kh, kw)
    mode : {"full", "same", "valid"}
        Which (i, j) are returned: for rows and for columns as in `convolve`.

    Returns
    -------
    ndarray
        "full": (H+kh−1, W+kw−1). "same": (H, W). "valid": (|H−kh|+1, |W−kw|+1).

    Raises
    ------
    ValueError
        As `convolve`; and under "valid" if neither picture contains the other.

    Notes
    -----
    Argument order and modes are those of `scipy.signal.convolve2d` with zero padding.

    Examples
    --------
    >>> convolve2d([[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]])
    array([[ 1,  5,  7,  2],
           [ 0, -2, -4,  1],
           [ 2,  6,  4, -3],
           [ 0, -2, -2,  1]])
    """
    return _convolve(real_array("a", a, "HW"), real_array("v", v, "HW"), mode)


def correlate2d(a: ArrayLike, v: ArrayLike, mode: Mode = "valid") -> NDArray:
    """Cross-correlate two pictures: (a⊗v)_ij = Σ_s Σ_t a_{i+s, j+t} v_st.

    Parameters
    ----------
    a : array_like of shape (H, W)
    v : array_like of shape (kh, kw)
        The kernel that slides over `a`.
    mode : {"full", "same", "valid"}
        Which (i, j) are returned: for rows and for columns as in `correlate`, except for an
        even kernel under "same", see below.

    Returns
    -------
    ndarray
        Shapes as `convolve2d`.

    Raises
    ------
    ValueError
        As `convolve2d`.

    Notes
    -----
    Modes and argument order are those of `scipy.signal.correlate2d` with zero padding,
    whose default mode is "full". The trap: for an even kernel, "same" starts at
    i = −((kh−1)//2), one later than in `correlate`, so that the first of the two middle
    cells lies on a_00. SciPy's two functions differ in the same way.

    Examples
    --------
    >>> correlate2d([[1, 2, 3], [4, 5, 6], [7, 8, 9]], [[1, 0], [0, -1]])
    array([[-4, -4],
           [-4, -4]])
    """
    kernel = real_array("v", v, "HW")[::-1, ::-1]
    return _convolve(real_array("a", a, "HW"), kernel, mode, late=True)


def _convolve(a: NDArray, v: NDArray, mode: Mode, *, late: bool = False) -> NDArray:
    """Translate and scale: each kernel cell adds its multiple of `a`, shifted to that cell."""
    sizes = list(zip(a.shape, v.shape, strict=True))
    kept = [mode_span(n, k, mode, late=late) for n, k in sizes]
    if mode == "valid" and any(n > k for n, k in sizes) and any(n < k for n, k in sizes):
        raise ValueError(
            f"mode 'valid' has no place for {v.shape} on {a.shape}: "
            "let one of them be at least as large as the other along every axis"
        )
    full = np.zeros([n + k - 1 for n, k in sizes], np.result_type(a, v))
    image, kernel = (a, v) if v.size <= a.size else (v, a)  # either order gives the same sums
    for shift, weight in np.ndenumerate(kernel):
        place = tuple(slice(s, s + n) for s, n in zip(shift, image.shape, strict=True))
        full[place] += weight * image
    return full[tuple(slice(*span) for span in kept)]


def conv2d_loops(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> NDArray:
    """Compute `conv2d` as it is defined, one product at a time: slow, and easy to read."""
    x, w, bias, plan = prepare(x, w, bias, stride, padding, dilation, groups)
    rows, columns = plan.windows()  # input row under weight row s of output row i: rows[i, s]
    y = np.zeros(plan.output_shape, x.dtype)  # (N, O, Ho, Wo)
    for n, o, i, j in np.ndindex(y.shape):
        first = o // plan.filters_per_group * plan.depth
        y[n, o, i, j] = bias[o]
        for c, s, t in np.ndindex(w.shape[1:]):
            row, column = rows[i, s], columns[j, t]
            if 0 <= row < x.shape[2] and 0 <= column < x.shape[3]:  # padding adds nothing
                y[n, o, i, j] += w[o, c, s, t] * x[n, first + c, row, column]
    return y


def conv2d(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> NDArray:
    """Apply a convolution layer, which is a cross-correlation over the full depth.

    y[n, o, i, j] = bias[o] + Σ_c Σ_s Σ_t w[o, c, s, t] · x[n, c, row, column], with
    row = stride·i + dilation·s − padding, and column in the same way; outside the input x is 0.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
        A batch of N inputs with C maps each.
    w : array_like of shape (O, C / groups, kh, kw)
        O filters.
    bias : array_like of shape (O,), optional
    stride, padding, dilation : int or (int, int)
        For rows and for columns; one number stands for both.
    groups : int
        How many groups filters and maps are divided into; a filter reads its own group.

    Returns
    -------
    ndarray of shape (N, O, Ho, Wo)
        Its dtype is the one that NumPy gives to the arguments together, int64 for integers. See
        `geometry.output_size` for Ho and Wo, and `geometry.leftover` for a stride that
        does not fit.

    Raises
    ------
    ValueError
        If an array is empty, of another rank or not finite, the depths do not match, a
        hyperparameter is out of range or the kernel does not fit the padded input.

    Notes
    -----
    Each window becomes one column of a matrix, and one matrix product does the rest
    (K. Chellapilla, S. Puri and P. Simard, "High performance convolutional neural
    networks for document processing", 2006). Names follow `torch.nn.functional.conv2d`.

    Examples
    --------
    >>> x = np.arange(9.0).reshape(1, 1, 3, 3)
    >>> conv2d(x, [[[[1, 0], [0, -1]]]], [4])
    array([[[[0., 0.],
             [0., 0.]]]])
    """
    x, w, bias, plan = prepare(x, w, bias, stride, padding, dilation, groups)
    filters = w.reshape(plan.groups, plan.filters_per_group, -1)  # (G, O/G, C/G·kh·kw)
    y = np.empty(plan.output_shape, x.dtype)  # (N, O, Ho, Wo)
    by_group = y.reshape(plan.grouped)  # (N, G, O/G, Ho·Wo)
    for n, outputs, columns in columns_of(x, plan):
        np.matmul(filters, columns, out=by_group[n, :, :, outputs])
    y += bias[:, None, None]
    return y


def conv2d_input_grad(
    input_size: tuple[int, int, int, int],
    weight: ArrayLike,
    grad_output: ArrayLike,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> NDArray:
    """Return the gradient of a loss with respect to the input of `conv2d`.

    Each output multiplies its gradient by each weight and sends it to the cell under the weight.

    Parameters
    ----------
    input_size : tuple of int
        (N, C, H, W).
    weight : array_like of shape (O, C / groups, kh, kw)
    grad_output : array_like of shape (N, O, Ho, Wo)
    stride, padding, dilation, groups
        As in `conv2d`.

    Returns
    -------
    ndarray of shape (N, C, H, W)
        Cells that no window reads get 0.

    Raises
    ------
    ValueError
        As `conv2d`; and if `grad_output` does not have the shape of the layer's output.

    Notes
    -----
    Names and order follow `torch.nn.grad.conv2d_input`.
    """
    weight = real_array("weight", weight, "OCHW")
    plan = make_plan(tuple(input_size), weight.shape, stride, padding, dilation, groups)
    grad = _matching_grad(grad_output, plan)
    filters = weight.reshape(plan.groups, plan.filters_per_group, -1)  # (G, O/G, C/G·kh·kw)
    by_group = grad.reshape(plan.grouped)  # (N, G, O/G, Ho·Wo)
    nothing = np.zeros(input_size, np.result_type(weight, grad))
    padded, cells = padded_windows(nothing, plan)  # (N, C, kh, kw, Ho, Wo)
    for n, (rows, outputs) in product(range(len(grad)), plan.blocks):
        share = np.matmul(filters.swapaxes(1, 2), by_group[n, :, :, outputs])
        part = cells[n, :, :, :, rows]  # (C, kh, kw, rows, Wo)
        share = share.reshape(part.shape)
        for s, t in np.ndindex(plan.kernel):  # under one weight no two windows share a cell
            part[:, s, t] += share[:, s, t]
    return np.ascontiguousarray(padded[plan.inside])  # (N, C, H, W)


def conv2d_weight_grad(
    input: ArrayLike,  # noqa: A002 - torch.nn.grad's name
    weight_size: tuple[int, int, int, int],
    grad_output: ArrayLike,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    dilation: Pair = 1,
    groups: int = 1,
) -> NDArray:
    """Return the gradient of a loss with respect to the weights of `conv2d`.

    A weight is shared by all windows, so its gradient is the sum over all its uses:
    grad[o, c, s, t] = Σ_n Σ_i Σ_j grad_output[n, o, i, j] · x[n, c, row, column].

    Parameters
    ----------
    input : array_like of shape (N, C, H, W)
    weight_size : tuple of int
        (O, C / groups, kh, kw).
    grad_output : array_like of shape (N, O, Ho, Wo)
    stride, padding, dilation, groups
        As in `conv2d`.

    Returns
    -------
    ndarray of shape (O, C / groups, kh, kw)

    Raises
    ------
    ValueError
        As `conv2d_input_grad`.

    Notes
    -----
    Names and order follow `torch.nn.grad.conv2d_weight`.
    """
    x = real_array("input", input, "NCHW")
    plan = make_plan(x.shape, tuple(weight_size), stride, padding, dilation, groups)
    grad = _matching_grad(grad_output, plan)
    by_group = grad.reshape(plan.grouped)  # (N, G, O/G, Ho·Wo)
    total = np.zeros(weight_size, np.result_type(x, grad))  # (O, C/G, kh, kw)
    filters = total.reshape(plan.groups, plan.filters_per_group, -1)  # (G, O/G, C/G·kh·kw)
    for n, outputs, columns in columns_of(x, plan):
        filters += np.matmul(by_group[n, :, :, outputs], columns.swapaxes(1, 2))
    return total


def conv2d_bias_grad(grad_output: ArrayLike) -> NDArray:
    """Return the gradient with respect to the bias: the sum over samples and positions.

    Parameters
    ----------
    grad_output : array_like of shape (N, O, Ho, Wo)

    Returns
    -------
    ndarray of shape (O,)

    Raises
    ------
    ValueError
        If the array is empty, of another rank or not finite.
    """
    return real_array("grad_output", grad_output, "NOHW").sum((0, 2, 3))  # (O,)


def _matching_grad(grad_output: ArrayLike, plan: Plan) -> NDArray:
    grad = real_array("grad_output", grad_output, "NOHW")
    if grad.shape != plan.output_shape:
        raise ValueError(
            f"grad_output has shape {grad.shape}, the layer's output {plan.output_shape}: "
            "use one gradient for each output"
        )
    return grad
