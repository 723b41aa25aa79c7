"""The address of a request, and the browser that sent it."""

from ipaddress import IPv6Address, ip_address, ip_network

from starlette.requests import HTTPConnection
from starlette.types import Scope

from cnnlib.ui.owner import tokens


def address(scope: Scope) -> str:
    """Return the address that a request comes from; "" where the server was not told.

    The server behind this takes `X-Forwarded-For` from the proxies that it trusts, and from
    nobody else (`FORWARDED_ALLOW_IPS`). An IPv6 address stands for its whole network of 64 bits,
    because one visitor has all of them.
    """
    host = (scope.get("client") or ("",))[0]
    try:
        found = ip_address(host)
    except ValueError:
        return str(host)
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


def owner(scope: Scope) -> str:
    """Return the token of the browser that sent a request; "" if it has none yet."""
    return next(iter(tokens(HTTPConnection(scope).cookies).values()), "")
