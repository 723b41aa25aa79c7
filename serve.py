"""The server: the app, with what its visitors would wait for made ready beside it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route

from cnnlib.runs import service as runs
from cnnlib.ui import cache
from cnnlib.ui.lessons import LESSONS
from cnnlib.ui.wishes import ROUTE as WISHES

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
    routes=[WISHES, *(Route(f"/{one.stem}/_stcore/{{asked}}", _not_below) for one in LESSONS)],
)
