"""Headers that keep a page to this server: nothing of another host, and no frame of one unasked.

Streamlit's page has one script in its text, which is allowed by its hash; its styles are made in
the browser, so styles are allowed in text. Components are modules that the browser makes up
(`blob:`), its own scripts compile WebAssembly, and pictures and fonts also come as `data:`.
"""

import base64
import hashlib
import re
from collections.abc import Iterable, Sequence

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

_INLINE = re.compile(r"<script>(.*?)</script>", re.DOTALL)
_ORIGIN = re.compile(r"https?://(\*\.)?[\w.-]+(:\d+)?", re.ASCII)


def frames(text: str) -> list[str]:
    """Return the origins of a setting that names them, with spaces between.

    Raises
    ------
    ValueError
        If one is no origin.
    """
    for one in text.split():
        if not _ORIGIN.fullmatch(one):
            raise ValueError(f"“{one:.60}” is no origin: write it as https://lms.example.org")
    return text.split()


def policy(page: str, ancestors: Sequence[str]) -> str:
    """Return the Content-Security-Policy for Streamlit's page.

    Parameters
    ----------
    page : str
        The page's HTML.
    ancestors : sequence of str
        Origins of other hosts whose pages may show this one in a frame.
    """
    rules = {
        "default-src": ["'self'"],
        "script-src": ["'self'", "blob:", "'wasm-unsafe-eval'", *_hashes(_INLINE.findall(page))],
        "style-src": ["'self'", "'unsafe-inline'"],
        "img-src": ["'self'", "data:", "blob:"],
        "media-src": ["'self'", "data:", "blob:"],
        "font-src": ["'self'", "data:"],
        "connect-src": ["'self'", "data:", "blob:"],
        "worker-src": ["'self'", "blob:"],
        "object-src": ["'none'"],
        "base-uri": ["'self'"],
        "form-action": ["'self'"],
        "frame-ancestors": ["'self'", *ancestors],
    }
    return "; ".join(f"{name} {' '.join(sources)}" for name, sources in rules.items())


def _hashes(scripts: Iterable[str]) -> list[str]:
    return [
        f"'sha256-{base64.b64encode(hashlib.sha256(one.encode()).digest()).decode()}'"
        for one in scripts
    ]


def _secured(name: bytes, value: bytes) -> tuple[bytes, bytes]:
    """Have a browser send a cookie over HTTPS alone; Streamlit does not know of the proxy's."""
    open_cookie = name.lower() == b"set-cookie" and b"; secure" not in value.lower()
    return name, value + b"; Secure" if open_cookie else value


class Headers:
    """Middleware that adds the headers to every answer.

    Parameters
    ----------
    app : ASGIApp
    policy : str
        The Content-Security-Policy.
    """

    def __init__(self, app: ASGIApp, policy: str) -> None:
        self._app = app
        self._lines = {
            "Content-Security-Policy": policy,
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "same-origin",
            "Permissions-Policy": "camera=(self), microphone=(), geolocation=()",
        }

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on, and add the headers to its answer."""

        async def say(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self._lines.items():
                    headers[name] = value
                if scope.get("scheme") == "https":
                    message["headers"] = [_secured(*one) for one in message["headers"]]
            await send(message)

        await self._app(scope, receive, say)
