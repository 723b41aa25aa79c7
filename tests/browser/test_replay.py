"""A recorded run on a laptop that trains nothing plays back in a lecture, also in a great hurry."""

import re

import pytest
from playwright.sync_api import expect

from cnnlib.runs import recordings
from cnnlib.runs.events import Report

PATIENCE_MS = 30_000
LAST = [one for one in recordings.load("first_steps").events if isinstance(one, Report)][-1]


def button(page, name):
    return page.get_by_role("button", name=re.compile(f"^{name}\\b"))


def facts(page):
    return page.locator(".learning .facts")


def test_a_recorded_run_plays_rests_and_can_be_scrubbed(visitor, app):
    page = visitor()
    page.goto(f"{app}/train?recorded=first_steps&speed=2")
    expect(page.locator(".learning .state")).to_have_text("Recorded", timeout=PATIENCE_MS)
    expect(page.locator(".learning .why")).to_contain_text("is shown at 2 times its own pace")
    expect(facts(page)).to_contain_text("step 624 of 624", timeout=PATIENCE_MS)
    expect(button(page, "Play again")).to_be_visible()
    expect(page.get_by_text(f"{len(LAST.wrong)} of 5,000")).to_be_visible()
    page.get_by_label("One report back").click()
    expect(page.locator(".learning .at")).to_contain_text("report 7 of 8")
    page.get_by_role("radio", name="0.5", exact=True).click()
    button(page, "Play again").click()
    expect(facts(page)).to_contain_text(re.compile(r"step (?!624)\d+ of 624"))
    button(page, "Pause").click()
    expect(button(page, "Play")).to_be_visible()
    page.wait_for_timeout(500)
    before = facts(page).inner_text()
    page.wait_for_timeout(1000)
    assert facts(page).inner_text() == before != ""
    button(page, "Leave").click()
    expect(page).to_have_url(re.compile("/train$"))


@pytest.mark.parametrize("size", [(1280, 720), (1920, 1080)])
def test_a_presented_figure_fills_the_screen_and_needs_no_scrolling(visitor, app, size):
    page = visitor(viewport={"width": size[0], "height": size[1]})
    page.goto(f"{app}/train?recorded=first_steps&speed=32&present=1")
    expect(facts(page)).to_contain_text("step 624 of 624", timeout=PATIENCE_MS)
    expect(button(page, "Play again")).to_be_visible()
    page.wait_for_timeout(500)
    main = page.get_by_test_id("stMain")
    assert main.evaluate("main => main.scrollHeight - main.clientHeight") <= 0
    told = page.locator(".st-key-diagnosis").bounding_box()
    assert 0.95 * size[1] <= told["y"] + told["height"] <= size[1]
    assert page.locator(".learning .main").bounding_box()["height"] > 0.65 * size[1]


@pytest.mark.parametrize("attempt", range(6))
def test_packets_that_overtake_each_other_leave_one_whole_figure(visitor, app, attempt):
    page = visitor(new=attempt < 2)  # a browser that fetches everything begins late
    page.goto(f"{app}/train?recorded=first_steps&speed=32")
    expect(facts(page)).to_contain_text("step 624 of 624", timeout=PATIENCE_MS)
    expect(page.locator(".learning .matrix tr")).to_have_count(11)
    expect(page.get_by_label("Learning rate").first).to_have_value("0.01")
    expect(page.locator(".learning .layers tbody tr")).to_have_count(3)
