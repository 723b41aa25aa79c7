"""A tab that left gives its files back by itself, without anybody else coming."""

import time

import pytest
from streamlit.proto.BackMsg_pb2 import BackMsg

from tests.browser import harness
from tests.server.raw import ask, frame, open_socket

# Tells how many files the server holds open.
SERVER = """
import asyncio
import os
import sys
from contextlib import asynccontextmanager
sys.path.insert(0, {root!r})
import streamlit as st
from starlette.responses import PlainTextResponse
from starlette.routing import Route
from cnnlib.server.sessions import tidy

async def tell(request):
    return PlainTextResponse(str(len(os.listdir("/proc/self/fd"))))

@asynccontextmanager
async def tidied(app):
    task = asyncio.create_task(tidy({every_s}))
    yield
    task.cancel()

app = st.App("page.py", routes=[Route("/files", tell)], lifespan=tidied)
"""
TABS = 12


def held(address):
    return int(ask(address, "/files")[2])


@pytest.mark.parametrize(("every_s", "given_back"), [(0.1, True), (1e6, False)])
def test_tabs_that_left_give_their_files_back(tmp_path, monkeypatch, every_s, given_back):
    script = tmp_path / "serve.py"
    script.write_text(SERVER.format(root=str(harness.ROOT), every_s=every_s), encoding="utf-8")
    script.with_name("page.py").write_text("import streamlit as st\n", encoding="utf-8")
    monkeypatch.setenv("STREAMLIT_SERVER_DISCONNECTED_SESSION_TTL", "1")
    run = BackMsg()
    run.rerun_script.query_string = ""
    with harness.serve(script) as address:
        before = held(address)
        few = before + TABS  # the last tabs may stay until the next that leave
        wires = [open_socket(address, Origin=address)[0] for _ in range(TABS)]
        for wire in wires:
            wire.sendall(frame(run.SerializeToString()))
            wire.recv(1)
        assert held(address) >= before + 4 * TABS
        for wire in wires:
            wire.close()
        for _ in range(100 if given_back else 20):
            time.sleep(0.1)
            if held(address) <= few:
                break
        assert (held(address) <= few) is given_back
