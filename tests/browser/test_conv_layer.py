"""A person points at an output cell of a volume, and sees its depth column."""

from playwright.sync_api import expect

from tests.browser import harness


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


def test_a_deep_column_is_counted_whole_and_paged_through(visitor, app):
    page = visitor()
    page.goto(f"{app}/conv_layer?v_width=7&v_depth=16&v_filters=9&v_size=3&v_stride=2")
    page.locator(".room[data-ready]").wait_for()
    told = page.locator(".pager output")
    cell = page.locator("canvas[data-map='33']").bounding_box()["width"] / 3
    page.locator("canvas[data-map='33']").hover(position={"x": 0.5 * cell, "y": 2.5 * cell})
    expect(told).to_have_text(["1–6 of 16, 16 lit", "1–6 of 16", "1–6 of 9, 1 lit"])
    for depth in range(16):  # also the slices that are not shown
        slice_ = page.locator(f"canvas[data-map='{depth}']")
        expect(slice_).to_have_attribute("data-lit", "4,5,6;0,1,2")
    page.get_by_label("Later maps").first.click()
    page.get_by_label("Later maps").first.click()
    expect(told).to_have_text(["13–16 of 16, 16 lit", "13–16 of 16, 16 lit", "1–6 of 9, 1 lit"])
    expect(page.locator("canvas[data-map='15']")).to_be_visible()
    expect(page.locator("canvas[data-map='31']")).to_be_visible()
    expect(page.locator("canvas[data-map='0']")).to_be_hidden()
    page.get_by_label("Later maps").last.click()
    last = page.locator("canvas[data-map='40']")
    last.click(position={"x": 0.5 * cell, "y": 0.5 * cell})
    expect(page.get_by_text("Map 8, (0, 0)")).to_be_visible()
    expect(last).to_be_visible()
    assert "cell=8.0.0" in page.url
    page.reload()
    expect(page.locator("canvas[data-map='40']")).to_be_visible()


def test_on_a_phone_the_numbers_of_a_small_map_can_be_read_and_a_finger_is_told_what_it_touched(
    visitor, app
):
    page = visitor(viewport=harness.PHONE, has_touch=True, is_mobile=True)
    page.goto(f"{app}/conv_layer?v_width=7&v_depth=1&v_filters=1&v_size=3&v_padding=1")
    page.locator(".room[data-ready]").wait_for()
    for number, cells in ((0, 9), (2, 7)):
        box = page.locator(f"canvas[data-map='{number}']").bounding_box()
        assert box["width"] / cells >= 25  # in cells of this width numbers are written
        assert 0 <= box["x"] <= box["x"] + box["width"] <= harness.PHONE["width"]
    # A finger is told what it touched.
    page.locator("canvas[data-map='0']").tap(position={"x": 5, "y": 5})
    expect(page.locator(".tip")).to_have_text("Slice 0: padding")
    expect(page.locator(".tip")).to_be_hidden(timeout=5000)


def test_the_opening_volume_is_large_and_its_counts_are_above_the_fold(visitor, app):
    page = visitor()
    page.goto(f"{app}/conv_layer")
    page.locator(".room[data-ready]").wait_for()
    boxes = [canvas.bounding_box() for canvas in page.locator("canvas[data-map]").all()]
    assert min(box["width"] for box in (*boxes[:3], *boxes[6:])) >= 110
    assert min(box["width"] for box in boxes[3:6]) >= 50  # kernels
    counted = page.get_by_text("Parameters").bounding_box()
    assert counted["y"] + counted["height"] <= harness.PROJECTOR["height"]
