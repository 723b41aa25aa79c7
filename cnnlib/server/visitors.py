"""The address of a request, and the browser that sent it."""

from starlette.requests import HTTPConnection
from starlette.types import Scope

from cnnlib.allowance import network_of
from cnnlib.ui.owner import tokens


def address(scope: Scope) -> str:
    """Return the address that a request comes from; "" where the server was not told.

    The server behind this takes `X-Forwarded-For` from the proxies that it trusts, and from
    nobody else (`FORWARDED_ALLOW_IPS`).
    """
    return network_of((scope.get("client") or ("",))[0])


def owner(scope: Scope) -> str:
    """Return the token of the browser that sent a request; "" if it has none yet."""
    return next(iter(tokens(HTTPConnection(scope).cookies).values()), "")
