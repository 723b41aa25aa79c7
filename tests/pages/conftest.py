import pytest
import streamlit as st
from streamlit.testing.v1 import AppTest

from tests.pages.components import ROOT, hear


@pytest.fixture(autouse=True)
def _a_browser_hears(request, monkeypatch):
    """Begin each run of an app when the browser has heard of the last one."""
    if "crossing" in request.fixturenames:
        return
    run = AppTest._run

    def heard(at, *arguments, **named):
        hear(at)
        return run(at, *arguments, **named)

    monkeypatch.setattr(AppTest, "_run", heard)


@pytest.fixture(autouse=True)
def _a_visitor_has_no_address(monkeypatch):
    """Have the app see no address, in place of one that was never made."""
    monkeypatch.setattr(type(st.context), "ip_address", None)


@pytest.fixture
def crossing():
    """Have messages of browser and server cross: no run's changes have arrived by the next."""


@pytest.fixture
def app():
    """Return the app as a visitor without a browser meets it, through app.py."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    at.run()
    assert not at.exception
    return at
