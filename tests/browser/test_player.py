"""A person uses a walkthrough: plays, steps, points, pins, types, predicts."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import harness


@pytest.fixture(scope="module")
def opened(lasting_visitor, app):
    page = lasting_visitor()
    return harness.open_walk(page, f"{app}/convolution_1d")


@pytest.fixture
def walk(opened):
    """Return a player that other tests have used, with nothing pinned, at output 2."""
    page = opened.page
    page.mouse.click(5, 300)
    page.mouse.move(5, 5)
    page.keyboard.press("1")
    opened.locator(".scrub").fill("2")
    return opened


@pytest.fixture
def page(walk):
    return walk.page


@pytest.fixture
def fresh(visitor, app):
    """Return a player whose numbers may be changed."""
    return harness.open_walk(visitor(), f"{app}/convolution_1d")


def grid(walk, name, panel=None):
    where = ".equation" if panel is None else f"[data-walk='{panel}']"
    return walk.locator(f"{where} [data-grid='{name}'] .cell")


def texts(cells):
    return cells.all_inner_texts()


def lit(cells):
    classes = cells.evaluate_all("cells => cells.map((cell) => cell.classList.contains('lit'))")
    return [at for at, on in enumerate(classes) if on]


def told(walk):
    return walk.locator(".told").inner_text().replace("\n", " ")


def test_keys_step_go_back_and_jump(page, walk):
    count = walk.locator(".count")
    expect(count).to_have_text("3 / 5")
    assert told(walk) == "Output 2 = 2×2 + (−1)×1 + 1×1 = 4"
    for key, where in [("ArrowRight", 4), ("End", 5), ("ArrowRight", 5), ("ArrowLeft", 4)]:
        page.keyboard.press(key)
        expect(count).to_have_text(f"{where} / 5")
    page.keyboard.press("Home")
    expect(count).to_have_text("1 / 5")
    assert texts(grid(walk, "output")) == ["2", "", "", "", ""]


def test_buttons_and_the_scrubber_move_the_same_cursor(page, walk):
    for name, where in [("First step", 1), ("Step", 2), ("Last step", 5), ("Step back", 4)]:
        walk.get_by_role("button", name=name, exact=True).click()
        expect(walk.locator(".count")).to_have_text(f"{where} / 5")
    walk.locator(".scrub").fill("1")
    expect(walk.locator(".count")).to_have_text("2 / 5")


def test_space_plays_to_the_end_and_pauses(page, walk):
    for _ in range(4):
        page.keyboard.press("+")
    expect(walk.locator(".speed")).to_have_text("16×")
    page.keyboard.press("Home")
    page.keyboard.press("Space")
    expect(walk.locator(".count")).to_have_text("5 / 5")
    expect(walk.get_by_role("button", name="Play")).to_be_visible()
    assert texts(grid(walk, "output")) == ["2", "1", "4", "−1", "2"]
    for _ in range(6):
        page.keyboard.press("-")
    page.keyboard.press("Space")
    expect(walk.get_by_role("button", name="Pause")).to_be_visible()
    page.keyboard.press("Space")
    expect(walk.locator(".count")).to_have_text("1 / 5")
    for _ in range(2):
        page.keyboard.press("+")


def test_keys_do_nothing_while_somebody_types(page, walk):
    page.get_by_role("textbox", name="Kernel b").click()
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    expect(walk.locator(".count")).to_have_text("3 / 5")
    walk.locator(".bar").click(position={"x": 2, "y": 2})


def test_all_methods_show_the_same_products(page, walk):
    page.keyboard.press("End")
    page.keyboard.press("ArrowLeft")
    # Output 3 sums −1×2 and 1×1: two copies' fourth column, and the matrix's fourth row.
    assert lit(grid(walk, "input")) == [1, 2]
    assert lit(grid(walk, "kernel")) == [1, 2]
    assert lit(grid(walk, "input", 0)) == [3, 4]
    assert [lit(grid(walk, f"copy{n}", 1)) for n in range(3)] == [[], [3], [3]]
    assert lit(grid(walk, "matrix", 2)) == [10, 11]
    assert lit(grid(walk, "result", 2)) == [3]
    assert walk.locator("[data-walk='0'] .product").all_inner_texts() == ["−2", "1", "0"]


def test_another_method_leads_and_the_output_shows_sums_so_far(page, walk):
    walk.locator("[data-walk='1'] .lead").click()
    expect(walk.locator(".count")).to_have_text("1 / 3")
    page.keyboard.press("ArrowRight")
    assert texts(grid(walk, "output")) == ["2", "1", "3", "−2", ""]
    assert lit(grid(walk, "matrix", 2)) == [4, 7, 10]
    page.keyboard.press("3")
    expect(walk.locator(".count")).to_have_text("2 / 5")


def test_pointing_lights_what_a_cell_touches_without_asking_the_server(page, walk):
    page.context.set_offline(True)
    grid(walk, "input").nth(0).hover()
    assert lit(grid(walk, "kernel")) == [0, 1, 2]
    assert lit(grid(walk, "output")) == [0, 1, 2]
    assert lit(grid(walk, "matrix", 2)) == [0, 3, 6]
    assert told(walk) == "2×1 = 2 → 0 2×1 = 2 → 1 2×2 = 4 → 2"
    grid(walk, "matrix", 2).nth(6).hover()
    assert lit(grid(walk, "copy0", 1)) == [2]
    assert walk.locator(".chip.lit").all_inner_texts() == ["2×2"]
    walk.locator(".chip").nth(1).hover()
    assert lit(grid(walk, "copy1", 1)) == [2]
    page.mouse.move(5, 5)
    assert told(walk).startswith("Output 2")
    page.context.set_offline(False)


def test_a_click_pins_and_escape_lets_go(page, walk):
    grid(walk, "result", 2).nth(3).click()
    page.mouse.move(5, 5)
    assert lit(grid(walk, "matrix", 2)) == [10, 11]
    expect(walk.locator(".sentence")).to_contain_text("Esc lets go")
    page.keyboard.press("Escape")
    assert lit(grid(walk, "matrix", 2)) == [6, 7, 8]


def test_a_typed_number_is_computed_and_the_cursor_stays(fresh):
    page, walk = fresh.page, fresh
    page.keyboard.press("ArrowRight")
    grid(walk, "input").nth(1).click()
    page.keyboard.type("1/2")
    page.keyboard.press("Tab")
    page.keyboard.type("0.25")
    page.keyboard.press("Enter")
    expect(grid(walk, "input").nth(2)).to_have_text("0.25")
    expect(grid(walk, "input").nth(1)).to_have_text("1/2")
    page.keyboard.press("Escape")
    expect(walk.locator(".count")).to_have_text("4 / 5")
    page.keyboard.press("End")
    expect(grid(walk, "output").nth(3)).to_have_text("5/4")
    expect(page).to_have_url(re.compile(r"a=2%2C1%2F2%2C0\.25"))


def test_a_bad_number_is_refused_beside_its_cell(fresh):
    page, walk = fresh.page, fresh
    cell = grid(walk, "kernel").nth(2)
    cell.dblclick()
    for typed, reason in [("x", "not a number"), ("1e999", "too large"), ("", "Nothing is typed")]:
        walk.locator(".typed").fill(typed)
        page.keyboard.press("Enter")
        expect(walk.locator(".refusal")).to_contain_text(reason)
        assert texts(grid(walk, "kernel")) == ["1", "1", "2"]
    walk.locator(".typed").fill("3")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("3")
    expect(walk.locator(".refusal")).to_be_hidden()


def test_a_pasted_array_replaces_the_array_or_is_refused(fresh):
    walk = fresh
    paste = """(field, text) => {
        const data = new DataTransfer();
        data.setData("text", text);
        field.dispatchEvent(new ClipboardEvent("paste", { clipboardData: data, bubbles: true, cancelable: true }));
    }"""  # noqa: E501
    grid(walk, "input").nth(0).dblclick()
    walk.locator(".typed").evaluate(paste, "\n".join(["1\t" * 39 + "1"] * 40))
    expect(walk.locator(".refusal")).to_contain_text("40×40 cells are too many here")
    walk.locator(".typed").evaluate(paste, "5\t6\t7\t8")
    expect(grid(walk, "input")).to_have_text(["5", "6", "7", "8"])


def test_predict_then_reveal(fresh):
    page, walk = fresh.page, fresh
    page.get_by_text("Predict", exact=True).click()
    expect(walk.locator(".ask")).to_have_text("How many outputs will there be?")
    expect(walk.locator(".panels")).to_be_hidden()
    guess, score = walk.locator(".guess"), walk.locator(".score")
    for typed, points, sentence in [
        ("5", "1 of 1 right", "✓ Right. The output has size 5"),
        ("2", "2 of 2 right", "Right. Output 0: 2×1 = 2."),
        ("3", "2 of 3 right", "Not 3. Output 1: 2×1 + (−1)×1 = 1."),
    ]:
        guess.fill(typed)
        guess.press("Enter")
        expect(score).to_have_text(points)
        expect(walk.locator(".sentence")).to_contain_text(sentence.removeprefix("✓ "))
    assert texts(grid(walk, "output")) == ["2", "1", "", "", ""]
    assert walk.locator(".equation .asked").count() == 1
    grid(walk, "output").nth(2).hover()
    expect(walk.locator(".sentence")).to_have_text("Not revealed yet.")
    assert told(walk) == ""
    guess.fill("two")
    guess.press("Enter")
    expect(walk.locator(".sentence")).to_contain_text("is not a number")
    expect(score).to_have_text("2 of 3 right")
    for _ in range(3):
        walk.get_by_role("button", name="Reveal").click()
    expect(walk.locator(".ask")).to_have_text("All revealed.")
    expect(score).to_have_text("2 of 6 right")


def test_one_method_alone_is_shown_larger(page, walk):
    small = grid(walk, "matrix", 2).first.bounding_box()["width"]
    walk.get_by_role("button", name="Show matrix form alone").click()
    expect(walk.locator("[data-walk='0']")).to_be_hidden()
    assert grid(walk, "matrix", 2).first.bounding_box()["width"] > small
    walk.get_by_role("button", name="Show matrix form alone").click()
    expect(walk.locator("[data-walk='0']")).to_be_visible()


def test_a_screen_reader_gets_a_table_and_a_sentence_for_each_step(page, walk):
    rows = walk.locator("table tbody tr")
    expect(rows).to_have_count(5)
    expect(rows.nth(2)).to_contain_text("Output 2: 2×2 + (−1)×1 + 1×1 = 4.")
    page.keyboard.press("ArrowRight")
    expect(walk.locator(".said")).to_contain_text("Output 3: (−1)×2 + 1×1 = −1.")
    assert walk.locator(".said").get_attribute("aria-live") == "polite"


def test_cells_are_reached_by_keyboard_alone(fresh):
    page, walk = fresh.page, fresh
    walk.locator(".equation [data-grid=input]").focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("ArrowRight")
    expect(walk.locator(".said")).to_contain_text("Input a, cell 1: −1")
    page.keyboard.press("Enter")
    page.keyboard.type("4")
    page.keyboard.press("Enter")
    expect(grid(walk, "input").nth(1)).to_have_text("4")


def test_a_finger_pins_edits_and_steps(visitor, app):
    page = visitor(viewport=harness.PHONE, has_touch=True, is_mobile=True)
    walk = harness.open_walk(page, f"{app}/convolution_1d")
    walk.get_by_role("button", name="Step", exact=True).tap()
    expect(walk.locator(".count")).to_have_text("4 / 5")
    cell = grid(walk, "input").nth(0)
    for target in (cell, walk.get_by_role("button", name="Faster")):
        box = target.bounding_box()
        assert min(box["width"], box["height"]) >= 40
    cell.tap()
    assert lit(grid(walk, "output")) == [0, 1, 2]
    expect(walk.locator(".editor")).to_be_hidden()
    cell.tap()
    walk.locator(".typed").fill("3")
    page.keyboard.press("Enter")
    expect(cell).to_have_text("3")
    overflow = page.evaluate("document.documentElement.scrollWidth - innerWidth")
    assert overflow <= 0


def test_less_motion_where_less_is_asked_for(visitor, app):
    page = visitor(reduced_motion="reduce")
    walk = harness.open_walk(page, f"{app}/convolution_1d")
    moving = walk.locator(".sliding .cell").first
    assert moving.evaluate("cell => getComputedStyle(cell).transitionDuration") == "0s"
