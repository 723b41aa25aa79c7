"""Health for whoever keeps the server: alive, and its database too."""

import asyncio
from time import monotonic

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route
from starlette.types import ASGIApp, Receive, Scope, Send

from cnnlib import log
from cnnlib.runs import service as runs
from cnnlib.server.refusal import refuse
from cnnlib.server.visitors import address
from cnnlib.storage.database import RecordsError, data_folder, probe

KEPT_S = 2.0  # an answer holds for so long, because everybody may ask
_OWN = ("127.0.0.1", "::/64", "")


class Health:
    """The route `/healthz`: 200 and "ok", or 503 while runs and talks cannot be kept."""

    def __init__(self) -> None:
        self._told, self._until = "", 0.0
        self._asking = asyncio.Lock()

    def route(self, base: str) -> Route:
        """Return the route below the path at which the server answers."""
        return Route(f"{base}/healthz", self._answer)

    async def _answer(self, _: Request) -> Response:
        async with self._asking:
            if monotonic() >= self._until:
                self._told = await asyncio.to_thread(trouble)
                self._until = monotonic() + KEPT_S
        # The reason names folders of the server, so it stands in the log alone.
        told = "The database cannot be used: the server's log says why.\n" if self._told else "ok\n"
        return PlainTextResponse(
            told, 503 if self._told else 200, headers={"Cache-Control": "no-store"}
        )


def trouble() -> str:
    """Return why runs and talks cannot be kept, and log it; "" if they can."""
    try:
        told = runs.of_this_server().notice
        probe(data_folder())
    except RecordsError as error:
        told = str(error)
    if told:
        log.failed("the database", told)
    return told


class Metrics:
    """Middleware that shows Streamlit's metrics to this machine alone.

    Parameters
    ----------
    app : ASGIApp
    base : str
        The path below which the server answers.
    """

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app = app
        self._path = f"{base}/_stcore/metrics"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        asked = scope["type"] == "http" and scope["path"].rstrip("/") == self._path
        if asked and address(scope) not in _OWN:
            await refuse(
                scope, receive, send, 403, "Metrics are shown to the server's own machine."
            )
            return
        await self._app(scope, receive, send)
