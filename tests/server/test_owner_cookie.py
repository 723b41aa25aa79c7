"""An answer that brings a page brings the owner's cookie, and the first cookie stays the owner."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from http.cookies import SimpleCookie

import pytest

from cnnlib.server.owner_cookie import OwnerCookie
from cnnlib.ui.owner import COOKIE, tokens

PAGE = "text/html,application/xhtml+xml"


def cookies_set(base="", scheme="http", kind="http", method="GET", accept=PAGE, sent=""):
    """Return the cookies that the answer to one request sets, by name."""
    scope = {"type": kind, "method": method, "scheme": scheme}
    scope["headers"] = [(b"accept", accept.encode()), (b"cookie", sent.encode())]
    told = []

    async def app(scope, receive, send):
        await send({"type": "http.response.start", "status": 304, "headers": []})
        await send({"type": "http.response.body", "body": b"x"})

    async def send(message):
        told.append(message)

    live = OwnerCookie(app, base)(scope, None, send)
    # In a thread of its own, because the browser of other tests has its loop in this one.
    with ThreadPoolExecutor(1) as thread:
        thread.submit(asyncio.run, live).result()
    assert told[1] == {"type": "http.response.body", "body": b"x"}
    found = SimpleCookie()
    for name, value in told[0]["headers"]:
        assert name == b"set-cookie"
        found.load(value.decode())
    return found


def test_a_first_page_brings_a_token_that_no_script_can_read():
    ((name, kept),) = cookies_set().items()
    assert list(tokens({name: kept.value})) == [name]
    assert (kept["httponly"], kept["samesite"], kept["path"]) == (True, "Lax", "/")
    assert kept["max-age"] == "31536000"
    assert not kept["secure"]


def test_no_two_pages_bring_the_same():
    one, other = cookies_set(), cookies_set()
    assert set(one).isdisjoint(other)
    assert {k.value for k in one.values()}.isdisjoint({k.value for k in other.values()})


def test_the_cookie_keeps_to_the_base_path_and_to_https():
    ((_, kept),) = cookies_set(base="/classroom", scheme="https").items()
    assert kept["path"] == "/classroom"
    assert kept["secure"]


@pytest.mark.parametrize("name", [COOKIE, f"{COOKIE}_0123abcd"])
def test_a_browser_that_has_a_token_keeps_it_for_another_year(name):
    ((again, kept),) = cookies_set(sent=f"other=1; {name}={'k' * 32}").items()
    assert (again, kept.value, kept["max-age"]) == (name, "k" * 32, "31536000")
    assert kept["httponly"]


def test_of_several_the_first_is_kept_and_the_others_are_taken_back():
    first, second = f"{COOKIE}_00000002", f"{COOKIE}_00000001"
    found = cookies_set(sent=f"{first}={'a' * 32}; {second}={'b' * 32}")
    assert (found[first].value, found[second].value) == ("a" * 32, "")
    assert found[second]["max-age"] == "0"


@pytest.mark.parametrize(
    "other", [{"accept": "*/*"}, {"method": "POST"}, {"method": "HEAD"}, {"kind": "websocket"}]
)
def test_only_pages_bring_it(other):
    assert not cookies_set(**other)
