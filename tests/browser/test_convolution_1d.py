"""A person uses the lesson about convolution in 1D."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import harness

LESSON = "convolution_1d"


def cells(walk, name, where=".equation"):
    return walk.locator(f"{where} [data-grid='{name}'] .cell")


def finish(page, walk):
    """Go to the last step and return the output."""
    page.keyboard.press("End")
    return cells(walk, "output").all_inner_texts()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_lectures_example_fits_a_projector(visitor, app, theme):
    page = visitor(color_scheme=theme)
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    for panel in walk.locator(".panel").all():
        box = panel.bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= harness.PROJECTOR["width"]
        assert box["y"] + box["height"] <= harness.PROJECTOR["height"]
    assert cells(walk, "matrix", "[data-walk='2']").first.bounding_box()["width"] >= 40
    assert finish(page, walk) == ["2", "1", "4", "−1", "2"]


def test_swapping_keeps_a_convolution_and_changes_its_steps(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_role("button", name="Swap a and b").click()
    expect(cells(walk, "input")).to_have_text(["1", "1", "2"])
    assert finish(page, walk) == ["2", "1", "4", "−1", "2"]
    expect(walk.locator("[data-walk='1'] .label").first).to_have_text("1×(2, −1, 1) at 0")
    page.get_by_text("cross-correlation", exact=True).click()
    expect(walk.locator("[data-walk='0'] .label").nth(1)).to_have_text("Kernel b")
    assert finish(page, walk) == ["1", "0", "3", "0", "4"]


def test_a_link_restores_everything_elsewhere(visitor, app):
    first = visitor()
    walk = harness.open_walk(first, f"{app}/{LESSON}")
    cells(walk, "kernel").nth(0).click()
    first.keyboard.type("1/3")
    first.keyboard.press("Enter")
    expect(cells(walk, "kernel").nth(0)).to_have_text("1/3")
    first.keyboard.press("Escape")
    first.get_by_text("same", exact=True).click()
    first.get_by_text("mirror", exact=True).click()
    expect(walk.locator("[data-walk='0'] .ghost").first).to_have_text("−1")
    first.keyboard.press("2")
    first.keyboard.press("End")
    expect(first).to_have_url(re.compile(r"(?=.*step=2)(?=.*lead=1)(?=.*keep=same)(?=.*pad=)"))
    second = visitor()
    other = harness.open_walk(second, first.url)
    expect(other.locator(".count")).to_have_text("3 / 3")
    expect(other.locator(".leads")).to_have_attribute("data-walk", "1")
    assert cells(other, "output").all_inner_texts() == cells(walk, "output").all_inner_texts()
    assert cells(other, "kernel").all_inner_texts() == ["1/3", "1", "2"]


def test_two_people_at_once_do_not_see_each_others_numbers(visitor, app):
    pages = [visitor(), visitor()]
    walks = [harness.open_walk(page, f"{app}/{LESSON}") for page in pages]
    for page, walk, number in zip(pages, walks, ("7", "8"), strict=True):
        cells(walk, "input").nth(0).click()
        page.keyboard.type(number)
        page.keyboard.press("Enter")
    for walk, number in zip(walks, ("7", "8"), strict=True):
        expect(cells(walk, "input")).to_have_text([number, "−1", "1"])


def test_a_third_array_is_associative(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_text("Third array", exact=True).click()
    results = []
    for side in ("a ∗ (b ∗ c)", "(a ∗ b) ∗ c"):
        page.get_by_text(side, exact=True).click()
        expect(walk.locator(".equation figcaption").last).to_have_text(
            re.compile(rf"Output\s{re.escape(side)}".replace(r"\ ", r"\s"))
        )
        results.append(finish(page, walk))
    assert results == [["2", "−1", "3", "−5", "3", "−2"]] * 2


def test_a_long_signal_is_drawn_as_stems_and_can_be_pointed_at(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_role("combobox", name="Examples").click()
    page.get_by_text("A noisy step, blurred").click()
    stems = walk.locator("[data-walk='0'] [data-grid='output'].stems")
    stems.wait_for()
    expect(walk.locator(".count")).to_contain_text("/ 64")
    page.keyboard.press("End")
    stems.locator("canvas").hover(position={"x": 200, "y": 40})
    expect(walk.locator(".sentence")).to_have_text(re.compile(r"Output a ∗ b, cell \d+: "))
    assert walk.locator(".chip").count() == 5


def test_a_gif_and_a_table_can_be_taken_away(visitor, app):
    page = visitor()
    harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_text("Take it away").click()
    for name, start in [("GIF", b"GIF8"), ("SVG of step 3", b"<svg"), ("CSV", b"step,")]:
        with page.expect_download() as download:
            page.get_by_role("button", name=name).click()
        assert download.value.path().read_bytes().startswith(start)


def test_three_arrays_are_compared_side_by_side_and_nothing_is_cut_off(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}?third=true&play=(a ∗ b) ∗ c")
    panels = [panel.bounding_box() for panel in walk.locator(".panel").all()]
    assert len({panel["y"] for panel in panels}) == 1
    assert panels[-1]["x"] + panels[-1]["width"] <= harness.PROJECTOR["width"]
    for grid in walk.locator(".panel [data-grid]").all():
        box, panel = grid.bounding_box(), grid.locator("xpath=ancestor::section[1]").bounding_box()
        assert panel["x"] <= box["x"]
        assert box["x"] + box["width"] <= panel["x"] + panel["width"]


def test_one_output_stands_in_the_middle_under_its_window(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}?keep=valid")
    slide = "[data-walk='0']"
    middle = cells(walk, "input", slide).nth(1).bounding_box()
    assert abs(cells(walk, "output", slide).bounding_box()["x"] - middle["x"]) <= 1
    # A column beside a matrix of one row has cells that can be read.
    assert cells(walk, "vector", "[data-walk='2']").first.bounding_box()["height"] >= 30


@pytest.mark.parametrize("presented", ["", "&present=1"])
def test_the_methods_on_a_long_signal_share_a_projector_under_tabs(visitor, app, presented):
    page = visitor()
    signal = ",".join(str(at % 9) for at in range(64))
    walk = harness.open_walk(page, f"{app}/{LESSON}?a={signal}&b=1,-1&keep=same{presented}")
    stems = walk.locator("canvas").locator("visible=true")
    before = [stem.bounding_box() for stem in stems.all()]
    assert before[0]["width"] > 800
    assert max(box["y"] + box["height"] for box in before) <= harness.PROJECTOR["height"]
    walk.get_by_role("button", name="Translate-and-scale").click()
    expect(walk.locator("[data-walk='1'] .figure")).to_be_visible()
    expect(walk.locator("[data-walk='0'] .figure")).to_be_hidden()
