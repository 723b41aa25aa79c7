"""Where reports about a server go, if its keeper says so: `/.well-known/security.txt`."""

import re
from datetime import UTC, datetime, timedelta

from starlette.requests import Request
from starlette.responses import PlainTextResponse, Response
from starlette.routing import Route

CONTACT = "CNN_CLASSROOM_CONTACT"  # an environment variable: where reports go
_HOLDS = timedelta(days=30)  # because the form asks for a day after which nobody relies on it


def route(base: str, contact: str) -> list[Route]:
    """Return the route below the path at which the server answers, or none without a contact.

    Raises
    ------
    ValueError
        If the contact is no address.
    """
    if not contact:
        return []
    if not re.fullmatch(r"(mailto:|https://)[!-~]+", contact):
        raise ValueError(f"{contact!r} is no address: write it as mailto:a@b.org or https://b.org")

    async def answer(_: Request) -> Response:
        until = (datetime.now(UTC) + _HOLDS).strftime("%Y-%m-%dT00:00:00Z")
        return PlainTextResponse(f"Contact: {contact}\nExpires: {until}\n")

    return [Route(f"{base}/.well-known/security.txt", answer)]
