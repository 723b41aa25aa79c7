"""A person uses a transposed convolution: steps, points, reads."""

from playwright.sync_api import expect

from tests.browser import harness


def test_a_patch_is_painted_and_what_the_padding_cuts_off_is_lit(visitor, app):
    page = visitor()
    walk = harness.open_walk(page, f"{app}/conv_layer?layer_view=transposed&t_padding=1")
    painted = walk.locator("[data-walk='0'] [data-grid=output] .cell")
    expect(painted).to_have_count(25)
    lit = walk.locator("[data-walk='0'] [data-grid=output] .cell.lit")
    also = walk.locator("[data-walk='0'] [data-grid=output] .cell.also")
    expect(lit).to_have_count(4)
    expect(also).to_have_count(5)
    walk.get_by_label("Last step").click()
    expect(painted.nth(12)).to_have_text("9")
    painted.nth(12).hover()
    expect(walk.locator(".told .result")).to_have_text("9")
    expect(walk.locator("[data-walk='0'] [data-grid=input] .cell.lit")).to_have_count(4)


def test_a_prediction_is_asked_for_and_no_cut_cell_is_marked(visitor, app):
    page = visitor()
    page.goto(f"{app}/conv_layer?layer_view=transposed&t_padding=1&predict_layer=true")
    walk = page.locator(".player[data-ready]")
    walk.get_by_label("How large is the output? Rows × columns:").fill("3x3")
    walk.get_by_role("button", name="Check").click()
    expect(walk.locator(".sentence")).to_contain_text("Right. The output has size 3×3")
    expect(walk.locator("[data-walk='0'] .cell.asked")).to_have_count(1)
