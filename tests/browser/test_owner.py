"""The owner's cookie in a real browser: it lasts over reloads, tabs and a new server."""

import functools

import pytest

from tests.browser import harness

PAGE = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from cnnlib.ui.owner import owner
st.text(owner())
"""
# The answer to the first page is held until another page has opened its socket.
SERVER = """
import asyncio
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from starlette.middleware import Middleware
from cnnlib.server.owner_cookie import OwnerCookie

class Hold:
    def __init__(self, app):
        self.app, self.free, self.asked = app, asyncio.Event(), False

    async def __call__(self, scope, receive, send):
        if scope["type"] == "websocket":
            self.free.set()
        first = scope["type"] == "http" and scope["path"] == "/held" and not self.asked
        self.asked = self.asked or first
        if first:
            self.free.clear()

        async def say(message):
            if first and message["type"] == "http.response.start":
                await self.free.wait()
            await send(message)

        await self.app(scope, receive, say)

app = st.App("page.py", middleware=[Middleware(Hold), Middleware(OwnerCookie, base="")])
"""


@pytest.fixture(scope="module")
def page_of_owner(tmp_path_factory):
    script = tmp_path_factory.mktemp("owner") / "serve.py"
    script.write_text(SERVER.format(root=str(harness.ROOT)), encoding="utf-8")
    script.with_name("page.py").write_text(PAGE.format(root=str(harness.ROOT)), encoding="utf-8")
    return script


def read(page):
    text = page.get_by_test_id("stText")
    text.wait_for()
    return text.inner_text()


def told(page, address):
    page.goto(address)
    return read(page)


def kept(context):
    return [one for one in context.cookies() if one["name"].startswith("classroom_owner")]


@pytest.fixture(scope="module")
def address(page_of_owner):
    with harness.serve(page_of_owner) as address:
        yield address


@pytest.fixture
def lend(tabs):
    return functools.partial(tabs, viewport=harness.PROJECTOR, bypass_csp=True)


def test_a_browser_stays_the_same_owner_and_another_is_another(lend, page_of_owner, address):
    with lend() as page, lend() as stranger:
        first = told(page, address)
        assert told(page, address) == first
        assert told(page.context.new_page(), address) == first
        assert told(stranger, address) != first
        assert page.evaluate("document.cookie.includes('classroom_owner')") is False
        (cookie,) = kept(page.context)
        assert cookie["value"] == first
        assert (cookie["sameSite"], cookie["httpOnly"]) == ("Lax", True)
        with harness.serve(page_of_owner) as another:
            assert told(page, another) == first
            page.goto("about:blank")


def test_two_tabs_opened_at_once_agree_also_if_the_first_is_answered_last(lend, address):
    with lend() as first:
        second = first.context.new_page()
        with first.expect_request(f"{address}/held"):
            first.evaluate(f"setTimeout(() => location.assign('{address}/held'))")
        owner = told(second, address)
        assert read(first) == owner
        assert len(kept(first.context)) == 2
        assert told(first, address) == owner
        assert [one["value"] for one in kept(first.context)] == [owner]
