"""Gradient descent on a kernel: the hidden kernel, the one learned so far, and the loss."""

import numpy as np
from numpy.typing import NDArray

from cnnlib.drawings.recover import Recovery
from cnnlib.ui.components import register

_mount = register("descent")
_MOST_POINTS = 200


def show(recovery: Recovery, hidden: NDArray, sentence: str, *, key: str) -> None:
    """Show how far a recovery is.

    Parameters
    ----------
    recovery : Recovery
    hidden : ndarray of shape (kh, kw)
        The kernel that is to be found.
    sentence : str
        Steps and loss, above the curve.
    key : str
    """
    count = len(recovery.losses)
    at = np.unique(np.linspace(0, max(count - 1, 0), min(count, _MOST_POINTS)).astype(int))
    _mount(
        {
            "hidden": hidden.tolist(),
            "learned": recovery.weights.tolist(),
            "losses": [recovery.losses[k] for k in at] if count else [],
            "steps": count,
            "sentence": sentence,
        },
        key=key,
    )
