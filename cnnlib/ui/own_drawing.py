"""The learner's own digit as a network's input, on lessons that have no pad of their own."""

import numpy as np

from cnnlib.lessons.given import sample
from cnnlib.ui.given import given

__all__ = ["pixels", "sample"]


def pixels() -> tuple[np.ndarray, str]:
    """Return the framed drawing, uint8 (28, 28), and what it is: the learner's, or a sample.

    The drawing also stands in the page's link from now on.
    """
    ours = given()
    return ours.pixels, ours.whose
