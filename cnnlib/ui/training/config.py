"""A run's configuration: its controls, all kept in the link, and a sentence where they clash."""

from typing import Any

import streamlit as st

from cnnlib.lessons.fields import Choice
from cnnlib.lessons.given import Given
from cnnlib.lessons.train import State
from cnnlib.runs.config import SHORT, TrainConfig
from cnnlib.ui.controls import get, put
from cnnlib.ui.page import Page
from cnnlib.ui.training import architecture

_MORE = (
    ("data", "images", "augmentation", "seed"),
    ("schedule", "weight_decay", "dropout", "batch_norm"),
    ("averaging", "early_stopping", "reports", "device"),
)


def control(page: Page[State], field: str) -> None:
    """Show the control of one field."""
    page.control(field, "list" if isinstance(State.described()[field], Choice) else "")


def more(page: Page[State]) -> None:
    """Show the controls that are seldom needed."""
    for column, names in zip(st.columns(3, gap="medium"), _MORE, strict=True):
        with column:
            for field in names:
                control(page, field)


def open_config(config: TrainConfig) -> None:
    """Set every control to what a configuration says."""
    architecture.forget_draft()
    state = State.of(config)
    put({key: getattr(state, field) for field, key in SHORT.items()})


def config(page: Page[State]) -> tuple[TrainConfig, str]:
    """Return what the controls say, or the last configuration that can be run, and why.

    A click's own callback asks before the page makes the controls again, so their stored values are
    read.
    """
    said: dict[str, Any] = {field: get(key) for field, key in SHORT.items() if get(key) is not None}
    page.keep(**said)
    state, told = page.good(Given())
    return state.config, told


def is_refused(page: Page[State]) -> bool:
    """Tell whether what the controls say is another configuration than the one that is shown."""
    made, _ = config(page)
    try:
        return page.state().config != made
    except ValueError:
        return True


def title(made: TrainConfig) -> str:
    """Return a short name for a run."""
    network = architecture.name_of(made.architecture.to_text()) or "own network"
    return f"{network}, {made.optimizer} {made.learning_rate:g}"
