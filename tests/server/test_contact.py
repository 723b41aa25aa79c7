"""A server whose keeper names an address for reports tells that address, and no other one does."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnlib.server.contact import route


def test_a_server_tells_where_reports_go():
    (found,) = route("/base", "mailto:keeper@school.org")
    assert found.path == "/base/.well-known/security.txt"
    with ThreadPoolExecutor(1) as thread:  # this one may have a loop already
        told = thread.submit(lambda: asyncio.run(found.endpoint(None))).result()
    assert told.media_type == "text/plain"
    assert re.fullmatch(
        rb"Contact: mailto:keeper@school\.org\nExpires: 2\d{3}-\d\d-\d\dT00:00:00Z\n", told.body
    )


def test_a_server_without_an_address_tells_none():
    assert route("", "") == []


@pytest.mark.parametrize("wrong", ["keeper@school.org", "http://a.org", "mailto:a\nb", "https://"])
def test_what_is_no_address_is_refused(wrong):
    with pytest.raises(ValueError, match="is no address: write it as mailto:"):
        route("", wrong)
