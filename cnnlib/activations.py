"""Activation functions and their derivatives, entry by entry, for any shape.

Each function takes numbers and returns floating point: float32 stays float32. None of the
functions can overflow, however large |a| is.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray


def relu(a: ArrayLike) -> NDArray:
    """Return max(0, a): range [0, ∞), with exact zeros.

    Examples
    --------
    >>> relu([-2.0, 0.0, 3.0])
    array([0., 0., 3.])
    """
    return np.maximum(_floats(a), 0)


def relu_derivative(a: ArrayLike) -> NDArray:
    """Return 1 where a > 0, else 0. At 0 there is no derivative, and 0 is returned as in PyTorch.

    Examples
    --------
    >>> relu_derivative([-2.0, 0.0, 3.0])
    array([0., 0., 1.])
    """
    a = _floats(a)
    return (a > 0).astype(a.dtype)


def sigmoid(a: ArrayLike) -> NDArray:
    """Return 1 / (1 + e^−a): range [0, 1], 1/2 at 0.

    Examples
    --------
    >>> sigmoid([-1e4, 0.0, 1e4])
    array([0. , 0.5, 1. ])
    """
    a = _floats(a)
    small = np.exp(-np.abs(a))  # never above 1
    return np.where(a >= 0, 1, small) / (1 + small)


def sigmoid_derivative(a: ArrayLike) -> NDArray:
    """Return σ(a) · σ(−a), which is σ(a)(1 − σ(a)); its largest value is 1/4, at 0.

    Examples
    --------
    >>> sigmoid_derivative([-1e4, 0.0, 1e4])
    array([0.  , 0.25, 0.  ])
    """
    a = _floats(a)
    return sigmoid(a) * sigmoid(-a)


def tanh(a: ArrayLike) -> NDArray:
    """Return (e^a − e^−a) / (e^a + e^−a) = 2σ(2a) − 1: range [−1, 1].

    Examples
    --------
    >>> tanh([-1e4, 0.0, 1e4])
    array([-1.,  0.,  1.])
    """
    return np.tanh(_floats(a))


def tanh_derivative(a: ArrayLike) -> NDArray:
    """Return 1 − tanh(a)²; its largest value is 1, at 0.

    Examples
    --------
    >>> tanh_derivative([-1e4, 0.0, 1e4])
    array([0., 1., 0.])
    """
    return 1 - tanh(a) ** 2


def _floats(a: ArrayLike) -> NDArray:
    a = np.asarray(a)
    if a.dtype.kind not in "iuf":
        raise ValueError(f"the activation got {a.dtype}: use integers or floating-point numbers")
    if np.isnan(a).any():
        raise ValueError(f"the activation got {np.isnan(a).sum()} NaN of {a.size}: look before it")
    return a if a.dtype.kind == "f" else a.astype(float)
