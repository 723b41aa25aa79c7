"""The owner's cookie in a real browser: it lasts over reloads, tabs and a new server."""

import pytest

from tests.browser import harness

PAGE = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from cnnlib.ui.owner import owner, remember
st.text(owner())
remember()
"""


@pytest.fixture(scope="module")
def page_of_owner(tmp_path_factory):
    script = tmp_path_factory.mktemp("owner") / "page.py"
    script.write_text(PAGE.format(root=str(harness.ROOT)), encoding="utf-8")
    return script


def told(page, address):
    page.goto(address)
    text = page.get_by_test_id("stText")
    text.wait_for()
    return text.inner_text()


def test_a_browser_stays_the_same_owner_and_another_is_another(chromium, page_of_owner):
    context, other = chromium.new_context(), chromium.new_context()
    with harness.serve(page_of_owner) as address:
        page = context.new_page()
        first = told(page, address)
        page.wait_for_function("document.cookie.includes('classroom_owner')")
        assert told(page, address) == first
        assert told(context.new_page(), address) == first
        assert told(other.new_page(), address) != first
    (cookie,) = [one for one in context.cookies() if one["name"] == "classroom_owner"]
    assert cookie["value"] == first
    assert cookie["sameSite"] == "Strict"
    with harness.serve(page_of_owner) as address:
        assert told(context.new_page(), address) == first
    context.close(), other.close()


def test_two_tabs_opened_at_once_agree(chromium, page_of_owner):
    context = chromium.new_context()
    with harness.serve(page_of_owner) as address:
        pages = [context.new_page(), context.new_page()]
        for page in pages:
            page.goto(address, wait_until="commit")
        kept = "document.cookie.split('classroom_owner=')[1]"
        for page in pages:
            page.wait_for_function(
                f"{kept} && document.querySelector('[data-testid=stText]')?.innerText === {kept}"
            )
    context.close()
