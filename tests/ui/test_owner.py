"""A browser has an owner's token at once, from its cookie or else for as long as the tab lasts."""

from types import SimpleNamespace

import pytest
from streamlit.testing.v1 import AppTest

from cnnlib.ui import owner as module

COOKIE = module.COOKIE


def page():
    import streamlit as st

    from cnnlib.ui.owner import owner

    st.write(owner())


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
    at.run()
    assert told(at) == first


def test_no_two_visitors_are_the_same(visit):
    assert told(visit()) != told(visit())


@pytest.mark.parametrize("name", [COOKIE, f"{COOKIE}_0123abcd"])
def test_the_cookie_says_who_it_is(visit, name):
    token = "a-token_" * 4
    assert told(visit(**{name: token})) == token


def test_the_cookie_that_came_first_is_believed(visit):
    first, second = "a" * 32, "b" * 32
    assert told(visit(**{f"{COOKIE}_00000002": first, f"{COOKIE}_00000001": second})) == first


@pytest.mark.parametrize("wrong", ["", "short", "<script>" * 4, "ä" * 32, "x" * 4000])
def test_a_cookie_that_is_no_token_is_not_believed(visit, wrong):
    at = visit(**{COOKIE: wrong})
    assert told(at) != wrong
    assert len(told(at)) == 32


@pytest.mark.parametrize("name", ["other", f"{COOKIE}s", f"{COOKIE}_", f"{COOKIE}_0123abcd0"])
def test_a_cookie_of_another_name_says_nothing(visit, name):
    assert told(visit(**{name: "k" * 32})) != "k" * 32
