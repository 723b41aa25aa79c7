"""A page does all that it does within its policy, and loads nothing of another host."""

import pytest
from playwright.sync_api import expect

from cnnlib.lessons.listing import LESSONS
from tests.browser import harness
from tests.browser.test_house import is_whole
from tests.browser.test_train import start, until

NOTE = """
globalThis.broken = [];
document.addEventListener("securitypolicyviolation", (event) =>
  broken.push(`${event.violatedDirective} ${event.blockedURI}`));
"""


@pytest.fixture(scope="module")
def page(lasting_visitor):
    """Open a page that keeps the policy and notes what breaks it."""
    page = lasting_visitor(new=True, bypass_csp=False)
    page.add_init_script(NOTE)
    return page


def broken(page):
    return page.evaluate("broken")


@pytest.mark.parametrize("lesson", LESSONS, ids=lambda lesson: lesson.stem)
def test_a_deep_link_opens_the_whole_page_within_its_policy(page, app, lesson):
    page.goto(f"{app}/{lesson.stem}?code=1")
    is_whole(page, lesson)
    page.locator(".stage").first.wait_for(state="attached")
    expect(page.get_by_test_id("stApp")).to_have_attribute("data-test-script-state", "notRunning")
    assert broken(page) == []


def test_formulas_animations_and_a_drawing_keep_the_policy(page, app):
    paper = harness.open_pad(page, app)
    harness.draw(page, paper, 4)
    assert broken(page) == []
    page.goto(f"{app}/receptive_fields")
    page.locator(".katex").first.wait_for(state="attached")
    assert broken(page) == []
    harness.open_walk(page, f"{app}/convolution_1d")
    page.get_by_text("Take it away").click()
    with page.expect_download() as animation:
        page.get_by_role("button", name="GIF", exact=True).click()
    assert animation.value.path().read_bytes().startswith(b"GIF8")
    assert broken(page) == []


def test_a_camera_keeps_the_policy(page, app):
    page.goto(f"{app}/kernels?picture=Camera+…")
    page.get_by_text("Take a picture").click()
    shutter = page.get_by_role("button", name="Take Photo")
    shutter.wait_for()
    while not page.evaluate("document.querySelector('video')?.videoWidth > 0"):
        page.wait_for_timeout(50)
    shutter.click()
    expect(page.get_by_test_id("stPopoverBody").filter(has_text="Take Photo")).to_have_count(0)
    page.locator(".from canvas").wait_for()
    assert broken(page) == []


def test_training_and_presenting_keep_the_policy(page, app):
    start(page, app)
    harness.present(page)
    with page.expect_websocket(lambda socket: "/remote/" in socket.url):
        page.keyboard.press("v")
    assert broken(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("x")
    until(page, "Stopped")


def test_a_picture_of_another_host_is_not_asked_for(page, app):
    tab = page.context.new_page()  # where an error is printed, which `page` must not
    tab.add_init_script(NOTE)
    harness.open_pad(tab, app)
    with tab.expect_console_message(lambda message: "Content Security Policy" in message.text):
        tab.evaluate("document.body.append(Object.assign(new Image(), {src: '//127.0.0.9:9/x'}))")
    assert broken(tab) == ["img-src http://127.0.0.9:9/x"]
    tab.close()
