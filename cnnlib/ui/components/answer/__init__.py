"""The network's answer: its top guess and the probability of each digit."""

import numpy as np

from cnnlib.ui.components import register, said
from cnnlib.ui.told import whole

_mount = register("answer")


def chosen(key: str) -> int | None:
    """Return the digit whose bar was chosen just now, or None. Ask before `show`."""
    return whole(0, 9)(said(key, "digit"))


def show(
    probabilities: np.ndarray | None,
    *,
    key: str,
    sequence: int,
    hint: str,
) -> None:
    """Show the answer, or `hint` where there is nothing to answer."""
    data = {
        "probabilities": None if probabilities is None else probabilities.tolist(),
        "guess": None if probabilities is None else int(probabilities.argmax()),
        "hint": hint if probabilities is None else "",
        "sequence": sequence,
    }
    _mount(data, key=key)
