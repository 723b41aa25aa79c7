"""The pen: from points along its path to grey pixels.

A pixel's grey follows from its distance to the path. The squared distance is a term of the
pixel's row plus a term of its column, so each point of the path costs one sum and one minimum.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def ink(
    points: Floats,
    radius: Floats,
    size: int,
    *,
    softness: Floats | float = 1.0,
    grain: Floats | float = 0.0,
) -> Floats:
    """Draw strokes with a round pen, antialiased.

    The distance of a pixel's centre from the path of a pen of mean radius r is d, with::

        d² = r² + min over k of ((row − y_k)² + (column − x_k)² − r_k²)

    and its ink is (r − d + grain) / softness + 1/2, held within [0, 1]. Without grain
    the ink is 1/2 at the distance r_k from the path.

    Parameters
    ----------
    points : ndarray of float32, shape (N, 2, S)
        x and y along the path in pixels, so dense that the pen covers the gaps;
        pixel (row, column) covers x from column to column + 1.
    radius : ndarray of float32, shape (N, S)
        The pen's radius r_k at each point, in pixels.
    size : int
        Side of the images, in pixels.
    softness : ndarray of shape (N,) or float
        Width of the edge, in pixels.
    grain : ndarray of shape (N, size, size) or float
        How far the paper draws the ink at each pixel, in pixels.

    Returns
    -------
    ndarray of float32, shape (N, size, size)
        Ink in [0, 1].
    """
    # The digits are the last axis, so that every step of the loop reads memory in order.
    x, y = np.ascontiguousarray(points.transpose(1, 2, 0))  # (S, N)
    held = np.ascontiguousarray(radius.T)  # (S, N)
    centre = np.arange(size, dtype=np.float32)[:, None] + np.float32(0.5)  # (size, 1)
    from_row = (centre - y[:, None]) ** 2 - (held**2)[:, None]  # (S, size, N)
    from_column = (centre - x[:, None]) ** 2  # (S, size, N)

    nearest = np.full((size, size, len(points)), np.inf, np.float32)
    candidate = np.empty_like(nearest)
    for row, column in zip(from_row, from_column, strict=True):
        np.add(row[:, None], column, out=candidate)
        np.minimum(nearest, candidate, out=nearest)

    mean = radius.mean(axis=1)  # (N,)
    distance = np.sqrt(np.maximum(nearest + mean**2, 0))
    inside = (mean - distance).transpose(2, 0, 1) + grain  # (N, size, size)
    return np.clip(inside / np.reshape(softness, (-1, 1, 1)) + np.float32(0.5), 0, 1)
