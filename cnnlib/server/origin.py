"""Only pages of this server, or of hosts that its keeper names, may open sockets and upload.

Streamlit would ask a foreign host for this server's own address before it refuses a foreign
origin, and nobody would be answered meanwhile. So Streamlit never hears of a foreign origin: one
that is refused stops here, and one that is allowed goes on as the server's own.
"""

from collections.abc import Collection
from urllib.parse import urlsplit

from starlette.datastructures import Headers, MutableHeaders
from starlette.types import ASGIApp, Receive, Scope, Send

from cnnlib.server.refusal import refuse

_READS = ("GET", "HEAD", "OPTIONS")


class Origin:
    """Middleware that refuses sockets and uploads of pages of other hosts.

    Parameters
    ----------
    app : ASGIApp
    allowed : collection of str
        Further origins whose pages may do so, such as ``https://lms.example.org``.
    """

    def __init__(self, app: ASGIApp, allowed: Collection[str]) -> None:
        self._app = app
        self._allowed = frozenset(one.strip().rstrip("/") for one in allowed)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        changes = scope["type"] == "websocket" or (
            scope["type"] == "http" and scope["method"] not in _READS
        )
        origin = Headers(scope=scope).get("origin") if changes else None
        if origin is not None:
            host = Headers(scope=scope).get("host", "")
            if origin in self._allowed:
                scope = {**scope, "headers": list(scope["headers"])}
                MutableHeaders(scope=scope)["origin"] = f"http://{host}"
            elif not host or _host(origin) != host:
                told = "This page stands on another host: open the app at its own address."
                await refuse(scope, receive, send, 403, told)
                return
        await self._app(scope, receive, send)


def _host(origin: str) -> str:
    try:
        return urlsplit(origin).netloc
    except ValueError:
        return ""
