"""A page with the learning component alone. Its address says what is shown."""

from dataclasses import replace

import streamlit as st

from cnnlib.runs.events import Diverged
from cnnlib.ui.components import kept, learning
from tests.histories import history

STEP = 3  # progress events that "Train on" adds: one report


@st.cache_resource
def run(name: str) -> object:
    settings = {
        "one": {},
        "two": {"pace": 0.4, "seed": 2, "templates": True},
        "broken": {"epochs": 0.25},
        "wild": {"epochs": 0.25},
    }
    return history(**settings[name])


def shown(name: str, more: int) -> learning.Shown:
    told, diverged = run(name), None
    upto = int(st.query_params.get("upto", 1000)) + more * STEP
    progress = told.progress[:upto]
    reports = [one for one in told.reports if progress and one.step <= progress[-1].step]
    state = "training" if upto < len(told.progress) else "finished"
    if name == "broken":
        diverged, state = Diverged(16, float("inf"), {}, 1000.0, "It left all bounds."), "diverged"
        progress, reports = progress[:2], []
    if name == "wild":
        progress = [replace(one, loss=6.16e12 ** (k / 2)) for k, one in enumerate(progress[:3])]
        reports = []
    if not progress:
        state = "queued"
    sentence = {"queued": "Third in the queue.", "diverged": "It left all bounds."}.get(state, "")
    return learning.Shown(
        name,
        f"Run {name}",
        state,
        told.validation,
        told.begun,
        progress,
        reports,
        diverged,
        sentence,
    )


@st.fragment
def room() -> None:
    more = st.session_state.setdefault("more", 0)
    if st.button("Train on"):
        more = st.session_state.more = more + 1
    place = st.columns(2)[1] if st.checkbox("Elsewhere") else st.container()
    with place:
        names = [name for name in st.query_params.get("runs", "one").split(",") if name]
        learning.show([shown(name, more) for name in names], key="learning")
    st.text(f"have {kept('learning', 'have')}")
    st.text(f"picked {learning.picked('learning')}")
    st.text(f"looked {learning.looked('learning')}")


room()
