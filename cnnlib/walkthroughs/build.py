"""The one function that tells any convolution or cross-correlation by any of the three methods."""

from typing import get_args

from numpy.typing import ArrayLike

from cnnlib.checks import Pair
from cnnlib.geometry import PaddingMode
from cnnlib.walkthroughs.copies import Copied, translate_and_scale
from cnnlib.walkthroughs.form import Method, Operation, Walkthrough
from cnnlib.walkthroughs.links import Padding, link
from cnnlib.walkthroughs.matrix import matrix_form
from cnnlib.walkthroughs.numbers import Numbers, numbers
from cnnlib.walkthroughs.sliding import flip_and_filter


def convolution(
    a: "ArrayLike | Numbers",
    b: "ArrayLike | Numbers",
    method: Method = "flip-and-filter",
    *,
    operation: Operation = "convolution",
    padding: Padding = "full",
    padding_mode: PaddingMode = "zero",
    stride: Pair = 1,
    dilation: Pair = 1,
    copied: Copied | None = None,
) -> Walkthrough:
    """Tell the convolution or cross-correlation of an input with a kernel, step by step.

    With a stride of 1 and in full, (a∗b)_t = Σ_τ a_τ b_{t−τ} and (a⊗b)_t = Σ_τ a_{t+τ} b_τ. In
    both the kernel is the second operand; a convolution flips the kernel.

    Parameters
    ----------
    a : array_like of shape (n,) or (rows, columns), or Numbers
        The input: numbers, or texts as typed.
    b : array_like of shape (k,) or (rows, columns), or Numbers
        The kernel.
    method : {"flip-and-filter", "translate-and-scale", "matrix form"}
    operation : {"convolution", "cross-correlation"}
    padding : {"full", "same", "valid"}, int or (int, int)
        A mode, as in `cnnlib.conv`, or how many cells are added at each end.
    padding_mode : {"zero", "reflect", "edge", "circular"}
    stride, dilation : int or (int, int)
    copied : {"input", "kernel"}, optional
        For translate-and-scale: which operand is copied, see `copies.translate_and_scale`.

    Returns
    -------
    Walkthrough

    Raises
    ------
    ValueError
        If something does not fit or is no number; one sentence says what to change.

    Notes
    -----
    Modes and argument order are those of `cnnlib.conv`. Some books write Σ_τ a_τ b_{t+τ} for the
    cross-correlation, with the kernel first; here that is b⊗a.

    Examples
    --------
    >>> walk = convolution([2, -1, 1], [1, 1, 2])
    >>> walk.grid("output").texts
    ('2', '1', '4', '−1', '2')
    >>> walk.steps[2].sentence
    'Output 2: 2×2 + (−1)×1 + 1×1 = 4.'
    """
    a, b = numbers(a), numbers(b)
    links = link(
        a.shape,
        b.shape,
        operation=operation,
        padding=padding,
        padding_mode=padding_mode,
        stride=stride,
        dilation=dilation,
    )
    if method == "flip-and-filter":
        return flip_and_filter(a, b, links)
    if method == "translate-and-scale":
        return translate_and_scale(a, b, links, copied)
    if method == "matrix form":
        return matrix_form(a, b, links)
    raise ValueError(f"method {method!r}: use one of {', '.join(get_args(Method))}")
