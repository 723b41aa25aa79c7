"""The app below a path of a host that it shares: it keeps to that path, or else `visitor` fails.

A reverse proxy that passes the path on unchanged shows a browser the same as this server does.
"""

import re

import pytest
from playwright.sync_api import expect

from cnnlib.lessons.listing import LESSONS
from cnnlib.ui.components import files
from tests.browser import harness
from tests.browser.test_house import is_whole

BASE = "classroom"


@pytest.fixture(scope="module")
def app():
    with harness.serve(base=BASE) as address:
        yield address


def place(page):
    """Return the page's path, and its link's part after the question mark."""
    return page.evaluate("[location.pathname, location.search]")


def test_a_cold_link_the_menu_and_back_stay_below_it(visitor, app):
    page = visitor()
    below = f"{app}/components/{files.version()}/"
    with page.expect_response(lambda reply: reply.url.startswith(below)):
        harness.open_walk(page, f"{app}/convolution_2d?outputs=same")
    (lesson,) = (one for one in LESSONS if one.stem == "convolution_2d")
    assert lesson.title == "Convolution in 2D"
    is_whole(page, lesson)
    page.get_by_text("valid", exact=True).click()
    page.wait_for_function("location.search.includes('outputs=valid')")
    assert place(page)[0] == "/classroom/convolution_2d"
    page.get_by_test_id("stTopNavSection").first.click()
    page.get_by_text("Draw a digit", exact=True).click()
    page.locator("canvas.paper").wait_for()
    assert place(page)[0] in ("/classroom/", "/classroom/start")
    page.go_back()
    page.locator(".player[data-ready]").wait_for()
    assert place(page)[0] == "/classroom/convolution_2d"
    # The page is as it was left, although Streamlit keeps its address without a query in the
    # history.
    expect(page.get_by_role("radio", name="valid", exact=True)).to_be_checked()
    assert "outputs=valid" in page.url


@pytest.mark.parametrize("end", ["", "/"])
def test_a_talk_begins_at_the_bare_address_and_stays_below_it(visitor, app, end):
    page = visitor()
    harness.open_pad(page, app + end)
    harness.present(page)
    page.keyboard.press("ArrowRight")
    page.locator(".stage:not([data-beat='0'])").wait_for(state="attached")
    page.wait_for_function("location.search.includes('beat=')")
    assert re.fullmatch("/classroom/[a-z_0-9]+", place(page)[0])
    with page.expect_websocket(lambda socket: "/remote/" in socket.url) as feed:
        page.keyboard.press("v")
    assert feed.value.url.startswith(app.replace("http", "ws") + "/remote/")
    page.wait_for_timeout(600)
    assert not feed.value.is_closed()


def test_what_is_taken_away_names_it_and_the_cookie_keeps_to_it(visitor, app):
    page = visitor()
    harness.open_walk(page, f"{app}/convolution_1d?keep=valid")
    page.get_by_text("Take it away").click()
    expect(page.get_by_test_id("stCode").last).to_contain_text(f"{app}/convolution_1d?keep=valid")
    page.goto(f"{app}/train")
    (cookie,) = [one for one in page.context.cookies() if one["name"].startswith("classroom_owner")]
    assert cookie["path"] == "/classroom"
    page.goto(f"{app}/talks")
    page.get_by_role("button", name="This one").click()
    with page.expect_download() as notes:
        page.get_by_role("button", name="Lecture notes").click()
    text = notes.value.path().read_text(encoding="utf-8")
    assert f"{app}/convolution_1d?" in text
