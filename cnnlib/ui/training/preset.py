"""Presets: configurations with what to expect of them, and races of several at once."""

import streamlit as st

from cnnlib.lessons import reader
from cnnlib.lessons.train import State
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.presets import PRESETS, RACES
from cnnlib.runs.start import Start
from cnnlib.storage.database import RecordsError
from cnnlib.ui import refusals
from cnnlib.ui.controls import get, put
from cnnlib.ui.page import Page
from cnnlib.ui.session import visit
from cnnlib.ui.training import config, lab

_OWN = "Your own"
_RACE = "train.race"
_SHOWN = "train.preset"  # the choice when the page was last shown
_NAMES = [*PRESETS, *RACES]


def choose(made: TrainConfig) -> None:
    """Show the choice of presets and races; `made` is what the controls say now."""
    # A race stays chosen until a control is changed.
    if get("preset") not in RACES or visit().good.get(_RACE) != made:
        put(preset=_name_of(made))
    visit().good[_SHOWN] = get("preset")
    st.selectbox(
        "Preset",
        _NAMES,
        index=None,
        key="preset",
        format_func=_title,
        placeholder=_OWN,
        on_change=_open,
    )


def expectation() -> str:
    """Return one sentence about what to expect of the runs that Start would start."""
    name = get("preset")
    if name in RACES:
        return RACES[name].purpose
    return PRESETS[name].purpose if name in PRESETS else ""


def start() -> None:
    """Start what is chosen: one run, or all runs of a race."""
    name = get("preset")
    if name in RACES:
        lab.start(list(RACES[name].configs.items()))
    elif one := _one():
        lab.start([one])


def train_on(begin: Start) -> None:
    """Start a run of the present settings that begins with weights."""
    if one := _one():
        title, made = one
        lab.start([(f"{title}, trained on", made)], begin)


def train_on_run(run: str) -> None:
    """Start a run of the present settings that begins with the last weights of another one."""
    try:
        last = reader.of_run(run)
    except (ValueError, RecordsError) as error:
        visit().refused = refusals.told("run", error)
        return
    train_on(Start(last.network, last.whose, run))


def _one() -> tuple[str, TrainConfig] | None:
    """Read the controls anew, because they may have changed with this very click.

    Where a control's value is refused, the result is None: no run has settings that nobody asked
    for.
    """
    if get("preset") != visit().good[_SHOWN]:
        _open()  # the choice came with the click, and its own callback is yet to come
    made, _ = config.config(Page(State))
    if config.is_refused(Page(State)):
        visit().refused = "Nothing was started, because one of the settings can't be taken."
        return None
    name = _name_of(made)
    return (PRESETS[name].title if name in PRESETS else config.title(made)), made


def _name_of(made: TrainConfig) -> str | None:
    return next((name for name, preset in PRESETS.items() if preset.config == made), None)


def _title(name: str) -> str:
    return PRESETS[name].title if name in PRESETS else f"Race: {RACES[name].title}"


def _open() -> None:
    if preset := PRESETS.get(get("preset")):
        config.open_config(preset.config)
    visit().good[_RACE] = config.config(Page(State))[0]
