"""A person uses the lesson about convolution in 2D."""

import re

import pytest
from playwright.sync_api import expect

from cnnlib.walkthroughs import convolution
from tests.browser import harness

LESSON = "convolution_2d"
GOLDEN = ["1", "5", "7", "2", "0", "−2", "−4", "1", "2", "6", "4", "−3", "0", "−2", "−2", "1"]


def cells(walk, name, number=0):
    return walk.locator(f"[data-walk='{number}'] [data-grid='{name}'] .cell")


def lit(walk, name, number=0):
    return walk.locator(f"[data-walk='{number}'] [data-grid='{name}'] .cell.lit")


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_all_three_methods_fit_a_projector_with_the_lectures_numbers(visitor, app, theme):
    page = visitor(color_scheme=theme)
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    for number in range(3):
        box = walk.locator(f"[data-walk='{number}']").bounding_box()
        assert box["x"] >= 0
        assert box["x"] + box["width"] <= harness.PROJECTOR["width"]
        assert box["y"] + box["height"] <= harness.PROJECTOR["height"]
    for grid in walk.locator("[data-grid]").all():  # and no grid is cut off by its panel
        box, panel = grid.bounding_box(), grid.locator("xpath=ancestor::section[1]").bounding_box()
        assert panel["x"] <= box["x"]
        assert box["x"] + box["width"] <= panel["x"] + panel["width"]
    page.keyboard.press("End")
    assert cells(walk, "output").all_inner_texts() == GOLDEN
    assert cells(walk, "result", 2).all_inner_texts() == GOLDEN
    expect(walk.locator(".remark").last).to_have_text(
        "144 entries · 36 weights · 27 non-zeros · 4 parameters"
    )


def test_pointing_at_a_weight_lights_all_its_tied_entries(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    cells(walk, "kernel").nth(1).hover()
    expect(lit(walk, "matrix", 2)).to_have_text(["2"] * 9)
    colours = {
        cell.evaluate("node => getComputedStyle(node).backgroundColor")
        for cell in lit(walk, "matrix", 2).all()
    }
    assert len(colours) == 1
    expect(lit(walk, "input")).to_have_count(9)
    expect(lit(walk, "copy1", 1)).to_have_count(9)


def marks(cells):
    """Return the marks of cells: the colour of each, and where the mark begins."""
    style = (
        "cells => cells.map(({ style }) => ['--tie', '--from'].map(n => style.getPropertyValue(n)))"
    )
    return [tuple(mark) for mark in cells.evaluate_all(style)]


@pytest.mark.parametrize("query", ["B=1,1;1,1", "A=1,1;1,1&B=1,1;1,1&letters=true"])
def test_weights_of_one_value_are_told_apart_by_marks_and_tied_entries_share_one(
    visitor, app, query
):
    walk = harness.open_walk(visitor(), f"{app}/{LESSON}?{query}")
    kernel = marks(cells(walk, "kernel"))
    assert [len({mark[part] for mark in kernel}) for part in (0, 1)] == [4, 4]
    entries = walk.locator("[data-walk='2'] [data-grid='matrix'] .cell.tied")
    assert entries.count() in (36, 16)
    assert {marks(entries).count(mark) for mark in kernel} == {entries.count() // 4}
    assert marks(walk.locator("[data-walk='2'] .legend b")) == kernel


def test_each_method_can_be_seen_alone_with_the_cursor_kept(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    expect(walk.locator(".count")).to_have_text("6 / 16")
    before = cells(walk, "matrix", 2).first.bounding_box()["height"]
    walk.locator("[data-walk='2'] .solo").click()
    expect(walk.locator(".panel:visible")).to_have_count(1)
    assert cells(walk, "matrix", 2).first.bounding_box()["height"] >= before
    expect(walk.locator(".count")).to_have_text("6 / 16")
    expect(lit(walk, "result", 2)).to_have_text(["−2"])


def test_a_size_that_does_not_fit_at_once_has_tabs_and_crosses_unused_cells(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_role("combobox", name="Examples").click()
    page.get_by_text("7×7, kernel 3×3, stride 3: it does not fit").click()
    expect(page.get_by_text("Input row and column 6 are never used.")).to_be_visible()
    expect(walk.locator("[data-grid='input'] .cell.unused")).to_have_count(13)
    expect(walk.locator(".figure:visible")).to_have_count(1)
    walk.locator("[data-walk='2'] .lead").click()
    expect(walk.locator("[data-walk='2'] .figure")).to_be_visible()
    box = walk.locator("[data-walk='2'] .figure").bounding_box()
    assert box["y"] + box["height"] <= harness.PROJECTOR["height"]


def test_the_learners_drawing_comes_along_and_its_link_opens_elsewhere(visitor, app):
    page = visitor()
    harness.draw(page, harness.open_pad(page, app), 7)
    page.wait_for_function("location.search.includes('drawing')")
    page.get_by_text("Operations", exact=True).click()
    page.get_by_text("Convolution in 2D", exact=True).click()
    walk = page.locator(".player[data-ready]")
    walk.wait_for()
    page.get_by_role("button", name="Use my drawing").click()
    expect(cells(walk, "input").filter(has_text=re.compile(r"^0\.\d$")).first).to_be_visible()
    expect(page).to_have_url(re.compile("A="))
    ink = cells(walk, "input").all_inner_texts()
    assert len(ink) == 16 * 16
    size = cells(walk, "input").first.evaluate(
        "node => parseFloat(getComputedStyle(node).fontSize)"
    )
    assert size >= 9
    other = harness.open_walk(visitor(), page.url)
    assert cells(other, "input").all_inner_texts() == ink


def test_a_pasted_picture_takes_the_place_of_the_array(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_role("button", name="Arrays").click()
    page.get_by_role("textbox", name="Input A").fill("1\t2\t3\t4\n5\t6\t7\t8")
    page.keyboard.press("Control+Enter")
    page.keyboard.press("Escape")
    expect(cells(walk, "input").filter(has_text="8")).to_have_count(1)
    expect(cells(walk, "vector", 2)).to_have_text([str(n) for n in range(1, 9)])


def test_figure_9_1_shows_its_sums_in_full(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_role("combobox", name="Examples").click()
    page.get_by_text("Letters instead of numbers").click()
    expect(walk.locator(".count")).to_contain_text("/ 6")
    page.keyboard.press("End")
    sums = cells(walk, "output")
    expect(sums.first).to_have_text("aw + bx + ey + fz")
    expect(sums.last).to_have_text("gw + hx + ky + lz")
    for cell in sums.all():
        assert cell.evaluate("node => node.scrollWidth <= node.clientWidth + 1")


def test_the_size_is_asked_for_before_anything_gives_it_away(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_text("Predict", exact=True).click()
    expect(walk.locator(".ask")).to_contain_text("How large is the output?")
    expect(walk.locator("[data-walk='0'] [data-grid='input']")).to_be_visible()
    expect(walk.locator("[data-walk='0'] [data-grid='output']")).to_be_hidden()
    expect(walk.locator("[data-walk='2'] [data-grid='matrix']")).to_be_hidden()
    expect(page.get_by_text("Output 4×4")).to_have_count(0)
    walk.locator(".guess").fill("4×4")
    page.keyboard.press("Enter")
    expect(walk.locator(".score")).to_have_text("1 of 1 right")
    expect(walk.locator("[data-walk='2'] [data-grid='matrix']")).to_be_visible()


def test_a_phone_shows_the_figure_without_sideways_scrolling(visitor, app):
    page = visitor(viewport=harness.PHONE, has_touch=True, is_mobile=True)
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    for number in range(3):
        walk.locator(f"[data-walk='{number}'] .lead").tap()
        for grid in walk.locator(f"[data-walk='{number}'] [data-grid]").all():
            box = grid.bounding_box()
            assert box["x"] >= 0
            assert box["x"] + box["width"] <= harness.PHONE["width"]
    walk.locator("[data-walk='0'] .lead").tap()
    box = cells(walk, "input").last.bounding_box()
    assert box["y"] + box["height"] <= harness.PHONE["height"]  # before any control
    cells(walk, "kernel").first.tap()
    expect(lit(walk, "input")).to_have_count(9)


def test_a_puzzle_is_solved_by_typing_while_the_whole_output_is_shown(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/{LESSON}")
    page.get_by_label("Examples").click()
    page.get_by_role("option", name="Puzzle: find the edge").click()
    expect(page.get_by_text("Not yet: 18 of 30 outputs are right.")).to_be_visible()
    expect(cells(walk, "output")).to_have_text(["0", "0", "9", "18", "18"] * 6)
    kernel = cells(walk, "kernel").first
    kernel.click()
    kernel.click()
    page.keyboard.type("-1")
    page.keyboard.press("Enter")
    expect(page.get_by_text("Solved. A pixel minus its left neighbour")).to_be_visible()
    expect(cells(walk, "output")).to_have_text(["0", "0", "9", "0", "0"] * 6)
    assert "puzzle=edge" in page.url
    page.get_by_role("button", name="Close").click()
    expect(page.get_by_text("Solved.")).to_have_count(0)
    expect(cells(walk, "output").last).to_have_text("")  # stepped through again


def test_sums_of_letters_fit_a_phone(visitor, app):
    page = visitor(viewport=harness.PHONE, has_touch=True, is_mobile=True)
    letters = "A=1,1,1,1;1,1,1,1;1,1,1,1&B=1,1;1,1&operation=cross-correlation&outputs=valid"
    walk = harness.open_walk(page, f"{app}/{LESSON}?{letters}&letters=true")
    box = walk.locator("[data-walk='0'] [data-grid=output]").bounding_box()
    assert 0 <= box["x"] <= box["x"] + box["width"] <= harness.PHONE["width"]


def test_entries_that_sum_several_weights_are_told_apart(visitor, app):
    page = visitor()
    kernel = "B=1,2,1;0,1,0;1,0,-1"
    walk = harness.open_walk(page, f"{app}/{LESSON}?outputs=same&padding=edge&{kernel}&lead=2")
    matrix = cells(walk, "matrix", 2)
    summed = matrix.locator("visible=true").and_(walk.locator(".summed"))
    a, b = ([[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2, 1], [0, 1, 0], [1, 0, -1]])
    told = convolution(a, b, "matrix form", padding="same", padding_mode="edge")
    assert summed.count() == (told.grid("matrix").tie == -2).sum() > 0
    expect(matrix.first).to_have_class(re.compile("summed"))
    expect(walk.locator("[data-walk='2'] .legend .summed")).to_have_text("Σ")
