"""How a run goes, in words, and why that is said."""

import streamlit as st

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.diagnosis import diagnose
from cnnlib.ui.controls import quoted
from cnnlib.ui.histories import History


def show(told: History, config: TrainConfig, name: str = "") -> None:
    """Say how a run goes, once it has measured.

    Parameters
    ----------
    told : History
    config : TrainConfig
    name : str
        Which of several runs it is.
    """
    if not told.reports and told.diverged is None:
        return
    found = diagnose(told.reports, config, told.diverged)
    which = f"{quoted(name)}: " if name else ""
    st.markdown(f":small[**{which}{found.kind}.** {found.sentence} {found.advice}]")
