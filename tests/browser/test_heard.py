"""No click is lost: a short storm on each page, and messages that cross at one instant."""

import pytest
from playwright.sync_api import expect

from tests.browser import harness
from tests.browser.storm import SCENES, storm


@pytest.mark.parametrize("scene", SCENES, ids=lambda scene: scene.__name__)
def test_a_storm_loses_nothing(visitor, app, scene):
    assert storm(visitor(), app, scene, 6, seed=7, far_ms=60).lost == []


def test_an_array_that_was_typed_into_stays_while_its_field_is_hidden(visitor, app):
    page = visitor()
    player = harness.open_walk(page, f"{app}/convolution_2d")
    cells = player.locator("[data-grid='input'] .cell")
    cell = cells.nth(cells.all_inner_texts().index("3"))
    field = page.get_by_role("textbox", name="Input A")
    page.get_by_role("button", name="Arrays").click()
    expect(field).to_be_visible()
    page.keyboard.press("Escape")
    expect(field).to_be_hidden()
    cell.click()
    cell.click()
    page.keyboard.type("7")
    page.keyboard.press("Enter")
    page.keyboard.press("Escape")
    expect(cell).to_have_text("7")
    page.get_by_role("radio", name="cross-correlation", exact=True).click()
    expect(page.locator("[data-test-script-state=notRunning]")).to_be_attached()
    page.wait_for_timeout(800)
    expect(cell).to_have_text("7")
    page.get_by_role("button", name="Arrays").click()
    expect(field).to_have_value("1,7,1\n0,-1,1\n2,2,-1")
