"""A sentence about how a run goes, with its reasons."""

import streamlit as st

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.diagnosis import diagnose
from cnnlib.runs.history import History
from cnnlib.ui.quoting import quoted


def show(told: History, config: TrainConfig, name: str = "") -> None:
    """Say how a run goes.

    Parameters
    ----------
    told : History
    config : TrainConfig
    name : str
        The run's name, where several are shown; else "".
    """
    found = diagnose(told.reports, config, told.diverged)
    kind = f"{quoted(name)}: {found.kind}" if name else found.kind.capitalize()
    with st.container(key="diagnosis"):
        st.markdown(f":small[**{kind}.** {quoted(found.sentence)} {found.advice}]")
