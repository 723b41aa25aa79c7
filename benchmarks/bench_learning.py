"""Following a run: packing an update, and the script that it costs in the browser."""

import tempfile
from collections.abc import Callable
from pathlib import Path
from statistics import median
from time import perf_counter

from playwright.sync_api import CDPSession, Page, sync_playwright

from benchmarks.report import Row
from cnnlib.ui.components import pack
from cnnlib.ui.components.learning.packing import Arrays, Shown, pack_run
from tests.browser import harness
from tests.histories import History, history

_WATCHED_S = 6
_OURS = """
from cnnlib.ui.components import learning
told = made()
run = learning.Shown("a", "A", "training", told.validation, told.begun, told.progress, told.reports)

@st.fragment(run_every=0.2)
def room():
    state.runs = state.get("runs", 0) + 1
    progress, reports = told.progress[: 250 + state.runs], told.reports[: 32 + state.runs // 4]
    learning.show([replace(run, progress=progress, reports=reports)], key="learning")
"""
_THEIRS = """
told = made()

@st.fragment(run_every=0.2)
def room():
    state.runs = state.get("runs", 0) + 1
    last = 250 + state.runs
    for name in ("loss", "accuracy"):
        st.line_chart([getattr(one, name) for one in told.progress[:last]])
    st.text(f"run {state.runs}")
"""
_PAGE = """
import sys
sys.path.insert(0, {root!r})
from dataclasses import replace
import streamlit as st
from tests.histories import history

state = st.session_state
st.set_page_config(layout="wide")

@st.cache_resource
def made():
    return history(epochs=25, planned=30, reports=2, validation=5000)
{room}
room()
"""


def run() -> list[Row]:
    """Measure and return the rows."""
    told = history(epochs=25, planned=30, reports=2, validation=5000)
    ours, theirs = _watched(_OURS, _our_number), _watched(_THEIRS, _their_number)
    what = "300 points, 40 reports: an update, in the browser"
    return [
        Row("300 points, 50 reports: packing an update", _packing(told), "ms", 5),
        Row(what, ours, "ms", 16),
        Row(what, ours, "ms", None, False, "two line charts of Streamlit's", theirs),
    ]


def _packing(told: History) -> float:
    shown = Shown("a", "A", "training", told.validation, told.begun, told.progress, told.reports)
    times = []
    for _ in range(50):
        start = perf_counter()
        arrays = Arrays()
        data = pack_run(shown, len(told.reports) - 1, arrays)
        pack(data, arrays.to_bytes())
        times.append(1e3 * (perf_counter() - start))
    return median(times)


def _our_number(page: Page) -> int:
    return int(page.locator(".learning").get_attribute("data-packet") or 0)


def _their_number(page: Page) -> int:
    return int(page.get_by_text("run ").last.inner_text().removeprefix("run "))


def _watched(room: str, number_of: Callable[[Page], int]) -> float:
    """Measure how long scripts, Streamlit's own included, run in the browser for each update."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        script = Path(folder) / "watched.py"
        script.write_text(_PAGE.format(root=str(harness.ROOT), room=room))
        browser = harness.launch(playwright)
        with harness.serve(script, folder=harness.ROOT) as address:
            page = browser.new_page(viewport=harness.PROJECTOR)
            page.goto(address)
            client = page.context.new_cdp_session(page)
            client.send("Performance.enable")
            page.wait_for_timeout(4000)
            before, first = number_of(page), _scripted(client)
            page.wait_for_timeout(1000 * _WATCHED_S)
            after, later = number_of(page), _scripted(client)
        browser.close()
    return 1e3 * (later - first) / (after - before)


def _scripted(client: CDPSession) -> float:
    metrics = client.send("Performance.getMetrics")["metrics"]
    return next(one["value"] for one in metrics if one["name"] == "ScriptDuration")
