import io

import numpy as np
import pytest
from PIL import Image
from playwright.sync_api import expect

from cnnlib.conv import correlate2d
from cnnlib.kernels import KERNELS
from cnnlib.lessons.pictures import sample_picture
from tests.browser.harness import PHONE, PROJECTOR

GREY = sample_picture("scene").grey
SOBEL = correlate2d(GREY, KERNELS["sobel"].weights)


def open_lesson(page, address, query=""):
    page.goto(f"{address}/kernels{query}")
    page.locator(".magnifier[data-at]").wait_for()
    return page.locator(".magnifier")


def number(text):
    return float(text.split("=")[1].replace("−", "-"))


def at(glass):
    return tuple(map(int, glass.get_attribute("data-at").split(",")))


def test_hovering_the_picture_moves_window_products_sum_and_output(visitor, app):
    page = visitor()
    glass = open_lesson(page, app)
    canvas = glass.locator(".from canvas")
    for row, column in ((60, 93), (180, 200), (245, 24)):
        zoom = canvas.evaluate("canvas => canvas.clientWidth / canvas.width")
        canvas.hover(position={"x": zoom * (column + 0.5), "y": zoom * (row + 0.5)})
        where = row - 1, column - 1  # the window's middle lies under the pointer
        assert at(glass) == where
        assert number(glass.locator(".sum output").inner_text()) == SOBEL[where]
        window = [int(text) for text in glass.locator(".window .grid span").all_inner_texts()]
        patch = GREY[row - 1 : row + 2, column - 1 : column + 2].ravel()
        assert window == patch.tolist()
        products = glass.locator(".products .grid span").all_inner_texts()
        weights = KERNELS["sobel"].weights.ravel()
        assert [float(text.replace("−", "-")) for text in products] == (patch * weights).tolist()
    box = glass.locator(".to .frame").bounding_box()
    result = glass.locator(".to canvas").bounding_box()
    assert box["x"] - result["x"] == pytest.approx(23 * zoom, abs=1)
    assert box["y"] - result["y"] == pytest.approx(244 * zoom, abs=1)


def test_a_weight_typed_into_the_grid_changes_the_result_and_the_link(visitor, app):
    page = visitor()
    glass = open_lesson(page, app, "?at=60.93")
    before = number(glass.locator(".sum output").inner_text())
    middle = glass.locator(".kernel input").nth(4)
    middle.fill("10")
    middle.press("Enter")
    page.wait_for_url("**kernel=*10*")
    expected = before + 10 * int(GREY[61, 94])
    told = f"= {expected:.0f}".replace("-", "−")
    glass.locator(".sum output").get_by_text(told).wait_for()
    middle.fill("ten")
    middle.press("Enter")
    page.get_by_text("“ten” is not a number").wait_for()
    assert middle.input_value() == "ten"


def test_a_row_can_be_added(visitor, app):
    page = visitor()
    glass = open_lesson(page, app)
    glass.get_by_role("button", name="+ row").click()
    page.get_by_text("Result, 277×318").wait_for()
    assert glass.locator(".kernel input").count() == 12


def test_a_picture_can_be_uploaded(visitor, app):
    page = visitor()
    glass = open_lesson(page, app, "?picture=Upload+…&borders=edge+pixels")
    out = io.BytesIO()
    Image.fromarray(np.full((40, 50), 90, np.uint8)).save(out, "PNG")
    page.get_by_text("Choose a file").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "mine.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    page.get_by_text("Result, 40×50").wait_for()
    assert number(glass.locator(".sum output").inner_text()) == 0


@pytest.mark.parametrize("kernel", [3, 5, 9, 15])
def test_a_large_picture_and_kernel_fit_a_projector(visitor, app, kernel):
    page = visitor()
    weights = ";".join([",".join(["1"] * kernel)] * kernel)
    glass = open_lesson(page, app, f"?picture=Upload+…&kernel={weights}&shown=rescale")
    out = io.BytesIO()
    Image.fromarray(np.arange(512 * 512).reshape(512, 512).astype(np.uint8)).save(out, "PNG")
    page.get_by_text("Choose a file").click()
    page.locator("input[type=file]").set_input_files(
        {"name": "large.png", "mimeType": "image/png", "buffer": out.getvalue()}
    )
    page.get_by_text("Picture, 512×512").wait_for()
    for part in (".from canvas", ".to canvas", ".kernel", ".window", ".products", ".sum"):
        box = glass.locator(part).bounding_box()
        assert box["x"] + box["width"] <= PROJECTOR["width"]
        assert box["y"] + box["height"] <= PROJECTOR["height"]


def test_a_kernel_that_is_an_outer_product_is_drawn_as_one(visitor, app):
    page = visitor()
    glass = open_lesson(page, app)

    def factors():
        return [glass.locator(f"{side} span").all_inner_texts() for side in (".column", ".row")]

    assert factors() == [["1", "2", "1"], ["1", "0", "−1"]]
    first = glass.locator(".row span").last.bounding_box()
    below = glass.locator(".weights input").nth(2).bounding_box()
    assert first["x"] == pytest.approx(below["x"], abs=1)
    middle = glass.locator(".weights input").nth(4)
    middle.fill("10")
    middle.press("Enter")
    page.get_by_text("Not an outer product").wait_for()
    # The figure unpacks its packet by itself, after the sentence is there.
    for side in (".column", ".row"):
        expect(glass.locator(f"{side} span")).to_have_count(0)


def test_the_camera_takes_a_picture(visitor, app):
    page = visitor()
    glass = open_lesson(page, app, "?picture=Camera+…&borders=edge+pixels")
    page.get_by_text("Take a picture").click()
    shutter = page.get_by_role("button", name="Take Photo")
    shutter.wait_for()
    page.wait_for_function("document.querySelector('video')?.videoWidth > 0")
    shutter.click()
    page.wait_for_function(
        "!document.querySelector('[data-testid=stPopoverBody]')?.innerText.includes('Take Photo')"
    )
    glass.locator(".from figcaption").filter(has_not_text="280×320").wait_for()
    assert glass.locator(".from canvas").evaluate("canvas => canvas.width") <= 512


def test_the_result_is_taken_away_as_a_picture(visitor, app):
    page = visitor()
    open_lesson(page, app, "?shown=rescale&at=60.93")
    page.get_by_text("Take it away").click()
    with page.expect_download() as download:
        page.get_by_role("button", name="PNG, rescale").click()
    with Image.open(download.value.path()) as picture:
        least, most = SOBEL.min(), SOBEL.max()
        expected = np.rint(255 * (SOBEL - least) / (most - least))
        np.testing.assert_array_equal(np.asarray(picture), expected)
        assert "black to white" in picture.text["Description"]


def test_the_descent_runs_by_itself_and_finds_the_kernel(visitor, app):
    page = visitor()
    open_lesson(page, app, "?learn.from=noise&learn.momentum=false")
    page.get_by_text("Learn this kernel").click()
    page.get_by_role("button", name="Learn", exact=True).click()
    page.get_by_text("Found.").wait_for()
    page.get_by_role("button", name="Learn", exact=True).wait_for()


def test_on_a_phone_both_pictures_are_seen_and_a_tap_chooses(visitor, app):
    page = visitor(viewport=PHONE, has_touch=True, is_mobile=True)
    glass = open_lesson(page, app)
    boxes = [glass.locator(f"{side} canvas").bounding_box() for side in (".from", ".to")]
    assert boxes[0]["y"] == boxes[1]["y"]
    assert boxes[1]["x"] + boxes[1]["width"] <= PHONE["width"]
    glass.locator(".to canvas").tap(position={"x": 10, "y": 10})
    page.wait_for_url("**at=*")
    row, column = at(glass)
    scale = 318 / boxes[1]["width"]
    assert (row, column) == pytest.approx((10 * scale, 10 * scale), abs=1.5)
    assert number(glass.locator(".sum output").inner_text()) == SOBEL[row, column]
