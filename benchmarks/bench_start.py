"""A cold start beside that of a Streamlit app of one line, in turn, each in a new process."""

import tempfile
import time
import urllib.request
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, sync_playwright

from benchmarks.report import Row
from tests.browser import harness

_ROUNDS = 5
_BARE = "import streamlit as st; st.write('ready')\n"


def run() -> list[Row]:
    """Start both apps several times and return the rows."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare = Path(folder) / "bare.py"
        bare.write_text(_BARE)
        browser = harness.launch(playwright)
        times: dict[str, list[tuple[float, float]]] = {"ours": [], "bare": []}
        for _ in range(_ROUNDS):
            times["ours"].append(_start(browser, harness.ROOT / "serve.py", "canvas.paper"))
            times["bare"].append(_start(browser, bare, "text=ready"))
        browser.close()
    served, usable = (
        {name: median(pair[which] for pair in pairs) for name, pairs in times.items()}
        for which in (0, 1)
    )
    peer = "a Streamlit app of one line"
    return [
        Row(
            "process start to first page served",
            served["ours"],
            "s",
            1.3,
            False,
            peer,
            served["bare"],
        ),
        Row("first page to usable pad", usable["ours"], "s", 1.3, False, peer, usable["bare"]),
    ]


def _start(browser: Browser, script: Path, usable: str) -> tuple[float, float]:
    """Return the seconds from process start to the first page, and from there to `usable`."""
    begin = time.perf_counter()
    with harness.serve(script) as address:
        with urllib.request.urlopen(address) as reply:  # noqa: S310 - the address started here
            assert reply.status == 200
        served = time.perf_counter() - begin
        page = browser.new_page(viewport=harness.PROJECTOR)
        begin = time.perf_counter()
        page.goto(address)
        page.locator(usable).wait_for()
        spent = time.perf_counter() - begin
        page.close()
    return served, spent
