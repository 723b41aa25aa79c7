"""The pen: from points along its path to grey pixels.

A pixel's grey follows from its distance to the path. No matrix product is needed for it:
the squared distance is a part of the row plus a part of the column.
"""

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]


def ink(points: Floats, radius: Floats, size: int, softness: Floats | float = 1.0) -> Floats:
    """Draw strokes with a round pen, antialiased.

    With d² = min over k of ((row − y_k)² + (column − x_k)² − r_k²) + r², where r is the mean of
    the radii r_k, the ink at a pixel's centre is (r − d) / softness + 1/2, held within [0, 1].
    The edge, where the ink is 1/2, lies at the distance r_k from the path.

    Parameters
    ----------
    points : ndarray of float32, shape (N, S, 2)
        (x, y) along the path in pixels, so dense that the pen covers the gaps;
        pixel (row, column) covers x from column to column + 1.
    radius : ndarray of float32, shape (N, S)
        The pen's radius at each point, in pixels.
    size : int
        Side of the images, in pixels.
    softness : ndarray of shape (N,) or float
        Width of the edge, in pixels.

    Returns
    -------
    ndarray of float32, shape (N, size, size)
        Ink in [0, 1].
    """
    # Digits last: every step below then runs along memory.
    x, y = points.transpose(2, 1, 0)[:, :, None, :]  # (S, 1, N)
    centre = np.arange(size, dtype=np.float32)[:, None] + np.float32(0.5)  # (size, 1)
    from_row = (centre - y) ** 2 - (radius.T**2)[:, None, :]  # (S, size, N)
    from_column = (centre - x) ** 2  # (S, size, N)

    nearest = np.full((size, size, len(points)), np.inf, np.float32)
    candidate = np.empty_like(nearest)
    for row, column in zip(from_row, from_column, strict=True):
        np.add(row[:, None], column[None], out=candidate)
        np.minimum(nearest, candidate, out=nearest)

    mean = radius.mean(axis=1)
    distance = np.sqrt(np.maximum(nearest + mean**2, 0))
    grey = np.clip((mean - distance) / softness + np.float32(0.5), 0, 1)
    return np.ascontiguousarray(grey.transpose(2, 0, 1))
