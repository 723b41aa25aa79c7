"""The network's answer: its top guess and the probability of each digit."""

import numpy as np

from cnnlib.ui.components import register

_mount = register("answer")


def show(
    probabilities: np.ndarray | None,
    *,
    key: str,
    sequence: int,
    hint: str,
) -> None:
    """Show the answer, or `hint` where there is nothing to answer.

    Choosing a digit's bar makes the component say `digit`, a dict with the `digit`, for one run.
    """
    data = {
        "probabilities": None if probabilities is None else probabilities.tolist(),
        "guess": None if probabilities is None else int(probabilities.argmax()),
        "hint": hint if probabilities is None else "",
        "sequence": sequence,
    }
    _mount(data, key=key)
