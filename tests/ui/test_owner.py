"""A browser has an owner's token at once, keeps it in a cookie, and refuses a wrong cookie."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cnnlib.ui import owner as module
from tests.pages.components import say, shown

COOKIE, KEY = "classroom_owner", "owner_cookie"


def page():
    import streamlit as st

    from cnnlib.ui.owner import owner, remember

    st.write(owner())
    remember()


@pytest.fixture
def visit(monkeypatch):
    def open_page(**cookies):
        monkeypatch.setattr(module.st, "context", SimpleNamespace(cookies=cookies))
        at = AppTest.from_function(page)
        at.run()
        assert not at.exception
        return at

    return open_page


def told(at):
    return at.markdown[0].value


def test_the_token_is_known_in_the_first_run_and_stays(visit):
    at = visit()
    first = told(at)
    assert len(first) == 32
    told_to_keep = shown(at, "cookie")
    assert (told_to_keep["name"], told_to_keep["value"]) == (COOKIE, first)
    at.run()
    assert told(at) == first


def test_no_two_visitors_are_the_same(visit):
    assert told(visit()) != told(visit())


def test_the_cookie_says_who_it_is_and_is_not_written_again(visit):
    token = "a-token_" * 4
    at = visit(**{COOKIE: token})
    assert told(at) == token
    assert not at.get("bidi_component")


@pytest.mark.parametrize("wrong", ["", "short", "<script>" * 4, "ä" * 32, "x" * 4000])
def test_a_cookie_that_is_no_token_is_not_believed(visit, wrong):
    at = visit(**{COOKIE: wrong})
    assert told(at) != wrong
    assert len(told(at)) == 32


def test_a_tab_takes_the_token_that_its_browser_has_kept(visit):
    at, kept = visit(), "k" * 32
    say(at, KEY, value=kept)
    assert told(at) == kept
    say(at, KEY, value="<script>")
    assert told(at) == kept
