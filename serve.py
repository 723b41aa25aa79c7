"""The server: it runs the app, and loads whatever the app's first visitors would wait for."""

import asyncio
import os
import sys
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path
from threading import Thread

import streamlit as st
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import Response
from starlette.routing import Route, WebSocketRoute

from cnnlib import log
from cnnlib.lessons.listing import LESSONS
from cnnlib.runs import service as runs
from cnnlib.server import contact, downloads, faults
from cnnlib.server.files import raise_limit
from cnnlib.server.headers import Headers, frames, policy
from cnnlib.server.health import Health, Metrics
from cnnlib.server.held import Held
from cnnlib.server.limits import Links, Sockets, Uploads
from cnnlib.server.memory import share_heap
from cnnlib.server.messages import Messages
from cnnlib.server.origin import Origin
from cnnlib.server.owner_cookie import OwnerCookie
from cnnlib.server.sessions import tidy
from cnnlib.ui import cache
from cnnlib.ui.components import files
from cnnlib.ui.talks import shelf, wishes

# The path of its host below which the server answers, with a slash before it; "" for none.
BASE = f"/{st.get_option('server.baseUrlPath').strip('/')}".rstrip("/")
# Many visitors' scripts share one interpreter with the loop that hears and answers all of them.
# The loop waits for its turn behind each script, so turns of a fifth of the usual length make a
# crowd's answers a quarter faster.
sys.setswitchinterval(0.001)
log.begin()
downloads.guard()
raise_limit()
share_heap()
PAGE = Path(st.__file__).parent / "static" / "index.html"
FRAMES = "CNN_CLASSROOM_FRAMES"  # an environment variable: origins that show the app in a frame
FIRST_PAGE_S = 4.0  # a process gets ready to train only then, because it takes a core for seconds


@asynccontextmanager
async def _warm(_: st.App) -> AsyncIterator[None]:
    # Libraries load in a thread, so that the first page can be sent meanwhile.
    Thread(target=cache.warm, daemon=True).start()
    tasks = [asyncio.create_task(one) for one in (_ready_to_train(), tidy())]
    yield
    for task in tasks:
        task.cancel()
    runs.close()
    shelf.close()


async def _ready_to_train() -> None:
    await asyncio.sleep(FIRST_PAGE_S)
    await asyncio.to_thread(runs.of_this_server)


async def _not_below(_: Request) -> Response:
    # Behind a cold link to a page, the browser first looks for the server below that page. A
    # "not found" would stand in its console as an error. Every other answer except a yes will do.
    return Response(status_code=300)


app = st.App(
    "app.py",
    lifespan=_warm,
    on_script_error=faults.tell,
    middleware=[
        Middleware(
            Headers, policy=policy(PAGE.read_text("utf-8"), frames(os.environ.get(FRAMES, "")))
        ),
        Middleware(Links),
        Middleware(Origin, allowed=st.get_option("server.corsAllowedOrigins")),
        Middleware(Metrics, base=BASE),
        Middleware(Sockets),
        Middleware(Messages, path=f"{BASE}/_stcore/stream"),
        Middleware(Uploads),
        Middleware(Held),
        Middleware(OwnerCookie, base=BASE),
    ],
    routes=[
        files.route(BASE),
        Health().route(BASE),
        *contact.route(BASE, os.environ.get(contact.CONTACT, "")),
        WebSocketRoute(f"{BASE}{wishes.PATH}", wishes.tell),
        *(Route(f"{BASE}/{one.stem}/_stcore/{{asked}}", _not_below) for one in LESSONS),
    ],
)
