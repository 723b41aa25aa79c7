"""Finite differences: the value that a gradient must have, found without calculus."""

from collections.abc import Callable

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import real_array


def finite_differences(
    loss: Callable[[NDArray], float], x: ArrayLike, *, step: float = 1e-5
) -> NDArray:
    """Return (loss(x + h e_i) − loss(x − h e_i)) / 2h for every entry i, the central difference.

    The error is of order h², from the third derivative, plus rounding of order 1e−16 / h.

    Parameters
    ----------
    loss : callable
        Takes an array like `x` and returns one number; it must not change the array.
    x : array_like
        The point at which to differentiate. Its copy is float64, because float32 would round
        the difference away.
    step : float
        The h, above 0.

    Returns
    -------
    ndarray
        Of the shape of `x`.

    Raises
    ------
    ValueError
        If `x` is empty or not finite, or the step is not above 0.

    Examples
    --------
    >>> finite_differences(lambda x: float((x**2).sum()), [1.0, 3.0]).round(6)
    array([2., 6.])
    """
    if not 0 < step < np.inf:
        raise ValueError(f"step {step}: use a finite number above 0")
    x = real_array("x", x, "x" * np.ndim(x)).astype(float)  # a copy, moved entry by entry
    grad = np.empty_like(x)
    for i in np.ndindex(x.shape):
        here = x[i]
        x[i] = here + step
        above = loss(x)
        x[i] = here - step
        grad[i] = (above - loss(x)) / (2 * step)
        x[i] = here
    return grad


def relative_error(a: ArrayLike, b: ArrayLike) -> float:
    """Return max|a − b| / max(|a|, |b|) over all entries together; 0 if both are 0.

    For a gradient in float64 that is checked at a step of 1e−5, an error below about 1e−7 says
    that the gradient is right, and one above 1e−3 that it is wrong. In between, look for a kink
    such as that of ReLU at 0.

    Raises
    ------
    ValueError
        If the shapes differ or there are no entries.

    Examples
    --------
    >>> relative_error([1.0, 2.0], [1.0, 2.5])
    0.2
    """
    a, b = np.asarray(a, float), np.asarray(b, float)
    if a.shape != b.shape or not a.size:
        raise ValueError(f"shapes {a.shape} and {b.shape}: compare arrays of one shape, not empty")
    scale = max(np.abs(a).max(), np.abs(b).max())
    return float(np.abs(a - b).max() / scale) if scale > 0 else 0.0


def gradient_error(
    loss: Callable[[NDArray], float], x: ArrayLike, grad: ArrayLike, *, step: float = 1e-5
) -> float:
    """Return the `relative_error` of a gradient against `finite_differences`.

    Parameters
    ----------
    loss, x, step
        As in `finite_differences`.
    grad : array_like
        The gradient that is claimed, of the shape of `x`.

    Returns
    -------
    float

    Examples
    --------
    >>> gradient_error(lambda x: float((x**2).sum()), [1.0, 3.0], [2.0, 6.0]) < 1e-7
    True
    """
    return relative_error(grad, finite_differences(loss, x, step=step))
