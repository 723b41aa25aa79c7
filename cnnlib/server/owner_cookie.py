"""The owner's cookie, set by the answer that brings a page, before the page opens a socket.

Two tabs that are opened at once each bring a new cookie. Each has a name of its own, so that
none takes the place of another. A browser sends the cookie that came first as the first, and
`ui/owner.py` believes the first one: so both tabs have the same owner, whichever came first.
"""

from secrets import token_hex, token_urlsafe

from starlette.datastructures import MutableHeaders
from starlette.requests import HTTPConnection
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from cnnlib.ui.owner import COOKIE, tokens

_A_YEAR_S = 365 * 24 * 60 * 60


class OwnerCookie:
    """Middleware that gives each browser a token, and renews the token with each page.

    Parameters
    ----------
    app : ASGIApp
    base : str
        The path below which the server answers: no other app of its host is told the token.
    """

    def __init__(self, app: ASGIApp, base: str) -> None:
        self._app = app
        self._path = base or "/"

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the cookie to an answer that brings a page."""
        if scope["type"] != "http" or not _asks_for_a_page(scope):
            await self._app(scope, receive, send)
            return
        lines = self._lines(scope)

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for line in lines:
                    headers.append("Set-Cookie", line)
            await send(message)

        await self._app(scope, receive, say)

    def _lines(self, scope: Scope) -> list[str]:
        found = list(tokens(HTTPConnection(scope).cookies).items())
        name, token = found[0] if found else (f"{COOKIE}_{token_hex(4)}", token_urlsafe(24))
        # A link from another site brings the cookie too; otherwise each such link would add one.
        rules = f"Path={self._path}; HttpOnly; SameSite=Lax"
        if scope["scheme"] == "https":
            rules += "; Secure"
        kept = f"{name}={token}; Max-Age={_A_YEAR_S}; {rules}"
        return [kept, *(f"{other}=; Max-Age=0; {rules}" for other, _ in found[1:])]


def _asks_for_a_page(scope: Scope) -> bool:
    wanted = HTTPConnection(scope).headers.get("accept", "")
    return scope["method"] == "GET" and "text/html" in wanted
