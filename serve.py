"""The server: the app, with what its visitors would wait for made ready beside it."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st

from cnnlib.runs import service as runs
from cnnlib.ui import cache

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


app = st.App("app.py", lifespan=_warm)
