"""A page of another host opens no socket, and makes the server ask nobody who it is."""

import pytest

from tests.browser import harness
from tests.server.raw import ask, open_socket

PLAIN = "import streamlit as st\nst.text('here')\n"


@pytest.mark.parametrize(
    "origin",
    ["https://evil.example", "http://127.0.0.1", "http://localhost", "null", "http://[", "", "x"],
)
@pytest.mark.parametrize("path", ["/_stcore/stream", "/remote/guess"])
def test_a_foreign_page_opens_no_socket_and_nobody_is_asked(served, elsewhere, origin, path):
    wire, status = open_socket(served, path, Origin=origin)
    wire.close()
    assert status == 403
    assert elsewhere.asked == 0


def test_the_question_would_be_heard(tmp_path, elsewhere, monkeypatch):
    script = tmp_path / "page.py"
    script.write_text(PLAIN)
    heard = elsewhere.asked
    monkeypatch.setenv("http_proxy", elsewhere.address)
    with harness.serve(script, folder=harness.ROOT) as address:
        wire, status = open_socket(address, Origin="https://evil.example")
        wire.close()
    assert status == 403
    assert elsewhere.asked > heard
    elsewhere.asked = heard


def test_the_apps_own_page_an_allowed_one_and_a_client_without_origin_open_one(served, elsewhere):
    for origin in ({"Origin": served}, {"Origin": "https://lms.example.org"}, {}):
        wire, status = open_socket(served, **origin)
        wire.close()
        assert status == 101
    assert elsewhere.asked == 0


@pytest.mark.parametrize("method", ["PUT", "DELETE", "POST"])
def test_a_foreign_page_uploads_nothing(served, method):
    path = "/_stcore/upload_file/a/b"
    told = ask(served, path, method, b"x", Origin="https://evil.example")
    assert (told[0], told[2]) == (
        403,
        b"This page stands on another host: open the app at its own address.\n",
    )


def test_reading_is_everybodys(served):
    assert ask(served, "/", Origin="https://evil.example")[0] == 200
