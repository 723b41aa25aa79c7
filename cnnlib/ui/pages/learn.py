"""Learn this kernel: gradient descent, live, some steps at a time, until it is stopped."""

from dataclasses import dataclass

import numpy as np
import streamlit as st
from numpy.typing import NDArray

from cnnlib.drawings.recover import Recovery
from cnnlib.lessons.fields import sentence
from cnnlib.lessons.kernels import State
from cnnlib.ui.components import descent
from cnnlib.ui.fragment import again, fragment
from cnnlib.ui.page import Page
from cnnlib.ui.quoting import quoted
from cnnlib.ui.session import visit

PATCH = 64  # pixels along a side: enough products for any kernel, and quick to go over
MOST_STEPS = 4000
_TICK_S = 0.25
_FOUND = 1e-3  # of the largest weight
_STATE = "kernels.learning"


@dataclass(eq=False)
class Learning:
    """One recovery and whether it is going on.

    Attributes
    ----------
    task : tuple
        The kernel to learn and the picture to learn from; another task begins anew.
    recovery : Recovery
    hidden : ndarray of shape (kh, kw)
    running : bool
    """

    task: tuple[bytes, ...]
    recovery: Recovery
    hidden: NDArray
    running: bool = False

    @property
    def error(self) -> float:
        """The largest error of a weight, beside the largest weight."""
        return float(abs(self.recovery.weights - self.hidden).max() / abs(self.hidden).max())

    def advance(self) -> None:
        """Take a few steps, more of them as it goes on, and stop where the kernel is found."""
        for _ in range(min(1 + len(self.recovery.losses) // 8, 50)):
            self.recovery.step()
        steps = len(self.recovery.losses)
        self.running = self.error > _FOUND and steps < MOST_STEPS

    @property
    def sentence(self) -> str:
        """Say how far the recovery is."""
        steps = len(self.recovery.losses)
        if not steps:
            return "Loss: start to see it fall."
        found = " Found." if self.error <= _FOUND else ""
        return (
            f"Step {steps}: loss {self.recovery.losses[-1]:.2g}, on a logarithmic scale; largest "
            f"error of a weight {self.error:.1%} of the largest.{found}"
        )


def show(page: Page[State], grey: NDArray, weights: NDArray, *, key: str) -> None:
    """Show the room.

    Parameters
    ----------
    page : Page
    grey : uint8 ndarray of shape (H, W)
        The picture that is learned from.
    weights : ndarray of shape (kh, kw)
        The kernel that is hidden.
    """
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        source, momentum = page.control("learns"), page.control("momentum")
        try:
            learning = _learning(grey, weights, source, 0.9 if momentum else 0.0)
        except ValueError as error:
            st.caption(quoted(sentence(error)))
            return
        label = "Stop" if learning.running else "Learn"
        st.button(label, on_click=_toggle, args=(learning,), key=f"{key}.go")
        st.button("Begin anew", on_click=visit().good.pop, args=(_STATE, None), key=f"{key}.anew")
    tick = _TICK_S if learning.running else None
    fragment(_go_on, run_every=tick)(learning, key)
    st.caption(
        "The loss is the mean of (x ⊗ w − y)²; only the picture x and the result y are known. "
        "Neighbours in a picture are alike, while in noise every pixel is news: so a picture "
        "needs far more steps of the same descent."
    )


def _go_on(learning: Learning, key: str) -> None:
    was_running = learning.running
    if was_running:
        learning.advance()
    descent.show(learning.recovery, learning.hidden, learning.sentence, key=f"{key}.descent")
    if was_running and not learning.running:
        again()  # the page around this room stops the clock


def _toggle(learning: Learning) -> None:
    learning.running = not learning.running


def _learning(grey: NDArray, weights: NDArray, source: str, momentum: float) -> Learning:
    """Return the recovery that is under way, or begin one."""
    if not weights.any():
        raise ValueError("a kernel of zeros is found at once: give it a weight")
    if source == "noise":
        x = np.random.default_rng(0).standard_normal((PATCH, PATCH))
    else:
        top, left = (max(0, (n - PATCH) // 2) for n in grey.shape)
        patch = grey[top : top + PATCH, left : left + PATCH] / 255
        x = patch - patch.mean()
    task = (x.tobytes(), weights.tobytes(), repr((weights.shape, momentum)).encode())
    kept = visit().good.get(_STATE)
    if kept is None or kept.task != task:
        kept = visit().good[_STATE] = Learning(task, Recovery.of(x, weights, momentum), weights)
    return kept
