"""Pointing at a cell of maps: from the pointer's move to the painted frame, in the browser."""

from playwright.sync_api import Page, sync_playwright

from benchmarks.browser import frame
from benchmarks.report import Row
from tests.browser import harness

_FRAMES = 60
_VGG = (
    "receptive_fields?input_size=64&layers="
    "conv3p1,conv3p1,pool2,conv3p1,conv3p1,pool2,conv3p1,conv3p1,conv3p1,pool2"
)
# The link of each lesson, and the number of the map that is pointed at.
_LESSONS = {
    "maps: the layer's lesson, 32×32×3, six filters": ("conv_layer", 6),
    "maps: 16 slices, 16 kernels, 16 maps": ("conv_layer?v_depth=16&v_filters=16", 32),
    "maps: VGG-16's first blocks, from the input": (_VGG, 0),
    "maps: VGG-16's first blocks, from the last layer": (_VGG, 10),
    "maps: a shifted drawing": ("pooling?pool_view=drawing", 2),
}


def run() -> list[Row]:
    """Measure and return the rows."""
    rows = []
    with harness.serve() as address, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        for what, (lesson, number) in _LESSONS.items():
            page = browser.new_page(viewport=harness.PROJECTOR)
            page.goto(f"{address}/{lesson}")
            page.locator(".room[data-ready]").wait_for()
            page.wait_for_timeout(1500)
            rows += _rows(page, what, f"canvas[data-map='{number}']")
            page.close()
        browser.close()
    return rows


def _rows(page: Page, what: str, selector: str) -> list[Row]:
    # The cells lie far from each other, so that each move lights other cells.
    spots = [((7 * n % 17 + 0.5) / 18, (5 * n % 17 + 0.5) / 18) for n in range(_FRAMES)]
    point = frame(page, ".room", selector, "point", spots)
    bare = frame(page, ".room", selector, "bare", range(_FRAMES))
    return [
        Row(what, point, "ms", 16),
        Row(what, point, "ms", None, False, "a frame that toggles one class", bare),
    ]
