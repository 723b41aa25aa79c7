"""What a person does with a volume: point at an output cell, see its depth column."""

from playwright.sync_api import expect


def test_pointing_at_an_output_cell_lights_the_whole_depth_column(visitor, app):
    page = visitor()
    page.goto(f"{app}/conv_layer?v_width=7&v_depth=2&v_filters=2&v_size=3&v_stride=2&v_padding=1")
    page.locator(".room[data-ready]").wait_for()
    second = page.locator("canvas[data-map='5']")
    cell = second.bounding_box()["width"] / 4
    second.hover(position={"x": 3.5 * cell, "y": 0.5 * cell})
    for depth in (0, 1):
        slice_ = page.locator(f"canvas[data-map='{depth}']")
        expect(slice_).to_have_attribute("data-lit", "0,1,2;6,7,8")
    second.click(position={"x": 3.5 * cell, "y": 0.5 * cell})
    expect(page.get_by_text("Map 1, (0, 3)")).to_be_visible()
    assert "cell=1.0.3" in page.url
