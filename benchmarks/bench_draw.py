"""From a move of the pen in the browser to the changed prediction in the page.

A hand draws at a mouse's pace. Each move is matched with the first message that the pad sent
at or after it, and that message with the first answer to it or to a later one.
"""

import time
from itertools import pairwise
from statistics import median, quantiles

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Row
from tests.browser import harness

_WATCH = """() => {
  const find = (selector) => [...document.querySelectorAll('*')]
    .map((node) => node.shadowRoot?.querySelector(selector)).find(Boolean);
  const now = () => performance.now();
  const log = window.log = { moves: [], sent: [], answers: [] };
  const paper = find('canvas.paper'), answer = find('.answer');
  const watch = (node, name, list) =>
    new MutationObserver(() => list.push([+node.dataset[name], now()]))
      .observe(node, { attributes: true, attributeFilter: ['data-' + name] });
  paper.addEventListener('pointermove', () => log.moves.push(now()), true);
  watch(paper, 'sent', log.sent);
  watch(answer, 'sequence', log.answers);
}"""
_PACE_S = 0.008  # a mouse reports about 125 times a second
_POINTS = 12  # moves between two corners of a stroke


def run() -> list[Row]:
    """Draw digits and return the rows."""
    with harness.serve() as address, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        page = browser.new_page(viewport=harness.PROJECTOR)
        _draw(page, address, (0,))  # warms the server up
        page.evaluate(_WATCH)
        seconds = _draw(page, address, (8, 3, 5, 2, 9, 6, 0, 8), open_page=False)
        log = page.evaluate("window.log")
        browser.close()
    waits = _waits(log)
    return [
        Row("pen to prediction, median", median(waits), "ms", 60),
        Row("pen to prediction, 95th percentile", quantiles(waits, n=20)[-1], "ms", 150),
        Row("predictions a second, mid-stroke", len(log["answers"]) / seconds, "/s", 8, True),
    ]


def _draw(page: Page, address: str, digits: tuple[int, ...], *, open_page: bool = True) -> float:
    paper = harness.open_pad(page, address) if open_page else page.locator("canvas.paper")
    box = paper.bounding_box()
    assert box is not None
    spent = 0.0
    for digit in digits:
        page.get_by_role("button", name="Clear").click(force=True)
        for stroke in harness.strokes_of(digit):
            corners = pairwise(stroke)
            path = [
                (a + (c - a) * k / _POINTS, b + (d - b) * k / _POINTS)
                for (a, b), (c, d) in corners
                for k in range(_POINTS)
            ]
            places = [(box["x"] + x * box["width"], box["y"] + y * box["height"]) for x, y in path]
            page.mouse.move(*places[0])
            page.mouse.down()
            start = time.perf_counter()
            for place in places:
                page.mouse.move(*place)
                time.sleep(_PACE_S)
            spent += time.perf_counter() - start
            page.mouse.up()
        page.wait_for_timeout(300)
    return spent


def _waits(log: dict) -> list[float]:
    found = []
    for moved in log["moves"]:
        sent = next((number for number, at in log["sent"] if at >= moved), None)
        answered = next((at for number, at in log["answers"] if sent and number >= sent), None)
        if answered is not None:
            found.append(answered - moved)
    assert len(found) > 100, "hardly any move was answered: nothing was measured"
    return found
