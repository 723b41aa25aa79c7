"""Stepping, pointing and typing in the player: the lectures' examples, and 16×16 with 5×5."""

import tempfile
from pathlib import Path
from statistics import median

from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import frame, repaint
from benchmarks.report import Row
from tests.browser import harness

_LESSONS = {"1D": "convolution_1d", "2D": "convolution_2d"}
_FRAMES = 60
_EDITS = 15
_PICTURE = """
import numpy as np
import streamlit as st
from cnnlib.lessons.convolution_2d import State
from cnnlib.ui import walk_room
from cnnlib.ui.components import player

numbers = np.random.default_rng(0)
state = st.session_state
for name, size in (("A", SIZE), ("B", KERNEL)):
    rows = numbers.integers(-3, 4, (size, size)).tolist()
    state.setdefault(name, ";".join(",".join(map(str, row)) for row in rows))

@st.fragment
def lesson():
    operands = {"input": ("A", state["A"]), "kernel": ("B", state["B"])}
    walk_room.take_edit("walk", operands, (32, 32))
    walks, _ = State(A=state["A"], B=state["B"], outputs="same").walks()
    player.show(walks, key="walk")

lesson()
"""
_ECHO = """
import streamlit as st
@st.fragment
def echo():
    st.write("said", st.text_input("say", key="say"))
echo()
"""


def run() -> list[Row]:
    """Measure and return the rows."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        rows = []
        for size, kernel in ((16, 5), (32, 7)):
            script = Path(folder) / f"picture{size}.py"
            path = f"import sys; sys.path.insert(0, {str(harness.ROOT)!r})\n"
            source = _PICTURE.replace("SIZE", str(size)).replace("KERNEL", str(kernel))
            script.write_text(path + source)
            with harness.serve(script, folder=harness.ROOT) as address:
                page = browser.new_page(viewport=harness.PROJECTOR)
                harness.open_walk(page, address)
                page.wait_for_timeout(1500)
                rows += _frames(page, f"{size}×{size}, kernel {kernel}×{kernel}")
                if size == 16:
                    ours = _edits(page)
        with harness.serve() as address:
            golden = {}
            for name, lesson in _LESSONS.items():
                page = browser.new_page(viewport=harness.PROJECTOR)
                harness.open_walk(page, f"{address}/{lesson}")
                page.wait_for_timeout(1500)
                golden[name] = _edits(page)
        echo = Path(folder) / "echo.py"
        echo.write_text(_ECHO)
        with harness.serve(echo, folder=harness.ROOT) as address:
            theirs = _echoes(browser.new_page(), address)
        browser.close()
    what = "16×16, kernel 5×5: typed cell to repaint"
    peer = "a Streamlit text field that is echoed"
    return [
        *rows,
        *(
            Row(f"the lecture's {name} example: typed cell to repaint", time, "ms", 150)
            for name, time in golden.items()
        ),
        Row(what, ours, "ms", 150),
        Row(what, ours, "ms", None, False, peer, theirs),
    ]


def _frames(page: Page, size: str) -> list[Row]:
    """Return the frame times of a step and a pointed cell, beside that of one toggled class."""
    spots = [((7 * n % 17 + 0.5) / 18, (5 * n % 17 + 0.5) / 18) for n in range(_FRAMES)]
    page.keyboard.press("Home")
    step = frame(page, ".player", ".bar", "step", ["ArrowRight"] * _FRAMES)
    point = frame(page, ".player", "[data-walk='0'] [data-grid=input]", "point", spots)
    bare = frame(page, ".player", ".bar", "bare", range(_FRAMES))
    peer = "a frame that toggles one class"
    return [
        Row(f"{size}: a step", step, "ms", 16),
        Row(f"{size}: a pointed cell", point, "ms", 16),
        Row(f"{size}: a pointed cell", point, "ms", None, False, peer, bare),
    ]


def _edits(page: Page) -> float:
    player = page.locator(".player")
    kernel = player.locator(".equation:visible, [data-walk='0']").first
    cells = kernel.locator("[data-grid=kernel] .cell")
    count, times = cells.count(), []
    for number in range(_EDITS):
        cells.nth(number % count).dblclick()
        player.locator(".typed").fill(str(4 + number))
        times.append(
            repaint(player, lambda: page.keyboard.press("Enter"), attributeFilter=["data-ready"])
        )
        page.keyboard.press("Escape")
    return median(times)


def _echoes(page: Page, address: str) -> float:
    page.goto(address)
    field = page.get_by_role("textbox")
    field.wait_for()
    shown = page.locator("[data-testid=stMarkdown]").first
    times = []
    for number in range(_EDITS):
        field.fill(f"word {number}")
        looks = {"childList": True, "characterData": True, "subtree": True}
        times.append(repaint(shown, lambda: field.press("Enter"), **looks))
    return median(times)
