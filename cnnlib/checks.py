"""Checks of the arrays and numbers that an operation is given."""

from math import isfinite
from operator import index

import numpy as np
from numpy.typing import ArrayLike, NDArray

Pair = int | tuple[int, int]


def real_array(name: str, values: ArrayLike, axes: str) -> NDArray:
    """Return `values` as an array of finite real numbers, or say what is wrong with them.

    Parameters
    ----------
    name : str
        The caller's name for the array; an error message begins with this name.
    values : array_like
        Integers or floating-point numbers. Integers come back as int64, so that the
        products of a uint8 picture cannot wrap around.
    axes : str
        One letter for each axis, such as "NCHW".

    Returns
    -------
    ndarray

    Raises
    ------
    ValueError
        If the rank is not that of `axes`, an axis is empty, or a value is not a finite
        real number.
    """
    array = np.asarray(values)
    if array.ndim != len(axes):
        raise ValueError(
            f"{name} has shape {array.shape}: it needs {len(axes)} axes ({', '.join(axes)}), "
            f"not {array.ndim}"
        )
    if not array.size:
        raise ValueError(f"{name} has shape {array.shape}: every axis needs at least 1 entry")
    if array.dtype.kind == "f":
        # A sum of squares is finite only if every value is. Large finite values may overflow
        # the sum too; that is rare, and harmless because each value is then looked at.
        if not isfinite(np.vdot(array, array)) and not np.isfinite(array).all():
            where = np.unravel_index(np.argmin(np.isfinite(array)), array.shape)
            raise ValueError(
                f"{name} holds {array[where]} at {tuple(map(int, where))}: "
                "every value must be a finite number"
            )
        return array
    if array.dtype.kind in "iu":
        return array.astype(np.int64, copy=False)
    raise ValueError(f"{name} holds {array.dtype}: use integers or floating-point numbers")


def whole(name: str, value: int, least: int) -> int:
    """Return `value` if it is a whole number of `least` or more.

    Raises
    ------
    ValueError
        If the value is not whole, or is smaller.

    Examples
    --------
    >>> whole("stride", 0, 1)
    Traceback (most recent call last):
    ...
    ValueError: stride 0: use a whole number of 1 or more
    """
    try:
        number = index(value)
    except TypeError:
        number = least - 1
    if number < least:
        raise ValueError(f"{name} {value}: use a whole number of {least} or more")
    return number


def pair(name: str, value: Pair, least: int) -> tuple[int, int]:
    """Return a hyperparameter as (for rows, for columns); one number stands for both.

    Raises
    ------
    ValueError
        If the value is neither a whole number of `least` or more, nor a pair of such numbers.

    Examples
    --------
    >>> pair("stride", 2, 1), pair("padding", (0, 1), 0)
    ((2, 2), (0, 1))
    """
    if not isinstance(value, (tuple, list)):
        number = whole(name, value, least)
        return number, number
    if len(value) != 2:
        raise ValueError(f"{name} {value}: use one number, or two for rows and columns")
    return whole(name, value[0], least), whole(name, value[1], least)
