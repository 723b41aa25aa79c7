"""Losses, their gradients, and the softmax; no function here overflows for logits of ±10,000.

Each loss is the mean over its batch, as by default in PyTorch, and each gradient is with
respect to its first argument.
"""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import real_array


def softmax(logits: ArrayLike) -> NDArray:
    """Return e^z_k / Σ_i e^z_i along the last axis: all values are above 0 and add up to 1.

    Logits are unnormalised scores. Adding one number to all of them leaves the softmax as it is,
    so the largest is subtracted first, and no exponential exceeds 1.

    Parameters
    ----------
    logits : array_like of shape (…, K)

    Returns
    -------
    ndarray of shape (…, K)

    Raises
    ------
    ValueError
        If there are no logits, or one is not finite.

    Examples
    --------
    >>> softmax([-1e4, 0.0, 0.0])
    array([0. , 0.5, 0.5])
    """
    shifted = _shifted(logits)
    powers = np.exp(shifted)
    return powers / powers.sum(-1, keepdims=True)


def log_softmax(logits: ArrayLike) -> NDArray:
    """Return ln softmax(z)_k = z_k − ln Σ_i e^z_i, exact even where the softmax rounds to 0.

    Parameters, result and errors are those of `softmax`.

    Examples
    --------
    >>> log_softmax([-1e4, 0.0])
    array([-10000.,      0.])
    """
    shifted = _shifted(logits)
    return shifted - np.log(np.exp(shifted).sum(-1, keepdims=True))


def cross_entropy(logits: ArrayLike, labels: ArrayLike) -> float:
    """Return the mean of −ln softmax(z)_y = ln(1 + Σ_{k≠y} e^(z_k − z_y)), in nats.

    Parameters
    ----------
    logits : array_like of shape (N, K)
    labels : array_like of int of shape (N,)
        The right class of each sample, 0 … K−1.

    Returns
    -------
    float
        0 or more; ln K where all logits are equal.

    Raises
    ------
    ValueError
        If the shapes do not match, a label is out of range or a logit is not finite.

    Examples
    --------
    >>> round(cross_entropy([[0.0, 0.0]], [1]), 4)
    0.6931
    """
    z, y = _classes(logits, labels)
    return float(-log_softmax(z)[np.arange(len(y)), y].mean())


def cross_entropy_grad(logits: ArrayLike, labels: ArrayLike) -> NDArray:
    """Return the gradient of `cross_entropy`: (softmax(z) − one-hot(y)) / N, shape (N, K).

    Parameters and errors are those of `cross_entropy`.

    Examples
    --------
    >>> cross_entropy_grad([[0.0, 0.0]], [1])
    array([[ 0.5, -0.5]])
    """
    z, y = _classes(logits, labels)
    grad = softmax(z)
    grad[np.arange(len(y)), y] -= 1
    return grad / len(y)


def squared_error(prediction: ArrayLike, target: ArrayLike) -> float:
    """Return the mean of (prediction − target)² over all entries, for regression.

    Parameters
    ----------
    prediction, target : array_like of one shape

    Returns
    -------
    float

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> squared_error([1.0, 2.0], [1.0, 4.0])
    2.0
    """
    return float((_difference(prediction, target) ** 2).mean())


def squared_error_grad(prediction: ArrayLike, target: ArrayLike) -> NDArray:
    """Return the gradient of `squared_error`: 2 (prediction − target) / number of entries.

    Parameters and errors are those of `squared_error`.

    Examples
    --------
    >>> squared_error_grad([1.0, 2.0], [1.0, 4.0])
    array([ 0., -2.])
    """
    difference = _difference(prediction, target)
    return 2 * difference / difference.size


def _shifted(logits: ArrayLike) -> NDArray:
    z = np.asarray(logits)
    z = real_array("logits", z, "N" * (z.ndim - 1) + "K")
    return z - z.max(-1, keepdims=True)


def _classes(logits: ArrayLike, labels: ArrayLike) -> tuple[NDArray, NDArray]:
    z, y = real_array("logits", logits, "NK"), real_array("labels", labels, "N")
    if y.dtype.kind != "i" or len(y) != len(z):
        raise ValueError(
            f"labels of {y.dtype} {y.shape} for logits {z.shape}: use one whole number for each row"
        )
    if y.min() < 0 or y.max() >= z.shape[1]:
        raise ValueError(f"labels from {y.min()} to {y.max()}: use 0 to {z.shape[1] - 1}")
    return z, y


def _difference(prediction: ArrayLike, target: ArrayLike) -> NDArray:
    prediction, target = np.asarray(prediction), np.asarray(target)
    if prediction.shape != target.shape or not prediction.size:
        raise ValueError(
            f"prediction {prediction.shape} and target {target.shape}: use one shape, not empty"
        )
    return prediction - target
