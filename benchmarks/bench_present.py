"""From an arrow key to the finished beat, over the shipped lecture, in a real browser.

A beat is finished when its number stands on the stage, the server's run is over, and two frames
were painted since.
"""

from statistics import median, quantiles

from playwright.sync_api import sync_playwright

from benchmarks.report import Row
from cnnlib.ui.talk_shelf import shipped
from tests.browser import harness

_PRESS = """(beat) => new Promise((done) => {
  const find = (selector) => [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(selector)).find(Boolean);
  const stage = find(".stage"), frame = requestAnimationFrame;
  let start = 0;
  const rests = () => stage.dataset.beat === String(beat)
    && document.querySelector("[data-test-script-state]").dataset.testScriptState === "notRunning";
  const look = () => {
    if (!rests()) { setTimeout(look, 4); return; }
    frame(() => frame(() => done([performance.now() - start, location.pathname])));
  };
  window.addEventListener("keydown", () => { start = performance.now(); look(); },
    { once: true, capture: true });
})"""
_REST_MS = 700  # a person's pause: what a beat does afterwards is not the next one's wait


def run() -> list[Row]:
    """Walk the lecture to its end and back and return the rows."""
    count = len(shipped()["lecture"].beats)
    path = [*range(2, count + 1), *range(count - 1, 0, -1)]
    waits: dict[bool, list[float]] = {True: [], False: []}
    with harness.serve() as address, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        page = browser.new_page(viewport=harness.PROJECTOR)
        page.goto(f"{address}/draw?present=1&talk=lecture&beat=1")
        page.locator(".stage[data-beat='1']").wait_for(state="attached")
        page.wait_for_timeout(3000)
        before, at = "/draw", 1
        for beat in path:
            page.evaluate(f"window.finished = ({_PRESS})({beat}); 0")
            page.keyboard.press("ArrowRight" if beat > at else "ArrowLeft")
            took, where = page.evaluate("window.finished")
            waits[where != before].append(took)
            before, at = where, beat
            page.wait_for_timeout(_REST_MS)
        browser.close()
    every = waits[True] + waits[False]
    return [
        Row("arrow key to finished beat, median", median(every), "ms", 300),
        Row("arrow key to finished beat, 95th percentile", quantiles(every, n=20)[-1], "ms", 700),
        Row("the same, to another page, median", median(waits[True]), "ms", 300),
    ]
