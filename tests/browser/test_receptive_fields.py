"""A person uses receptive fields: points, chooses, follows a link."""

from playwright.sync_api import expect


def test_pointing_and_choosing_a_unit(visitor, app):
    page = visitor()
    page.goto(f"{app}/receptive_fields")
    page.locator(".room[data-ready]").wait_for()
    picture, last = (page.locator(f"canvas[data-map='{at}']") for at in (0, 2))
    expect(picture).to_have_attribute(
        "data-lit", "10,11,12,13,14,15,16,17,18;10,11,12,13,14,15,16,17,18"
    )
    cell = last.bounding_box()["width"] / 20
    last.hover(position={"x": 0.5 * cell, "y": 19.5 * cell})
    expect(picture).to_have_attribute("data-lit", "19,20,21,22,23,24,25,26,27;0,1,2,3,4,5,6,7,8")
    last.click(position={"x": 0.5 * cell, "y": 19.5 * cell})
    expect(page.get_by_text("Unit (19, 0) of layer 2")).to_be_visible()
    assert "unit=2.19.0" in page.url
    page.keyboard.press("ArrowRight")
    expect(page.get_by_text("Unit (19, 1) of layer 2")).to_be_visible()
    expect(page.locator("canvas[data-map='1']")).to_have_attribute(
        "data-lit", "19,20,21,22,23;1,2,3,4,5"
    )


def test_a_link_restores_a_unit(visitor, app):
    page = visitor()
    page.goto(f"{app}/receptive_fields?layers=conv3d2&input_size=9&unit=1.1.0")
    page.locator(".room[data-ready]").wait_for()
    expect(page.locator("canvas[data-map='0']")).to_have_attribute("data-lit", "1,3,5;0,2,4")
