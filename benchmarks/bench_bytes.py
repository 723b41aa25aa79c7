"""Bytes that travel over the websocket for one act, beside a Streamlit app of one line."""

import re
import tempfile
import zlib
from collections.abc import Callable
from itertools import pairwise
from pathlib import Path
from statistics import median

from playwright.sync_api import Browser, Page, WebSocket, sync_playwright
from streamlit.proto.ForwardMsg_pb2 import ForwardMsg

from benchmarks.report import Row
from cnnlib.ui.components import unpack
from tests.browser import harness

_BARE = "import streamlit as st\nst.write('said', st.text_input('say'))\n"
_PEER = "a Streamlit app of one line that echoes a text field"
_KB = 1000
_DIGITS = (0, 3, 8)
_POINTS = 8  # moves between two corners of a stroke
_PACE_MS = 60.0
_REST_MS = 1500.0
_TRAINS_MS = 8000.0


def run() -> list[Row]:
    """Draw, edit and train in a browser, and return the rows."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        bare = Path(folder) / "bare.py"
        bare.write_text(_BARE)
        browser = harness.launch(playwright)
        with harness.serve(bare, folder=harness.ROOT) as address:
            peer = median(map(_size, _echoes(browser, address)))
        with harness.serve() as address:
            drawn = max(map(_size, _strokes(browser, address)))
            edited = max(map(_size, _edits(browser, f"{address}/convolution_1d", "b")))
            pictured = max(map(_size, _edits(browser, f"{address}/convolution_2d", "B")))
            updates = _training(browser, address)
            trained = max(map(_size, updates))
            beyond = max(_size(run) - _numbers(run) for run in updates)
        browser.close()
    return [
        Row("bytes of one answer to the pen, mid-stroke", drawn, "KB", 20),
        Row("bytes of one answer to the pen, mid-stroke", drawn, "KB", None, False, _PEER, peer),
        Row("bytes of one edit in 1D", edited, "KB", 12),
        Row("bytes of one edit in 1D", edited, "KB", None, False, _PEER, peer),
        Row("bytes of one edit in 2D", pictured, "KB", None, False, _PEER, peer),
        Row("bytes of the largest live training update", trained, "KB", None, False, _PEER, peer),
        Row("bytes of a live training update, beyond its numbers", beyond, "KB", 10),
    ]


def _watched(page: Page) -> list[list[ForwardMsg]]:
    """Return a list that gets the messages of each of the page's script runs, once it is over."""
    runs: list[list[ForwardMsg]] = []
    now: list[ForwardMsg] = []

    def take(payload: str | bytes) -> None:
        assert isinstance(payload, bytes)
        message = ForwardMsg.FromString(payload)
        now.append(message)
        if message.HasField("script_finished"):
            runs.append(now.copy())
            now.clear()

    def watch(socket: WebSocket) -> None:
        if "/_stcore/" in socket.url:
            socket.on("framereceived", take)

    page.on("websocket", watch)
    return runs


def _size(run: list[ForwardMsg]) -> float:
    return sum(message.ByteSize() for message in run) / _KB


def _packets(run: list[ForwardMsg]) -> list[bytes]:
    elements = [message.delta.new_element for message in run if message.HasField("delta")]
    packets = [one.bidi_component.bytes for one in elements]
    return [packet for packet in packets if packet]


def _numbers(run: list[ForwardMsg]) -> float:
    """Return the size of the arrays that an update tells, deflated; words don't count."""
    return sum(len(zlib.compress(unpack(packet)[1])) for packet in _packets(run)) / _KB


def _over(page: Page, runs: list[list[ForwardMsg]], act: Callable[[], object]) -> list[ForwardMsg]:
    """Return the messages that an act is answered with."""
    before = len(runs)
    act()
    page.wait_for_timeout(_REST_MS)
    assert len(runs) > before, "nothing was answered: nothing was measured"
    return [message for run in runs[before:] for message in run]


def _echoes(browser: Browser, address: str) -> list[list[ForwardMsg]]:
    page = browser.new_page()
    runs = _watched(page)
    page.goto(address)
    field = page.get_by_label("say")
    found = []
    for text in ("one", "two", "three"):
        field.fill(text)
        found.append(_over(page, runs, lambda: field.press("Enter")))
    page.close()
    return found


def _strokes(browser: Browser, address: str) -> list[list[ForwardMsg]]:
    """Return the answers to a pen that is down, without the last of a stroke."""
    page = browser.new_page(viewport=harness.PROJECTOR)
    runs = _watched(page)
    paper = harness.open_pad(page, address)
    box = paper.bounding_box()
    assert box is not None
    found = []
    for digit in _DIGITS:
        page.get_by_role("button", name="Clear").click(force=True)
        page.wait_for_timeout(_REST_MS)
        for stroke in harness.strokes_of(digit):
            places = [
                (box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in stroke
            ]
            page.mouse.move(*places[0])
            page.mouse.down()
            page.wait_for_timeout(_REST_MS)
            before = len(runs)
            for (a, b), (c, d) in pairwise(places):
                for k in range(1, _POINTS + 1):
                    page.mouse.move(a + (c - a) * k / _POINTS, b + (d - b) * k / _POINTS)
                    page.wait_for_timeout(_PACE_MS)
            page.wait_for_timeout(_REST_MS)
            found += runs[before:]
            page.mouse.up()
            page.wait_for_timeout(_REST_MS)
    page.close()
    assert len(found) > 50, f"{len(found)} answers to the pen: hardly anything was measured"
    return found


def _edits(browser: Browser, address: str, field: str) -> list[list[ForwardMsg]]:
    page = browser.new_page(viewport=harness.PROJECTOR)
    runs = _watched(page)
    player = harness.open_walk(page, address)
    cells = player.locator(".equation:visible, [data-walk='0']").first
    found = []
    for value in range(13, 17):
        cells.locator("[data-grid=kernel] .cell").first.dblclick()
        player.locator(".typed").fill(str(value))
        found.append(_over(page, runs, lambda: page.keyboard.press("Enter")))
        assert f"{field}={value}" in page.url
        page.keyboard.press("Escape")
    page.close()
    return found


def _training(browser: Browser, address: str) -> list[list[ForwardMsg]]:
    page = browser.new_page(viewport=harness.PROJECTOR)
    runs = _watched(page)
    page.goto(f"{address}/train?epochs=3")
    page.locator(".learning").wait_for()
    page.get_by_role("button", name=re.compile("^Start")).click(timeout=60_000)
    page.locator(".learning .state", has_text="Training").wait_for(timeout=60_000)
    page.wait_for_timeout(_REST_MS)
    before = len(runs)
    page.wait_for_timeout(_TRAINS_MS)
    found = [run for run in runs[before:] if _packets(run)]
    page.close()
    assert len(found) > 3, f"{len(found)} updates: hardly anything was measured"
    return found
