"""A person uses the training page, with runs that really train."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import harness

SMALL = "images=2000&epochs=200&reports=1&device=cpu&net=conv3x8-max_conv3x16-max_out10"
PATIENCE_MS = 30_000


def button(page, name):
    page_itself = page.get_by_test_id("stMainBlockContainer")
    return page_itself.get_by_role("button", name=re.compile(f"^{name}\\b"))


def state(page):
    return page.locator(".learning .state")


def step(page):
    facts = page.locator(".learning .facts").inner_text()
    return int(re.search(r"step ([\d,]+)", facts)[1].replace(",", ""))


def until(page, state_name):
    expect(state(page)).to_have_text(state_name, timeout=PATIENCE_MS)


def open_page(page, address):
    page.goto(address)
    expect(button(page, "Start")).to_be_visible(timeout=PATIENCE_MS)
    page.locator(".learning").wait_for()


def start(page, app, query=SMALL, seen="Training"):
    open_page(page, f"{app}/train?{query}")
    button(page, "Start").click()
    expect(page).to_have_url(re.compile("run="))
    until(page, seen)


def misread(page):
    """Return the share of validation images that are misread, or 1 before the share is known."""
    told = page.locator(".learning").inner_text().replace(",", "")
    found = re.search(r"Mistakes\s+(\d+) of (\d+)", told)
    return int(found[1]) / int(found[2]) if found else 1.0


def wait_for(page, check, told):
    for _ in range(PATIENCE_MS // 100):
        if check():
            return
        page.wait_for_timeout(100)
    raise AssertionError(told)


def test_a_run_learns_pauses_takes_one_batch_changes_its_rate_and_stops(visitor, app):
    page = visitor()
    start(page, app)
    figure = page.locator(".learning").bounding_box()
    assert figure["y"] + figure["height"] <= harness.PROJECTOR["height"]
    wait_for(page, lambda: misread(page) < 0.1, "90% on held-out digits")
    button(page, "Pause").click()
    until(page, "Paused")
    page.wait_for_timeout(1500)
    before = step(page)
    button(page, "One batch").click()
    wait_for(page, lambda: step(page) == before + 1, "one step more")
    slider = page.get_by_role("slider").first
    slider.focus()
    slider.press("ArrowRight")
    expect(page.get_by_text("learning rate ×2")).to_be_visible()
    button(page, "Resume").click()
    until(page, "Training")
    button(page, "Stop").click()
    until(page, "Stopped")
    expect(button(page, "Pause")).to_be_hidden()
    page.wait_for_timeout(800)
    page.evaluate("""() => {
        window.told = 0;
        new MutationObserver(() => { window.told += 1; })
            .observe(document.body, {childList: true, subtree: true, characterData: true});
    }""")
    page.wait_for_timeout(1500)
    assert page.evaluate("window.told") == 0


def test_a_reload_and_another_tab_go_on_watching_and_a_stranger_cannot_command(visitor, app):
    page, stranger = visitor(), visitor()
    tab = page.context.new_page()
    start(page, app)
    # They all open at once, so that the run need not train for long.
    page.reload(wait_until="commit")
    for one in (tab, stranger):
        one.goto(page.url, wait_until="commit")
    for one in (page, tab, stranger):
        until(one, "Training")
    expect(button(tab, "Pause")).to_be_visible()
    expect(stranger.get_by_text("You watch")).to_be_visible()
    expect(button(stranger, "Pause")).to_be_hidden()
    button(tab, "Pause").click()
    for one in (page, tab, stranger):
        until(one, "Paused")
    stranger.get_by_text("My runs").click()
    expect(stranger.get_by_text("None yet.")).to_be_visible()
    button(page, "Stop").click()
    until(stranger, "Stopped")


def test_a_learning_rate_of_1000_ends_with_its_sentence(visitor, app):
    page = visitor()
    open_page(page, f"{app}/train")
    page.get_by_role("combobox", name="Preset").click()
    page.get_by_role("option", name="Diverging").click()
    # This sentence comes last, so every control has its new value by then.
    expect(page.get_by_text("A learning rate of 1000:")).to_be_visible()
    button(page, "Start").click()
    until(page, "Diverged")
    expect(page.get_by_text("Diverging.")).to_be_visible()
    expect(button(page, "Start")).to_be_enabled()


def test_one_step_is_taken_apart(visitor, app):
    page = visitor()
    start(page, app)
    page.get_by_text("One step under the microscope").click()
    button(page, "Take the next step apart").click()
    pictures = page.locator(".batch .pictures button")
    expect(pictures).to_have_count(16, timeout=PATIENCE_MS)
    pictures.nth(3).click()
    expect(pictures.nth(3)).to_have_attribute("aria-pressed", "true")
    label = pictures.nth(3).get_attribute("aria-label")
    digit, read = re.match(r"A (\d), read as (\d)", label).groups()
    expect(page.locator(".batch .forward h3")).to_have_text(f"Forward: a {digit}, read as {read}")
    page.locator(".batch .backward button", has_text="logits.weight").click()
    expect(page.locator(".batch .update h3")).to_contain_text("logits.weight")
    row = page.locator(".batch .update tbody tr").first.locator("td").all_inner_texts()
    assert row[1] != row[-1]
    until(page, "Paused")
    button(page, "Stop").click()
    until(page, "Stopped")


def test_the_trained_network_reads_a_drawing(visitor, app):
    page = visitor()
    start(page, app, SMALL.replace("epochs=200", "epochs=3"), seen="Finished")
    page.get_by_text("Use the network").click()
    page.get_by_role("link", name="Draw a digit for this network").click()
    paper = page.locator("canvas.paper")
    paper.wait_for()
    expect(page.get_by_text("Here reads the network of the run")).to_be_visible()
    page.locator("canvas.maps[data-layer=pool2]").wait_for()
    harness.draw(page, paper, 1)
    expect(page.locator(".guess")).to_have_text("1")
    expect(page.locator("canvas.maps[data-layer=conv3]")).to_have_count(0)
    page.get_by_role("link", name="Back to the shipped network").click()
    page.locator("canvas.maps[data-layer=conv3]").wait_for()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_layers_are_edited_in_a_window_that_fits(visitor, app, theme):
    page = visitor(color_scheme=theme)
    open_page(page, f"{app}/train?net=2conv3x12-max_2conv3x24-max_out10")
    button(page, "Layers").click()
    window = page.get_by_test_id("stPopoverBody")
    maps = window.get_by_role("spinbutton", name="Maps").first
    maps.fill("6")
    maps.press("Enter")
    expect(page).to_have_url(re.compile(r"net=2conv3x6-max_2conv3x24-max_out10"))
    expect(window.get_by_role("cell", name="6×28×28").first).to_be_visible()
    box = window.bounding_box()
    assert box["x"] >= 0
    assert box["x"] + box["width"] <= harness.PROJECTOR["width"]


def test_a_live_training_is_presented_left_and_found_again(visitor, app):
    page = visitor()
    page.goto(f"{app}/train?{SMALL}&present=1&talk=demo&beat=7")
    page.locator(".stage[data-beat='7']").wait_for(state="attached", timeout=PATIENCE_MS)
    page.locator(".learning").wait_for()
    page.wait_for_timeout(300)
    page.keyboard.press("s")
    until(page, "Training")
    expect(page.locator(".learning .facts")).to_contain_text("step", timeout=PATIENCE_MS)
    page.keyboard.press(" ")
    until(page, "Paused")
    page.wait_for_timeout(1500)
    before = step(page)
    page.keyboard.press("ArrowRight")
    until(page, "Recorded")
    page.keyboard.press(" ")
    expect(button(page, "Play")).to_be_visible()
    page.keyboard.press("ArrowLeft")
    until(page, "Paused")
    assert step(page) == before
    page.keyboard.press("n")
    wait_for(page, lambda: step(page) == before + 1, "one step more")
    page.keyboard.press("w")
    until(page, "Training")
    page.keyboard.press("x")
    until(page, "Stopped")
    page.reload()
    until(page, "Stopped")
    page.keyboard.press("ArrowLeft")
    page.locator(".stage[data-beat='6']").wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    until(page, "Stopped")
