"""A picture of 512×512 under a kernel of 5×5: a control to its repaint, and the magnifier."""

import io
from functools import partial
from statistics import median

import numpy as np
from PIL import Image
from playwright.sync_api import Locator, Page, sync_playwright

from benchmarks.browser import frame, repaint
from benchmarks.report import Row
from tests.browser import harness

_SIZE = 512
_FRAMES = 60
_CHANGES = 12
_KERNEL = ";".join(["1,2,3,2,1"] * 5)


def run() -> list[Row]:
    """Measure and return the rows."""
    with harness.serve() as address, sync_playwright() as playwright:
        browser = harness.launch(playwright)
        page = browser.new_page(viewport=harness.PROJECTOR)
        page.goto(f"{address}/kernels?picture=Upload+…&kernel={_KERNEL}")
        page.locator(".magnifier[data-at]").wait_for()
        page.get_by_text("Choose a file").click()
        page.locator("input[type=file]").set_input_files(
            {"name": "noise.png", "mimeType": "image/png", "buffer": _picture()}
        )
        page.get_by_text(f"Picture, {_SIZE}×{_SIZE}").wait_for()
        page.keyboard.press("Escape")
        page.wait_for_timeout(1500)
        rows = []
        for channels in ("grey", "colour"):
            page.get_by_text(channels, exact=True).click()
            page.wait_for_timeout(1000)
            what = f"512×512, kernel 5×5, {channels}"
            bar = 250 if channels == "grey" else None
            rows += [
                Row(f"{what}: Show to repaint", _shown(page), "ms", bar),
                Row(f"{what}: a weight to repaint", _typed(page), "ms", bar),
                Row(f"{what}: the magnifier", _pointed(page), "ms", 16),
            ]
        browser.close()
    return rows


def _picture() -> bytes:
    rng = np.random.default_rng(0)
    file = io.BytesIO()
    Image.fromarray(rng.integers(0, 256, (_SIZE, _SIZE, 3), np.uint8)).save(file, "PNG")
    return file.getvalue()


def _result(page: Page) -> Locator:
    return page.locator(".magnifier .to figcaption")


def _shown(page: Page) -> float:
    times = []
    for number in range(_CHANGES):
        button = page.get_by_text(("clip", "absolute", "rescale")[number % 3], exact=True)
        click = partial(button.evaluate, "node => node.click()")
        times.append(repaint(_result(page), click, childList=True))
    return median(times)


def _typed(page: Page) -> float:
    weight = page.locator(".magnifier .kernel input").nth(12)
    times = []
    for number in range(_CHANGES):
        weight.fill(str(4 + number))
        times.append(repaint(_result(page), lambda: weight.press("Enter"), childList=True))
    return median(times)


def _pointed(page: Page) -> float:
    spots = [((7 * n % 17 + 0.5) / 18, (5 * n % 17 + 0.5) / 18) for n in range(_FRAMES)]
    return frame(page, ".magnifier", ".from canvas", "point", spots)
