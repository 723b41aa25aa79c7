"""Ways past the door, and out of the folders that are served: each was tried, and is none."""

import pytest

from tests.server.raw import ask

OUTSIDE = (
    "/../serve.py",
    "/../../../../etc/passwd",
    "/%2e%2e/%2e%2e/etc/passwd",
    "/..%2f..%2fetc%2fpasswd",
    "/..%5c..%5cserve.py",
    "//etc/passwd",
    "/static/../../../server/server.py",
    "/static/%2e%2e/%2e%2e/cli.py",
    "/static/..%2f..%2fcli.py",
    "/app/static/../serve.py",
    "/app/static/%2e%2e/serve.py",
    "/_stcore/../../serve.py",
    "/_stcore/bidi-components/a/../../../serve.py",
    "/component/a/%2e%2e/%2e%2e/serve.py",
    "/media/../serve.py",
    "/media/..%2f..%2fserve.py",
    "/serve.py\x00.css",
)
WORDS = (b"root:", b"import ", b"def ")


@pytest.mark.parametrize("path", OUTSIDE)
def test_no_path_leads_out_of_what_is_served(served, path):
    status, _, body = ask(served, path)
    # An address that is nobody's may bring the app's own page, and nothing else.
    assert status in (200, 300, 307, 308, 400, 403, 404)
    assert not any(word in body for word in WORDS), body[:200]


@pytest.mark.parametrize("path", ["interact", "mcp"])
def test_no_program_drives_a_page_past_the_limits_of_sockets(served, path):
    more = {"Content_Type": "application/json", "Accept": "application/json"}
    status, _, body = ask(served, f"/_stcore/agent/{path}", "POST", b"{}", **more)
    assert status >= 400
    assert b"does not serve" in body
