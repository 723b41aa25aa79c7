"""One step under the microscope: a real step of a run, taken apart."""

from collections.abc import Callable

import streamlit as st

from cnnlib.runs.events import BatchTaken
from cnnlib.ui.components import batch

_PROSE = (
    "Takes the run's next step, pauses there, and shows all of it: what went in, what came "
    "out, the loss of each picture, and what the step did to the weights."
)


def show(taken: BatchTaken | None, take: Callable[[], None] | None) -> None:
    """Show the step that was taken apart last.

    Parameters
    ----------
    taken : BatchTaken or None
    take : callable or None
        Has the run take its next step apart; None where this visitor can't ask for that.
    """
    box = st.expander("One step under the microscope", key="microscope", on_change="rerun")
    if not box.open:
        return
    with box:
        row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
        row.button(
            "Take the next step apart",
            on_click=take,
            disabled=take is None,
            key="take_apart",
            shortcut="M",
        )
        row.markdown(_PROSE if taken is None else story(taken))
        if taken is not None:
            batch.show(taken, key="taken")


def story(taken: BatchTaken) -> str:
    """Say which images made up a step, and how the step changed their loss."""
    shown = len(taken.pictures)
    most = "" if shown == taken.count else f", the first {shown} of them here"
    change = taken.loss_after - taken.loss_before
    verdict = "lower" if change < 0 else "higher" if change > 0 else "the same"
    return (
        f"**Step {taken.step:,}**: {taken.count} images{most}. Their mean loss was "
        f"**{taken.loss_before:.4g}** before the step and is **{taken.loss_after:.4g}** after "
        f"it: {verdict}. Choose a picture, or an array of weights."
    )
