"""A person watches a network learn: reads curves, scrubs, and looks into the mistakes."""

from pathlib import Path

import numpy as np
import pytest
from playwright.sync_api import expect

from tests.browser import harness
from tests.histories import history

SCRIPT = Path(__file__).with_name("learning_script.py")


@pytest.fixture(scope="module")
def app():
    with harness.serve(SCRIPT, folder=harness.ROOT) as address:
        yield address


@pytest.fixture(scope="module")
def told():
    return history()


@pytest.fixture(scope="module")
def opened(lasting_visitor, app):
    return open_room(lasting_visitor(), app)


@pytest.fixture
def room(opened):
    """Return a room that other tests have used, with nothing chosen, at the newest report."""
    opened.page.mouse.move(5, 5)
    if opened.locator(".all").is_visible():
        opened.locator(".all").click()
    opened.locator(".live").click()
    return opened


@pytest.fixture
def page(room):
    return room.page


def open_room(page, address, query=""):
    page.goto(f"{address}/?{query}")
    room = page.locator(".learning[data-packet]")
    room.wait_for()
    return room


def train_on(page):
    page.get_by_role("button", name="Train on").click()


def counts(room):
    texts = room.locator(".matrix tbody td").all_inner_texts()
    return np.array([int(text or 0) for text in texts]).reshape(10, 10)


def expect_report(room, number, of):
    expect(room.locator(".at")).to_contain_text(f"report {number} of {of}")


def on_curves(room, share, down=0.3):
    """Return a place on the curves, at a share of the horizontal axis."""
    stage, track = room.locator(".stage").bounding_box(), room.locator(".track").bounding_box()
    return track["x"] + share * track["width"], stage["y"] + down * stage["height"]


def picture(room, canvas):
    return room.locator(canvas).evaluate("canvas => canvas.toDataURL()")


def test_the_newest_report_is_shown_and_keys_scrub_without_the_server(page, room, told):
    of = len(told.reports)
    expect_report(room, of, of)
    page.context.set_offline(True)
    room.locator(".track").focus()
    seen = []
    for key, number in [("ArrowLeft", of - 1), ("Home", 1), ("ArrowRight", 2), ("End", of)]:
        page.keyboard.press(key)
        expect_report(room, number, of)
        np.testing.assert_array_equal(counts(room), told.reports[number - 1].confusion)
        seen.append((picture(room, ".weights"), room.locator(".rows tbody").inner_text()))
        pressed = "true" if number == of else "false"
        expect(room.locator(".live")).to_have_attribute("aria-pressed", pressed)
    assert len(set(seen)) == 4
    page.context.set_offline(False)


def test_pointing_at_the_curves_tells_the_values(page, room, told):
    report = told.reports[7]
    page.mouse.move(*on_curves(room, report.epoch / 4))
    tip = room.locator(".stage .tip")
    row = tip.get_by_role("row").filter(has_text="validation")
    expect(row).to_have_text(
        f"validation{report.epoch:.2f}{report.validation_loss:.3g}"
        f"{100 * report.validation_accuracy:.{2 if report.validation_accuracy >= 0.9 else 1}f}%"
    )
    page.mouse.move(5, 5)
    expect(tip).to_be_hidden()


def test_a_drag_along_the_curves_scrubs(page, room, told):
    page.mouse.move(*on_curves(room, 0.2))
    page.mouse.down()
    page.mouse.move(*on_curves(room, told.reports[5].epoch / 4), steps=4)
    expect_report(room, 6, len(told.reports))
    page.mouse.up()
    page.mouse.move(*on_curves(room, 0.9))
    expect_report(room, 6, len(told.reports))


def test_the_scales_and_axes_change_the_curves(page, room):
    drawn = {picture(room, ".lines")}
    for name in ("log", "seconds"):
        room.get_by_role("button", name=name).click()
        expect(room.get_by_role("button", name=name)).to_have_attribute("aria-pressed", "true")
        drawn.add(picture(room, ".lines"))
    assert len(drawn) == 3
    page.mouse.move(*on_curves(room, 0.5))
    expect(room.locator(".stage .tip")).to_contain_text("second")
    for name in ("linear", "epochs"):
        room.get_by_role("button", name=name).click()


# Notes each text that is written on a canvas: the text, its left and right end, and its room.
_LISTEN = """() => {
  window.written = [];
  const write = CanvasRenderingContext2D.prototype.fillText;
  CanvasRenderingContext2D.prototype.fillText = function (text, x, y) {
    const { width } = this.measureText(text);
    const left = x - { left: 0, center: 0.5, right: 1 }[this.textAlign] * width;
    window.written.push([text, left, left + width, this.canvas.clientWidth]);
    write.call(this, text, x, y);
  };
}"""


@pytest.mark.parametrize("scale", ["linear", "log"])
def test_what_is_written_on_the_curves_fits_at_any_scale(visitor, app, scale):
    page = visitor()
    room = open_room(page, app, "runs=wild")
    page.evaluate(_LISTEN)
    room.get_by_role("button", name="log").click()
    page.evaluate("window.written = []")
    room.get_by_role("button", name=scale).click()
    written = page.evaluate("window.written")
    assert {"0%", "last steps 6.16·10¹²"} <= {text for text, *_ in written}
    assert any(text.endswith("10¹²") and "last steps" not in text for text, *_ in written)
    assert [one for one in written if one[1] < 0 or one[2] > one[3]] == []


def test_type_so_large_that_curves_have_no_height_freezes_nothing(visitor, app):
    room = open_room(visitor(), app)
    room.page.evaluate("document.documentElement.style.fontSize = '100px'")
    room.locator("[data-scale=log]").dispatch_event("click")
    room.page.evaluate("document.documentElement.style.fontSize = ''")
    expect(room.locator("[data-scale=log]")).to_have_attribute("aria-pressed", "true")
    room.locator("[data-move='-1']").click()
    expect_report(room, 15, 16)


def test_a_cell_of_the_confusion_matrix_shows_its_pictures(page, room, told):
    last = told.reports[-1]
    wrong = last.confusion - np.diag(np.diag(last.confusion))
    truth, said = np.unravel_index(wrong.argmax(), wrong.shape)
    tiles = room.locator(".tiles button:visible")
    everything = tiles.count()
    cell = room.locator(".matrix tbody tr").nth(truth).locator("td").nth(said)
    cell.click()
    expect(tiles).to_have_count(int(wrong.max()))
    assert set(room.locator(".tiles b:visible").all_inner_texts()) == {f"{truth} → {said}"}
    expect(room.locator(".gallery .count")).to_have_text(f"{truth} read as {said}: {wrong.max()}")
    cell.click()
    expect(tiles).to_have_count(everything)
    room.locator(".matrix tbody tr").nth(2).locator("td").nth(2).click()
    expect(room.locator(".none")).to_have_text(
        f"{last.confusion[2, 2]} images of 2 are read right."
    )


def test_the_confusion_matrix_is_walked_with_keys(page, room):
    cell = room.locator(".matrix td[tabindex='0']")
    cell.focus()
    for key in ("ArrowRight", "ArrowDown", "Enter"):
        page.keyboard.press(key)
    expect(room.locator(".matrix td.chosen")).to_have_count(1)
    expect(room.locator(".gallery .count")).to_contain_text("1 read as 1")
    page.keyboard.press("Enter")
    for key in ("ArrowLeft", "ArrowUp"):
        page.keyboard.press(key)


def test_python_hears_which_mistake_was_clicked(page, room, told):
    room.locator(".tiles button").nth(1).click()
    number = told.reports[-1].wrong[1]
    expect(page.get_by_text(f"picked Picked(run_id='one', picture={number})")).to_be_visible()


def test_python_hears_what_is_looked_at_once_it_rests(page, room, told):
    room.locator(".track").focus()
    page.keyboard.press("Home")
    step = told.reports[0].step
    expect(page.get_by_text(f"looked Looked(run_id='one', step={step})")).to_be_visible()
    page.keyboard.press("End")
    expect(page.get_by_text("looked Looked(run_id='one', step=None)")).to_be_visible()


def test_a_screen_reader_gets_a_table_and_a_sentence(room, told):
    rows = room.locator(".table tbody tr")
    expect(rows).to_have_count(len(told.reports))
    last = told.reports[-1]
    expect(rows.last).to_contain_text(f"{100 * last.validation_accuracy:.2f}%")
    expect(room.locator(".said")).to_contain_text("validation accuracy")
    assert room.locator(".said").get_attribute("aria-live") == "polite"


def test_what_is_new_moves_the_view_only_while_it_is_followed(visitor, app):
    page = visitor()
    room = open_room(page, app, "upto=12")
    expect_report(room, 4, 4)
    train_on(page)
    expect_report(room, 5, 5)
    room.locator(".track").focus()
    page.keyboard.press("ArrowLeft")
    before = counts(room)
    train_on(page)
    expect_report(room, 4, 6)
    np.testing.assert_array_equal(counts(room), before)
    room.locator(".live").click()
    expect_report(room, 6, 6)
    train_on(page)
    expect_report(room, 7, 7)


def test_python_sends_what_is_missing_and_all_again_to_a_figure_that_was_moved(visitor, app, told):
    page = visitor()
    room = open_room(page, app, "upto=12")
    expect(page.get_by_text("have {'one': 4, 'one points': 12}")).to_be_visible()
    train_on(page)
    expect_report(room, 5, 5)
    before = page.locator(".learning").element_handle()
    page.get_by_text("Elsewhere").click()
    page.wait_for_function("old => !old.isConnected", arg=before)
    expect_report(room, 5, 5)
    room.locator(".track").focus()
    page.keyboard.press("Home")
    expect_report(room, 1, 5)
    np.testing.assert_array_equal(counts(room), told.reports[0].confusion)


def test_runs_race_on_the_same_axes_and_panels_show_the_selected_one(visitor, app, told):
    page = visitor()
    room = open_room(page, app, "runs=one,two,broken")
    expect(room.get_by_role("tab")).to_have_count(3)
    expect(room.get_by_role("tab").nth(0)).to_have_attribute("aria-selected", "true")
    page.mouse.move(*on_curves(room, 0.5))
    for name in ("Run one", "Run two"):
        expect(room.locator(".stage .tip")).to_contain_text(f"{name}: validation")
    room.get_by_role("tab").nth(0).focus()
    page.keyboard.press("ArrowRight")
    expect(room.get_by_role("tab").nth(1)).to_have_attribute("aria-selected", "true")
    expect(room.locator(".filters .count")).to_have_text("16 templates of 28×28")
    assert not np.array_equal(counts(room), told.reports[-1].confusion)
    page.keyboard.press("ArrowRight")
    expect(room.locator(".state")).to_have_text("Diverged")
    expect(room.locator(".said")).to_contain_text(
        "The loss became infinite at step 16", timeout=8000
    )
    expect(room.locator(".confusion .hint")).to_be_visible()


@pytest.mark.parametrize(
    ("query", "sentence"), [("runs=", "Press Start"), ("upto=0", "Third in the queue.")]
)
def test_before_the_first_number_the_room_says_what_it_waits_for(visitor, app, query, sentence):
    room = open_room(visitor(color_scheme="dark"), app, query)
    expect(room.locator(".empty")).to_contain_text(sentence)
    expect(room.locator(".hint:visible")).to_have_count(4)


def test_a_finger_scrubs_and_opens_a_mistake(visitor, app, told):
    page = visitor(viewport=harness.PHONE, has_touch=True, is_mobile=True)
    room = open_room(page, app)
    report = told.reports[5]
    page.touchscreen.tap(*on_curves(room, report.epoch / 4))
    expect_report(room, 6, len(told.reports))
    room.get_by_role("button", name="One report on").tap()
    expect_report(room, 7, len(told.reports))
    for target in (".live", "[data-move='1']", "[data-scale=log]", ".tiles button"):
        box = room.locator(target).first.bounding_box()
        assert min(box["width"], box["height"]) >= 40, target
    room.locator(".tiles button").first.tap()
    expect(page.get_by_text(f"picture={told.reports[6].wrong[0]}")).to_be_visible()
    parts = (".curves", ".confusion", ".gallery", ".filters", ".layers")
    tops = [room.locator(part).bounding_box()["y"] for part in parts]
    assert tops == sorted(tops)
    assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
