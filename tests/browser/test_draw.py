"""A person uses the draw page."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import harness


def guess(page):
    return page.locator(".guess")


@pytest.fixture
def page(visitor):
    return visitor()


@pytest.fixture(scope="module")
def opened(lasting_visitor, app):
    page = lasting_visitor()
    return harness.open_pad(page, app)


@pytest.fixture
def pad(opened):
    """Return a pad that other tests have used; it is empty, and no unit is chosen."""
    yield opened
    page = opened.page
    page.mouse.up()
    page.mouse.move(0, 0)
    close = page.get_by_role("button", name="Let go of this unit")
    if close.is_visible():
        close.click()
    page.get_by_role("button", name="Clear").click()
    expect(guess(page)).to_be_hidden()


@pytest.mark.parametrize("digit", range(10))
def test_a_digit_drawn_by_hand_is_read(pad, digit):
    harness.draw(pad.page, pad, digit)
    expect(guess(pad.page)).to_have_text(str(digit))


def test_a_small_seven_in_a_corner_is_framed_and_read(pad):
    harness.draw(pad.page, pad, 7, scale=0.4, shift=(0.28, -0.28))
    expect(guess(pad.page)).to_have_text("7")


def test_the_network_answers_while_the_pen_is_still_down(pad):
    harness.trace(pad.page, pad, harness.strokes_of(0)[0])
    expect(guess(pad.page)).to_have_text("0")


def test_an_empty_pad_says_what_to_do_and_predicts_nothing(page, app):
    harness.open_pad(page, app)
    expect(page.locator(".pad .hint")).to_be_visible()
    expect(page.get_by_text("Draw a digit above.")).to_be_visible()
    expect(guess(page)).to_be_hidden()
    assert page.locator(".percent").all_inner_texts() == [""] * 10


def test_undo_clear_and_eraser(page, app):
    paper = harness.open_pad(page, app)
    harness.draw(page, paper, 1)
    expect(guess(page)).to_have_text("1")
    page.get_by_role("button", name="Clear").click()
    expect(guess(page)).to_be_hidden()
    page.get_by_role("button", name="Undo").click()
    expect(guess(page)).to_have_text("1")
    page.get_by_role("button", name="Eraser").click()
    for _ in range(2):
        harness.draw(page, paper, 1)
    expect(guess(page)).to_be_hidden()
    paper.press("Control+z")
    paper.press("Control+z")
    expect(guess(page)).to_have_text("1")


def test_a_sample_is_written_and_read(page, app):
    harness.open_pad(page, app)
    page.get_by_role("button", name="Write a sample 4").click()
    expect(guess(page)).to_have_text("4")
    expect(page).to_have_url(re.compile(r"\?drawing=1"))


def test_a_reload_and_a_link_elsewhere_open_the_same_drawing(visitor, app):
    first = visitor()
    paper = harness.open_pad(first, app)
    harness.draw(first, paper, 5)
    expect(first).to_have_url(re.compile(r"\?drawing=1"))
    first.reload()
    expect(guess(first)).to_have_text("5")
    second = visitor()
    harness.open_pad(second, first.url)
    expect(guess(second)).to_have_text("5")


def test_a_link_that_was_cut_says_so_and_leaves_an_empty_pad(page, app):
    harness.open_pad(page, f"{app}/?drawing=1eNpjYGBg")
    expect(page.get_by_text("This link's drawing can't be read")).to_be_visible()
    expect(guess(page)).to_be_hidden()


def test_two_people_at_once_do_not_see_each_others_drawing(visitor, app):
    one, two = visitor(), visitor()
    papers = [harness.open_pad(page, app) for page in (one, two)]
    harness.draw(one, papers[0], 0)
    harness.draw(two, papers[1], 1)
    expect(guess(one)).to_have_text("0")
    expect(guess(two)).to_have_text("1")
    one.get_by_role("button", name="Clear").click()
    expect(guess(one)).to_be_hidden()
    expect(guess(two)).to_have_text("1")


def test_a_cell_is_followed_down_to_one_multiplication(pad):
    page, paper = pad.page, pad
    harness.draw(page, paper, 7)
    expect(guess(page)).to_have_text("7")
    page.locator("canvas[data-layer=conv2]").click(position={"x": 30, "y": 30})
    panel = page.locator(".unit")
    expect(panel.locator("h3")).to_contain_text("conv2")
    inputs, weights, products = (
        panel.locator(f"[data-kind={kind}] button") for kind in ("input", "weight", "product")
    )
    expect(inputs).to_have_count(9)
    for at in (0, 4):
        inputs.nth(at).click()
        expect(panel.locator(".product")).to_have_text(
            f"{inputs.nth(at).inner_text()} × {weights.nth(at).inner_text()} = "
            f"{products.nth(at).inner_text()}"
        )
    page.get_by_role("button", name="Let go of this unit").click()
    expect(panel.locator(".body")).to_be_hidden()


def test_a_chosen_unit_is_in_the_link_and_survives_a_reload(page, app):
    harness.open_pad(page, app)
    page.get_by_role("button", name="Write a sample 2").click()
    expect(guess(page)).to_have_text("2")
    page.locator("canvas[data-layer=relu4]").press("Enter")
    title = page.locator(".unit h3")
    expect(title).to_have_text("relu4, map 0, row 7, column 7")
    expect(page).to_have_url(re.compile(r"drawing=1.*unit=relu4\.0\.7\.7"))
    page.reload()
    expect(guess(page)).to_have_text("2")
    expect(title).to_have_text("relu4, map 0, row 7, column 7")
    harness.present(page)
    expect(title).to_have_text("relu4, map 0, row 7, column 7")
    page.keyboard.press("a")
    expect(page.get_by_text("Added as beat")).to_be_visible()
    page.goto(f"{app}/talks")
    field = page.get_by_label("Page and its state, as in the address")
    expect(field).to_have_value(re.compile(r"unit=relu4\.0\.7\.7"))


def test_the_chosen_unit_moves_by_keyboard(pad):
    page = pad.page
    page.get_by_role("button", name="Write a sample 2").click()
    expect(guess(page)).to_have_text("2")
    maps = page.locator("canvas[data-layer=relu4]")
    maps.focus()
    maps.press("Enter")
    title = page.locator(".unit h3")
    expect(title).to_have_text("relu4, map 0, row 7, column 7")
    maps.press("ArrowDown")
    maps.press("PageDown")
    expect(title).to_have_text("relu4, map 1, row 8, column 7")
    maps.press("Escape")
    expect(title).to_be_hidden()


def test_a_bar_shows_how_its_logit_and_probability_come_about(pad):
    page, paper = pad.page, pad
    harness.draw(page, paper, 8)
    expect(guess(page)).to_have_text("8")
    page.locator(".bars button").nth(8).click()
    expect(page.locator(".unit h3")).to_have_text("logits, class 8")
    expect(page.locator(".unit .sum")).to_contain_text("softmax")


def test_hovering_tells_a_cells_value_without_asking_the_server(pad):
    page, paper = pad.page, pad
    harness.draw(page, paper, 7)
    expect(guess(page)).to_have_text("7")
    page.locator(".net[data-exact]").wait_for()
    page.context.set_offline(True)
    page.locator("canvas[data-layer=conv1]").hover(position={"x": 40, "y": 20})
    expect(page.locator(".tip")).to_have_text(
        re.compile(r"conv1, map 0, row \d+, column \d+: −?\d")
    )
    page.context.set_offline(False)


def test_a_value_is_told_once_it_is_exact_and_not_while_the_pen_is_down(pad):
    page, paper = pad.page, pad
    harness.draw(page, paper, 7)
    expect(guess(page)).to_have_text("7")
    maps, tip = page.locator("canvas[data-layer=conv1]"), page.locator(".tip")
    box = maps.bounding_box()
    place = {"clientX": box["x"] + 40, "clientY": box["y"] + 20}
    maps.dispatch_event("pointermove", place)
    expect(tip).to_be_visible()
    # Another pointer, as a second finger is: the pen keeps its own.
    harness.trace(page, paper, harness.strokes_of(1)[0])
    expect(tip).to_be_hidden()
    maps.dispatch_event("pointermove", place)
    expect(tip).to_be_hidden()
    page.mouse.up()
    expect(tip).to_be_visible()


def test_a_finger_on_a_phone_draws_without_scrolling_the_page(visitor, app):
    page = visitor(viewport=harness.PHONE, has_touch=True, is_mobile=True)
    paper = harness.open_pad(page, app)
    box = paper.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= harness.PHONE["width"]
    touch = page.context.new_cdp_session(page)

    def send(kind, *points):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": list(points)})

    def at(x, y):
        return {"x": box["x"] + x * box["width"], "y": box["y"] + y * box["height"]}

    stroke = harness.strokes_of(1)[0]
    send("touchStart", at(*stroke[0]))
    for step in range(1, 21):
        send("touchMove", at(0.5, 0.18 + 0.032 * step))
    send("touchEnd")
    expect(guess(page)).to_have_text("1")
    assert page.evaluate("document.scrollingElement.scrollTop") == 0
    assert paper.bounding_box() == box


def test_the_main_figure_fits_a_projector(page, app):
    harness.open_pad(page, app)
    for selector in (
        "canvas.paper",
        "canvas[data-layer=conv1]",
        "canvas[data-layer=pool2]",
        ".bars",
    ):
        box = page.locator(selector).bounding_box()
        assert box["x"] >= 0, selector
        assert box["x"] + box["width"] <= harness.PROJECTOR["width"], selector
        assert box["y"] + box["height"] <= harness.PROJECTOR["height"], selector
