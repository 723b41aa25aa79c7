"""From a drawing of any size to the 28×28 image that a network reads, framed as MNIST was.

LeCun, Bottou, Bengio and Haffner, "Gradient-based learning applied to document recognition",
Proceedings of the IEEE 86 (1998), section III-A: a digit is scaled into a 20×20 box keeping its
aspect ratio, and the box is placed so that the digit's centre of mass meets the centre of 28×28.
"""

from dataclasses import dataclass
from functools import lru_cache

import numpy as np

SIZE = 28
BOX = 20
CENTRE = 14  # the row and column, counted from 0, that MNIST's centres of mass round to
INK = 0.05  # ink up to this value counts as paper and does not widen the box


@dataclass(frozen=True, eq=False)
class Framed:
    """A drawing on its way to 28×28, with every step kept.

    Attributes
    ----------
    drawn : ndarray of shape (H, W)
        The ink that was given, in [0, 1].
    box : tuple of int
        Smallest box around the ink, (top, left, bottom, right) in pixels of `drawn`,
        bottom and right excluded.
    boxed : uint8 ndarray of shape (h, w), max(h, w) = 20
        The box scaled, aspect ratio kept.
    centre_of_mass : tuple of float
        (row, column) of the ink's centre of mass in `boxed`, a pixel's centre being a whole number.
    offset : tuple of int
        (row, column) of `boxed`'s first pixel in `pixels`.
    pixels : uint8 ndarray of shape (28, 28)
        The framed image: ink 255, paper 0.
    """

    drawn: np.ndarray
    box: tuple[int, int, int, int]
    boxed: np.ndarray
    centre_of_mass: tuple[float, float]
    offset: tuple[int, int]
    pixels: np.ndarray


def frame(ink: np.ndarray) -> Framed:
    """Frame a drawing as MNIST's digits were framed.

    1. Box: the smallest rectangle that holds every pixel with ``ink > 0.05``.
    2. Scale: the box's longest side becomes 20 pixels, the aspect ratio is kept.
    3. Centre: the box goes where the centre of mass lands, to the nearest pixel, on row 14 and
       column 14; where that would push the box over an edge, it stops at the edge.

    Parameters
    ----------
    ink : ndarray of shape (H, W)
        Paper 0, full ink 1, of any size.

    Returns
    -------
    Framed
        The image of shape (28, 28) and the steps that led to it.

    Raises
    ------
    ValueError
        If `ink` has another rank, holds values outside [0, 1] or NaN, or nothing is drawn.
    """
    ink = _checked_ink(ink)
    top, left, bottom, right = box = _bounding_box(ink)
    scaled = _scale_into_box(ink[top:bottom, left:right])
    height, width = scaled.shape
    row, column = centre_of_mass = _centre_of_mass(scaled)
    boxed = np.rint(scaled * 255).astype(np.uint8)
    offset = _first_pixel(row, height), _first_pixel(column, width)
    pixels = np.zeros((SIZE, SIZE), np.uint8)
    pixels[offset[0] : offset[0] + height, offset[1] : offset[1] + width] = boxed
    return Framed(ink, box, boxed, centre_of_mass, offset, pixels)


def to_input(images: np.ndarray) -> np.ndarray:
    """Turn images into a network's input: one channel, pixels divided by 255.

    No other function of the project divides pixels, and none subtracts a mean, so 0 stays paper.

    Parameters
    ----------
    images : uint8 ndarray of shape (N, H, W)

    Returns
    -------
    float32 ndarray of shape (N, 1, H, W), in [0, 1]

    Raises
    ------
    ValueError
        If `images` isn't uint8 or has another rank.
    """
    if images.dtype != np.uint8 or images.ndim != 3:
        raise ValueError(
            f"images of type {images.dtype} and shape {images.shape} are no uint8 (N, H, W): "
            "pass pixels from 0 to 255, not yet divided, with one axis for the images"
        )
    return (images / np.float32(255))[:, None]  # (N, 1, H, W)


def resize(image: np.ndarray, height: int, width: int) -> np.ndarray:
    """Resample an image to another size, along rows and then along columns.

    ``rows @ image @ columns.T``: where a side shrinks, an output pixel is the mean of the input
    it covers; where a side grows, it is the straight line between the two nearest pixel centres.
    A side that keeps its length keeps its values.

    Parameters
    ----------
    image : ndarray of shape (H, W)
    height, width : int
        The new size, at least 1.

    Returns
    -------
    float64 ndarray of shape (height, width), within the range of `image`

    Raises
    ------
    ValueError
        If a side is shorter than 1.
    """
    if min(*image.shape, height, width) < 1:
        raise ValueError(
            f"an image of {image.shape[0]}×{image.shape[1]} cannot become {height}×{width}: "
            "every side must be at least 1"
        )
    rows, columns = _resampling(image.shape[0], height), _resampling(image.shape[1], width)
    return rows @ image @ columns.T  # (height, width)


@lru_cache(maxsize=128)
def _resampling(n: int, m: int) -> np.ndarray:
    """Return the (m, n) matrix that resamples n values to m; each of its rows sums to 1."""
    if m <= n:
        edges = np.arange(m + 1) * n / m  # output pixel i covers edges[i] to edges[i + 1]
        starts = np.arange(n)
        shared = np.minimum(edges[1:, None], starts + 1) - np.maximum(edges[:-1, None], starts)
        matrix = np.clip(shared, 0, None) * (m / n)
    else:
        centres = np.clip((np.arange(m) + 0.5) * n / m - 0.5, 0, n - 1)
        matrix = np.clip(1 - np.abs(centres[:, None] - np.arange(n)), 0, None)
    matrix.setflags(write=False)
    return matrix


def _checked_ink(ink: np.ndarray) -> np.ndarray:
    ink = np.asarray(ink, dtype=np.float64)
    if ink.ndim != 2:
        raise ValueError(f"ink of shape {ink.shape} is no drawing: pass one image of shape (H, W)")
    if not ink.size:
        raise ValueError(f"ink of shape {ink.shape} has no pixels: pass at least 1×1")
    low, high = ink.min(), ink.max()
    if not (low >= 0 and high <= 1):  # NaN fails both
        raise ValueError(
            f"ink from {low:g} to {high:g} leaves [0, 1]: pass paper as 0 and full ink as 1"
        )
    if high <= INK:
        raise ValueError(f"nothing is drawn: no ink is above {INK}, so draw a stroke first")
    return ink


def _bounding_box(ink: np.ndarray) -> tuple[int, int, int, int]:
    drawn = ink > INK
    rows, columns = np.flatnonzero(drawn.any(axis=1)), np.flatnonzero(drawn.any(axis=0))
    return int(rows[0]), int(columns[0]), int(rows[-1]) + 1, int(columns[-1]) + 1


def _scale_into_box(ink: np.ndarray) -> np.ndarray:
    longest = max(ink.shape)
    height, width = (max(1, round(side * BOX / longest)) for side in ink.shape)
    return resize(ink, height, width)


def _centre_of_mass(image: np.ndarray) -> tuple[float, float]:
    rows, columns = image.sum(axis=1), image.sum(axis=0)
    total = rows.sum()
    return (
        float(rows @ np.arange(len(rows)) / total),
        float(columns @ np.arange(len(columns)) / total),
    )


def _first_pixel(mass: float, length: int) -> int:
    """Return where a side of `length` pixels starts if its `mass` lands as near CENTRE as fits."""
    return min(max(round(CENTRE - mass), 0), SIZE - length)
