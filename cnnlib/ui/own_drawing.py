"""The learner's own digit as a network's input, on lessons that have no pad of their own."""

from functools import cache

import numpy as np

from cnnlib.data.digits import built_in
from cnnlib.drawings.reading import read
from cnnlib.ui.cache import shipped_network
from cnnlib.ui.session import keep_in_link, visit

_SAMPLE = 3


def pixels() -> tuple[np.ndarray, str]:
    """Return the framed drawing, uint8 (28, 28), and what it is: the learner's, or a sample.

    The drawing also stands in the page's link from now on.
    """
    keep_in_link(visit().drawing)
    reading = read(shipped_network(), visit().drawing)
    if reading is not None:
        return reading.framed.pixels, "your drawing"
    return sample(), "a sample digit, until you draw one on the first page"


@cache
def sample() -> np.ndarray:
    """Return the digit that stands for a drawing until there is one, uint8 (28, 28)."""
    digits = built_in(10)
    return digits.images[digits.labels == _SAMPLE][0]
