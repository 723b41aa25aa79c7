"""What a run is told: its controls, all bound to the link, and what is wrong with them."""

import streamlit as st

from cnnlib.lessons.fields import sentence
from cnnlib.runs.config import (
    CHOICES,
    DATA,
    REAL,
    SHORT,
    WHOLE,
    ConfigError,
    TrainConfig,
)
from cnnlib.ui import link
from cnnlib.ui.controls import put, whole
from cnnlib.ui.session import visit
from cnnlib.ui.training import architecture
from cnnlib.ui.walk_room import last_good

LESSON = "train"
_REFUSED = "train.refused"
_USUAL = TrainConfig()
_WORDS = {
    "data": "Digits",
    "images": "Training images",
    "optimizer": "Optimiser",
    "learning_rate": "Learning rate",
    "schedule": "Schedule",
    "batch_size": "Batch size",
    "epochs": "Epochs",
    "weight_decay": "L2 (weight decay)",
    "dropout": "Dropout",
    "batch_norm": "Batch normalisation",
    "augmentation": "Augmentation",
    "averaging": "Averaging of weights",
    "early_stopping": "Early stopping: patience",
    "reports": "Measurements per epoch",
    "seed": "Seed",
    "device": "Device",
}
_MORE = (
    ("data", "images", "augmentation", "seed"),
    ("schedule", "weight_decay", "dropout", "batch_norm"),
    ("averaging", "early_stopping", "reports", "device"),
)


def take_link() -> None:
    """Note what a link says that no control can; call it before the controls are shown.

    Streamlit drops values that its controls don't take, and says nothing.
    """
    try:
        TrainConfig.from_query(link.everything())
    except ConfigError as error:
        if error.field in (*REAL, "architecture"):
            return  # text: its control keeps it, and says what is wrong
        visit().good[_REFUSED] = (f"This link is not followed in one thing: {error}.", None)


def control(field: str) -> None:
    """Show the control of one field."""
    key, label, usual = SHORT[field], _WORDS[field], getattr(_USUAL, field)
    if field in WHOLE:
        least, most = WHOLE[field]
        whole(label, least, most, usual, key)
    elif field == "batch_norm":
        st.toggle(label, usual, key=key, bind="query-params")
    elif field == "data" or field in CHOICES:
        options = list(DATA if field == "data" else CHOICES[field])
        st.selectbox(label, options, options.index(usual), key=key, bind="query-params")
    else:
        # A rate is typed: steps of a number control would be too coarse for one, or too fine.
        st.text_input(label, str(usual), key=key, bind="query-params")


def more() -> None:
    """Show the controls that are seldom needed."""
    for column, names in zip(st.columns(3, gap="medium"), _MORE, strict=True):
        with column:
            for field in names:
                control(field)


def open_config(config: TrainConfig) -> None:
    """Set every control to what a configuration says."""
    for field, key in SHORT.items():
        value = getattr(config, field)
        if field == "architecture":
            value = architecture.open_architecture(value)
        elif field not in WHOLE and field != "batch_norm":
            value = str(value)
        put({key: value})
    visit().good.pop(_REFUSED, None)


def config() -> tuple[TrainConfig, str]:
    """Return what the controls say, or the last configuration that can be run, and why."""
    texts = {key: str(st.session_state[key]) for key in SHORT.values()}
    texts["bn"] = texts["bn"].lower()
    good, trouble = last_good(LESSON, texts, TrainConfig.from_query, {})
    made = TrainConfig.from_query(good)
    return made, trouble or _refused(made)


def _refused(made: TrainConfig) -> str:
    """Return what was wrong with the link, until a control was changed since."""
    told, when = visit().good.get(_REFUSED, ("", None))
    if told and when not in (None, made):
        visit().good.pop(_REFUSED)
        return ""
    if told:
        visit().good[_REFUSED] = (told, made)
    return sentence(ValueError(told)) if told else ""


def title(made: TrainConfig) -> str:
    """Return a short name for a run."""
    network = architecture.name_of(made.architecture.to_text()) or "own network"
    return f"{network}, {made.optimizer} {made.learning_rate:g}"
