"""Time to the finished beat in a real browser: from an arrow key, and from a tap on a phone.

A beat is finished when its number stands on the stage, the server's run is over, and two frames
have been painted since then.
"""

from statistics import median, quantiles

from playwright.sync_api import Browser, Page, sync_playwright

from benchmarks.report import Row
from cnnlib.ui.talks.shelf import shipped
from tests.browser import harness

# These listeners come before the page's own, because those keep the key to themselves.
_CLOCK = """for (const act of ["keydown", "pointerdown"]) addEventListener(
  act, () => { window.acted = performance.timeOrigin + performance.now(); }, true);"""
_FINISHED = """(beat) => new Promise((done) => {
  const stage = [...document.querySelectorAll("*")]
    .map((node) => node.shadowRoot?.querySelector(".stage")).find(Boolean);
  const rests = () => stage.dataset.beat === String(beat)
    && document.querySelector("[data-test-script-state]").dataset.testScriptState === "notRunning";
  const look = () => {
    if (!rests()) { setTimeout(look, 4); return; }
    requestAnimationFrame(() => requestAnimationFrame(
      () => done([performance.timeOrigin + performance.now(), location.pathname])));
  };
  look();
})"""
_REST_MS = 500  # a person's pause, so that late work of a beat does not count for the next one


_FIRST, _WISHES = 6, 24  # the beat at which the phone begins, and how often it is tapped


def run() -> list[Row]:
    """Walk the lecture to its end, then some of it from a phone, and return the rows."""
    with harness.serve() as address, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        waits = _walk(_projector(browser, address, 1))
        wishes = _drive(browser, address)
        browser.close()
    every = waits[True] + waits[False]
    return [
        Row("arrow key to finished beat, median", median(every), "ms", 300),
        Row("arrow key to finished beat, 95th percentile", quantiles(every, n=20)[-1], "ms", 700),
        Row("the same, to another page, median", median(waits[True]), "ms", 300),
        Row(f"a phone's Next to finished beat, median of {_WISHES}", median(wishes), "ms", 200),
        Row(f"a phone's Next to finished beat, worst of {_WISHES}", max(wishes), "ms", 300),
    ]


def _projector(browser: Browser, address: str, beat: int) -> Page:
    page = browser.new_context(viewport=harness.PROJECTOR).new_page()
    page.add_init_script(_CLOCK)
    link = shipped()["lecture"].beats[beat - 1].link
    sign = "&" if "?" in link else "?"
    page.goto(f"{address}/{link}{sign}present=1&talk=lecture&beat={beat}")
    page.locator(f".stage[data-beat='{beat}']").wait_for(state="attached")
    page.wait_for_timeout(3000)
    return page


def _walk(page: Page) -> dict[bool, list[float]]:
    """Return the milliseconds from each key to its beat, by whether the beat is on another page."""
    waits: dict[bool, list[float]] = {True: [], False: []}
    before = page.evaluate("location.pathname")
    for beat in range(2, len(shipped()["lecture"].beats) + 1):
        page.keyboard.press("ArrowRight")
        done, where = page.evaluate(_FINISHED, beat)
        waits[where != before].append(done - page.evaluate("window.acted"))
        before = where
        page.wait_for_timeout(_REST_MS)
    page.close()
    return waits


def _drive(browser: Browser, address: str) -> list[float]:
    """Return the milliseconds from each tap on a phone to the beat on the projector."""
    projector = _projector(browser, address, _FIRST)
    projector.keyboard.press("v")
    code = projector.locator(".note b").inner_text()
    phone = browser.new_context(viewport=harness.PHONE, has_touch=True, is_mobile=True).new_page()
    phone.add_init_script(_CLOCK)
    phone.goto(f"{address}/talks?speak={code}")
    button = phone.get_by_role("button", name="Next")
    button.wait_for()
    phone.wait_for_timeout(3000)
    waits = []
    for beat in range(_FIRST + 1, _FIRST + 1 + _WISHES):
        button.tap()
        done, _ = projector.evaluate(_FINISHED, beat)
        waits.append(done - phone.evaluate("window.acted"))
        phone.wait_for_timeout(_REST_MS)
    return waits
