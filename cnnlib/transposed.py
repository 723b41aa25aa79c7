"""The transposed convolution: a layer read backwards, so that outputs become inputs."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import Pair, pair, real_array, whole
from cnnlib.columns import Plan, make_plan
from cnnlib.conv import conv2d_input_grad
from cnnlib.geometry import Sweep, input_size


def conv_transpose2d_loops(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> NDArray:
    """Compute `conv_transpose2d` as it is defined: each input cell paints its multiple of w."""
    x, w, bias, plan = _prepare(x, w, bias, stride, padding, output_padding, groups, dilation)
    rows, columns = plan.windows()  # output row that weight row s of input row i meets: rows[i, s]
    y = np.zeros(plan.input_shape, x.dtype) + bias[:, None, None]  # (N, O, Ho, Wo)
    for n, c, i, j in np.ndindex(x.shape):
        first = c // plan.filters_per_group * plan.depth
        for o, s, t in np.ndindex(w.shape[1:]):
            row, column = rows[i, s], columns[j, t]
            if 0 <= row < y.shape[2] and 0 <= column < y.shape[3]:  # padding cuts the rest off
                y[n, first + o, row, column] += x[n, c, i, j] * w[c, o, s, t]
    return y


def conv_transpose2d(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None = None,
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    groups: int = 1,
    dilation: Pair = 1,
) -> NDArray:
    """Apply a transposed convolution: the matrix of `conv2d`, transposed, times the input.

    y[n, o, row, column] = bias[o] + Σ x[n, c, i, j] · w[c, o, s, t] over all cells with
    row = stride·i + dilation·s − padding, and column in the same way: each input cell adds its
    multiple of a kernel-sized patch, and where patches overlap they add up.

    Parameters
    ----------
    x : array_like of shape (N, C, H, W)
    w : array_like of shape (C, O / groups, kh, kw)
        A kernel for each pair of maps: the filters of the convolution that maps O to C.
    bias : array_like of shape (O,), optional
    stride, padding, dilation : int or (int, int)
        As in that convolution: the stride spreads the patches, the padding cuts the output's
        borders off.
    output_padding : int or (int, int)
        Chooses one of several possible output sizes, see `geometry.input_size`; below the stride.
    groups : int

    Returns
    -------
    ndarray of shape (N, O, Ho, Wo)

    Raises
    ------
    ValueError
        As `conv2d`; and if the output padding is not below the stride, or the padding leaves
        nothing.

    Notes
    -----
    A transposed convolution is `conv2d_input_grad` with the input as the gradient:
    ⟨conv2d(a), b⟩ = ⟨a, conv_transpose2d(b)⟩ (M. Zeiler et al., "Deconvolutional networks", 2010;
    V. Dumoulin and F. Visin, "A guide to convolution arithmetic for deep learning", 2016,
    chapter 4). The operation is also called deconvolution, although it does not undo a
    convolution. Names follow `torch.nn.functional.conv_transpose2d`, which also takes an output
    padding of the stride or more if that is below the dilation; such a call is the transpose of
    no convolution, and is refused here.

    Examples
    --------
    >>> conv_transpose2d([[[[1.0, 2.0]]]], [[[[1.0, 1.0, 1.0]]]], stride=2)
    array([[[[1., 1., 3., 2., 2.]]]])
    """
    x, w, bias, plan = _prepare(x, w, bias, stride, padding, output_padding, groups, dilation)
    n, maps, height, width = plan.input_shape
    y = conv2d_input_grad(
        (n, maps, height, width),
        w,
        x,
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=groups,
    )
    return y + bias[:, None, None]


def _prepare(
    x: ArrayLike,
    w: ArrayLike,
    bias: ArrayLike | None,
    stride: Pair,
    padding: Pair,
    output_padding: Pair,
    groups: int,
    dilation: Pair,
) -> tuple[NDArray, NDArray, NDArray, Plan]:
    """Check a call's arguments; return its arrays, and the plan of the convolution backwards."""
    x, w = real_array("input", x, "NCHW"), real_array("weight", w, "COHW")
    if len(w) != x.shape[1]:
        raise ValueError(f"weight for {len(w)} maps, input of {x.shape[1]}: use as many")
    if len(w) % whole("groups", groups, 1):
        raise ValueError(f"groups {groups} does not divide {len(w)} input maps: use a divisor")
    sweeps = map(
        Sweep,
        w.shape[2:],
        pair("stride", stride, 1),
        pair("padding", padding, 0),
        pair("dilation", dilation, 1),
    )
    extra = pair("output padding", output_padding, 0)
    height, width = map(input_size, x.shape[2:], sweeps, extra)
    maps = w.shape[1] * groups
    shape = (len(x), maps, height, width)  # of the output, which is that convolution's input
    plan = make_plan(shape, w.shape, stride, padding, dilation, groups)
    bias = np.zeros(maps, w.dtype) if bias is None else real_array("bias", bias, "O")
    if len(bias) != maps:
        raise ValueError(f"bias of {len(bias)} for {maps} output maps: use one for each")
    dtype = np.result_type(x, w, bias)
    return x.astype(dtype), w.astype(dtype), bias.astype(dtype), plan
