"""Moving a picture by whole pixels, and measuring how much a result changes by that."""

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.geometry import clip


def shifted(image: ArrayLike, rows: int, columns: int) -> NDArray:
    """Return a picture (…, H, W) moved down and to the right; zeros fill the freed pixels.

    Negative numbers move it up and to the left.

    Examples
    --------
    >>> shifted([[1, 2], [3, 4]], 0, 1)
    array([[0, 1],
           [0, 3]])
    """
    image = np.asarray(image)
    height, width = image.shape[-2:]
    moved = np.zeros_like(image)
    down, across = clip((rows, rows + height), height), clip((columns, columns + width), width)
    moved[..., slice(*down), slice(*across)] = image[
        ...,
        down[0] - rows : down[1] - rows,
        across[0] - columns : across[1] - columns,
    ]
    return moved


def change(before: ArrayLike, after: ArrayLike) -> float:
    """Return the change relative to what was there before: ‖after − before‖ / ‖before‖.

    Returns
    -------
    float
        0 for no change, and also where both arrays are all zeros.

    Examples
    --------
    >>> change([3.0, 4.0], [3.0, 4.0]), change([3.0, 4.0], [0.0, 0.0])
    (0.0, 1.0)
    """
    before, after = np.asarray(before, float), np.asarray(after, float)
    size = float(np.linalg.norm(before))
    gap = float(np.linalg.norm(after - before))
    return gap / size if size else (0.0 if not gap else np.inf)
