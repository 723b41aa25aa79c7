"""From an arrow key to the finished beat, over the shipped lecture, in a real browser.

A beat is finished when its number stands on the stage, the server's run is over, and two frames
were painted since.
"""

from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from benchmarks.report import Row
from cnnlib.ui.talk_shelf import shipped
from tests.browser import harness

# Before the page's own listeners, which keep the key to themselves.
_CLOCK = "addEventListener('keydown', () => { window.pressed = performance.now(); }, true)"
_FINISHED = """(beat) => new Promise((done) => {
  const stage = [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".stage")).find(Boolean);
  const rests = () => stage.dataset.beat === String(beat)
    && document.querySelector("[data-test-script-state]").dataset.testScriptState === "notRunning";
  const look = () => {
    if (!rests()) { setTimeout(look, 4); return; }
    requestAnimationFrame(() => requestAnimationFrame(
      () => done([performance.now() - window.pressed, location.pathname])));
  };
  look();
})"""
_REST_MS = 500  # a person's pause: what a beat does afterwards is not the next one's wait


def run() -> list[Row]:
    """Walk the lecture to its end and return the rows."""
    count = len(shipped()["lecture"].beats)
    waits: dict[bool, list[float]] = {True: [], False: []}
    with harness.serve() as address, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        page = browser.new_page(viewport=harness.PROJECTOR)
        page.add_init_script(_CLOCK)
        page.goto(f"{address}/draw?present=1&talk=lecture&beat=1")
        page.locator(".stage[data-beat='1']").wait_for(state="attached")
        page.wait_for_timeout(3000)
        before = "/draw"
        for beat in range(2, count + 1):
            page.keyboard.press("ArrowRight")
            took, where = page.evaluate(_FINISHED, beat)
            waits[where != before].append(took)
            before = where
            page.wait_for_timeout(_REST_MS)
        browser.close()
    every = waits[True] + waits[False]
    return [
        Row("arrow key to finished beat, median", median(every), "ms", 300),
        Row("arrow key to finished beat, 95th percentile", quantiles(every, n=20)[-1], "ms", 700),
        Row("the same, to another page, median", median(waits[True]), "ms", 300),
    ]
