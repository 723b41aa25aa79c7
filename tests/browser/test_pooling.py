"""A person uses the pooling lesson: steps, points, and moves a drawing."""

from playwright.sync_api import expect

from tests.browser import harness


def test_a_window_is_stepped_to_and_its_winner_is_marked(visitor, app):
    page = visitor()
    player = harness.open_walk(page, f"{app}/pooling")
    expect(player.locator(".told .result")).to_have_text("6")
    expect(player.locator(".input .won")).to_have_text(["6"])
    player.get_by_label("Step", exact=True).first.click()
    expect(player.locator(".told .result")).to_have_text("8")
    expect(player.locator(".input .won")).to_have_text(["6", "8"])


def test_pointing_at_a_pooled_cell_lights_its_window(visitor, app):
    page = visitor()
    page.goto(f"{app}/pooling?pool_view=drawing")
    page.locator(".room[data-ready]").wait_for()
    pooled = page.locator("canvas[data-map='2']")
    box = pooled.bounding_box()
    cell = box["width"] / 14
    pooled.hover(position={"x": 3.5 * cell, "y": 5.5 * cell})
    expect(page.locator("canvas[data-map='1']")).to_have_attribute("data-lit", "10,11;6,7")
    expect(page.locator("canvas[data-map='4']")).to_have_attribute("data-lit", "")
    expect(page.locator(".tip")).to_contain_text("Pooled 0, row 5, column 3")
