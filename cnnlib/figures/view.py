"""The data of a figure of a picture, a kernel and the result."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class View:
    """A picture, a kernel and the result.

    Attributes
    ----------
    size : (int, int)
        Rows and columns of the picture without its borders.
    pads : (int, int)
        How many rows and columns were added before its first ones.
    padded : uint8 ndarray of shape (H, W, C)
    kernel : sequence of sequence of str
        The weights as written.
    weights : ndarray of shape (kh, kw)
    factors : (ndarray of shape (kh,), ndarray of shape (kw,)) or None
        A column and a row whose outer product the weights are.
    shades : uint8 ndarray of shape (H − kh + 1, W − kw + 1, C)
        The result as it is shown. The browser calculates the numbers of a place that is pointed
        at.
    signed : bool
        Whether shades run from 0 to 254 and 127 is zero, rather than from 0 to 255.
    captions : (str, str)
        The words below the picture and below the result.
    """

    size: tuple[int, int]
    pads: tuple[int, int]
    padded: NDArray[np.uint8]
    kernel: Sequence[Sequence[str]]
    weights: NDArray
    factors: tuple[NDArray, NDArray] | None
    shades: NDArray[np.uint8]
    signed: bool
    captions: tuple[str, str]
