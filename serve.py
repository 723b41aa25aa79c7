"""The server: the app, with what its visitors would wait for made ready beside it."""

import asyncio
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from cnnlib.lessons.listing import LESSONS
from cnnlib.runs import service as runs
from cnnlib.ui import cache
from cnnlib.ui.components import files
from cnnlib.ui.talks import wishes

# Below which path of its host it answers, with a slash before it if there is one.
BASE = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
# Many visitors' scripts share one interpreter with the loop that hears and answers all of them:
# it waits for its turn behind each, and a fifth of the usual turn makes a crowd's answers a
# quarter faster.
sys.setswitchinterval(0.001)
FIRST_PAGE_S = 4.0  # before a process gets ready to train: it takes a core for some seconds


@asynccontextmanager
async def _warm(_: st.App) -> AsyncIterator[None]:
    # Beside the server, not before it: the first page is sent while this goes on.
    Thread(target=cache.warm, daemon=True).start()
    later = asyncio.create_task(_ready_to_train())
    yield
    later.cancel()
    runs.close()


async def _ready_to_train() -> None:
    await asyncio.sleep(FIRST_PAGE_S)
    await asyncio.to_thread(runs.of_this_server)


async def _not_below(_: Request) -> Response:
    # Behind a cold link to a page, the browser first looks for the server below that page. A
    # "not found" would stand in its console as an error; any other answer but a yes will do.
    return Response(status_code=300)


app = st.App(
    "app.py",
    lifespan=_warm,
    routes=[
        files.route(BASE),
        WebSocketRoute(f"{BASE}{wishes.PATH}", wishes.tell),
        *(Route(f"{BASE}/{one.stem}/_stcore/{{asked}}", _not_below) for one in LESSONS),
    ],
)
