"""The picture and the short moving picture that the README opens with."""

import io
from collections.abc import Iterator

from PIL import Image
from playwright.sync_api import Browser, Page

from cnnlib.data.digits import sample_strokes
from cnnlib.drawings.drawing import PAD
from tests.browser import harness

FOLDER = harness.ROOT / "assets" / "readme"
WIDTH = 800  # pixels of the moving picture
COLOURS = 64
FRAME_MS, REST_MS = 90, 2500
DIGIT = 3


def write(browser: Browser, address: str) -> None:
    """Write both pictures of the app that answers at an address."""
    FOLDER.mkdir(exist_ok=True)
    page = browser.new_page(viewport=harness.PROJECTOR, color_scheme="light")
    harness.open_walk(page, f"{address}/convolution_2d")
    page.wait_for_timeout(1500)
    page.screenshot(path=FOLDER / "classroom.png")
    _save([_shrunk(frame) for frame in _moments(page, address)])
    page.close()


def _moments(page: Page, address: str) -> Iterator[bytes]:
    """Draw a digit, point along a map, choose a cell; yield a screenshot of each moment."""
    paper = harness.open_pad(page, address)
    page.wait_for_timeout(1000)
    box = paper.bounding_box()
    assert box is not None
    for stroke in sample_strokes(DIGIT):
        for number, (x, y, _) in enumerate(stroke):
            right, down = x / PAD * box["width"], y / PAD * box["height"]
            page.mouse.move(box["x"] + right, box["y"] + down)
            if number == 0:
                page.mouse.down()
            if number % 2 == 0:
                yield page.screenshot()
        page.mouse.up()
    for column in range(4, 15, 2):
        cell = {"x": column, "y": 14}
        page.locator("canvas[data-layer=conv3]").hover(position=cell)
        yield page.screenshot()
    page.locator("canvas[data-layer=conv3]").click(position=cell)
    page.wait_for_timeout(1000)
    yield page.screenshot()


def _shrunk(screenshot: bytes) -> Image.Image:
    picture = Image.open(io.BytesIO(screenshot)).convert("RGB")
    height = round(picture.height * WIDTH / picture.width)
    return picture.resize((WIDTH, height), Image.Resampling.LANCZOS)


def _save(frames: list[Image.Image]) -> None:
    """Save frames as a GIF under one palette, that of the last and fullest frame."""
    palette = frames[-1].quantize(COLOURS, dither=Image.Dither.NONE)
    first, *others = [f.quantize(palette=palette, dither=Image.Dither.NONE) for f in frames]
    first.save(
        FOLDER / "drawing.gif",
        save_all=True,
        append_images=others,
        duration=[FRAME_MS] * len(others) + [REST_MS],
        loop=0,
        optimize=True,
    )
