"""The address of a visitor is what a trusted proxy says, and nobody else is believed."""

import pytest

from cnnlib.server.visitors import address
from tests.browser import harness
from tests.server.raw import ask

# Tells whoever asks how the server counts them.
SERVER = """
import sys
sys.path.insert(0, {root!r})
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from cnnlib.server.visitors import address

async def tell(request):
    return PlainTextResponse(address(request.scope))

app = st.App("page.py", routes=[Route("/who", tell)])
"""


@pytest.fixture(scope="module")
def script(tmp_path_factory):
    script = tmp_path_factory.mktemp("who") / "serve.py"
    script.write_text(SERVER.format(root=str(harness.ROOT)), encoding="utf-8")
    script.with_name("page.py").write_text("import streamlit as st\n", encoding="utf-8")
    return script


@pytest.mark.parametrize(
    ("trusted", "said", "believed"),
    [
        ("127.0.0.1", "10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "6.6.6.6, 10.1.2.3", "10.1.2.3"),
        ("127.0.0.1", "2001:db8::7", "2001:db8::/64"),
        ("10.9.9.9", "6.6.6.6", "127.0.0.1"),
    ],
)
def test_a_forwarded_address_is_believed_from_a_trusted_proxy_alone(
    script, monkeypatch, trusted, said, believed
):
    monkeypatch.setenv("FORWARDED_ALLOW_IPS", trusted)
    with harness.serve(script) as at:
        told = ask(at, "/who", X_Forwarded_For=said)[2].decode()
    assert told == believed


@pytest.mark.parametrize("client", [None, ("", 0), ("testclient", 1)])
def test_an_address_that_is_none_is_taken_as_it_is(client):
    assert address({"client": client}) == (client or ("",))[0]
