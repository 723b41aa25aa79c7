"""Limits of links, of open sockets, and of uploads.

Each browser is counted by its cookie, and a stranger with made-up cookies by the address. A
lecture hall behind one address fits into the address's limits.
"""

from collections import Counter

from starlette.datastructures import Headers
from starlette.requests import ClientDisconnect
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnlib.allowance import Allowance
from cnnlib.server.refusal import refuse
from cnnlib.server.visitors import address, owner

LONGEST_LINK = 16_000  # bytes of a path with its query; a page's own links end at 6,000 letters
SOCKETS_OF_BROWSER = 64
SOCKETS_OF_ADDRESS = 1000
OPENED_S = 60.0  # sockets that are opened are counted for so long, because each makes a page
OPENED_OF_BROWSER = 120
OPENED_OF_ADDRESS = 2000
UPLOAD_S = 600.0  # uploads are counted for so long
UPLOADS_OF_BROWSER = 100 * 2**20  # bytes in that time
UPLOADS_OF_ADDRESS = 2 * 2**30  # a photograph or two of each of 200 people

_BUSY = 429
_TOO_MUCH = f"Too much was uploaded from here: try again in {UPLOAD_S / 60:.0f} minutes."


class Links:
    """Middleware that refuses links beyond all reason, before anything reads them."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, or refuse it."""
        if scope["type"] in ("http", "websocket"):
            length = len(scope.get("raw_path") or scope["path"]) + len(scope["query_string"])
            if length > LONGEST_LINK:
                told = f"The link has {length:,} bytes: use one of at most {LONGEST_LINK:,}."
                await refuse(scope, receive, send, 414, told)
                return
        await self._app(scope, receive, send)


class Sockets:
    """Middleware that counts the open sockets of each browser and each address."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._open: Counter[str] = Counter()
        self._opened = Allowance(OPENED_OF_ADDRESS, OPENED_S)
        self._opened_of_browser = Allowance(OPENED_OF_BROWSER, OPENED_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a socket on until it ends, or refuse it."""
        if scope["type"] != "websocket":
            await self._app(scope, receive, send)
            return
        mine, here = owner(scope), f"at {address(scope)}"
        full = mine and self._open[mine] >= SOCKETS_OF_BROWSER
        if full or self._open[here] >= SOCKETS_OF_ADDRESS:
            told = (
                f"This browser holds {SOCKETS_OF_BROWSER} connections: close some of its tabs."
                if full
                else f"This address holds {SOCKETS_OF_ADDRESS} connections: try again in a while."
            )
            await refuse(scope, receive, send, _BUSY, told)
            return
        if not self._opened.take(here) or (mine and not self._opened_of_browser.take(mine)):
            told = "Many connections were opened from here: try again in a minute."
            await refuse(scope, receive, send, _BUSY, told)
            return
        counted = (mine, here) if mine else (here,)
        self._open.update(counted)
        try:
            await self._app(scope, receive, send)
        finally:
            self._open.subtract(counted)
            for one in counted:
                if not self._open[one]:
                    del self._open[one]


class Uploads:
    """Middleware that counts the bytes that each browser and each address sends."""

    def __init__(self, app: ASGIApp) -> None:
        self._app = app
        self._of_browser = Allowance(UPLOADS_OF_BROWSER, UPLOAD_S)
        self._of_address = Allowance(UPLOADS_OF_ADDRESS, UPLOAD_S)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and refuse one that sends too much."""
        if scope["type"] != "http" or scope["method"] in ("GET", "HEAD", "OPTIONS", "DELETE"):
            await self._app(scope, receive, send)
            return
        counted = [(self._of_address, address(scope))]
        if mine := owner(scope):
            counted.append((self._of_browser, mine))
        said = Headers(scope=scope).get("content-length", "0")
        coming = int(said) if said.isascii() and said.isdecimal() and len(said) < 16 else 1
        if any(allowance.left(who) < coming for allowance, who in counted):
            await refuse(scope, receive, send, _BUSY, _TOO_MUCH)
            return
        cut = False

        async def hear() -> Message:
            nonlocal cut
            message = await receive()
            size = len(message.get("body", b""))
            taken = [allowance.take(who, size) for allowance, who in counted]
            cut = cut or not all(taken)
            return {"type": "http.disconnect"} if cut else message

        try:
            await self._app(scope, hear, send)
        except ClientDisconnect:
            if not cut:
                raise
            await refuse(scope, receive, send, _BUSY, _TOO_MUCH)
