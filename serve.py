"""The server: the app, with its libraries loaded before the first visitor has to wait for them."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from threading import Thread

import streamlit as st

from cnnlib.ui import cache


@asynccontextmanager
async def _warm(_: st.App) -> AsyncIterator[None]:
    # Beside the server, not before it: the first page is sent while this goes on.
    Thread(target=cache.warm, daemon=True).start()
    yield


app = st.App("app.py", lifespan=_warm)
