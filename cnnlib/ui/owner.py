"""The browser's identity: a random token in a cookie, the key to the runs and talks made with it.

Nobody signs in here. The token cannot be guessed, is never shown and stands in no link, and a
browser with the token is the owner; so a visitor with another browser can watch but change nothing.
`serve.py` has the browser keep the token. Without that server a token lasts as long as a tab.
"""

import re
from collections.abc import Mapping
from secrets import token_urlsafe

import streamlit as st

from cnnlib.allowance import network_of
from cnnlib.ui.session import visit

COOKIE = "classroom_owner"  # the name of the cookie, or its beginning before an underscore


def owner() -> str:
    """Return this browser's token, which is known from the first run of a page on."""
    here = visit()
    if not here.owner:
        here.owner = next(iter(tokens(st.context.cookies).values()), "") or token_urlsafe(24)
    return here.owner


def address() -> str:
    """Return the address by which this visitor is counted; "" on the server's own machine."""
    return network_of(st.context.ip_address or "")


def tokens(cookies: Mapping[str, str]) -> dict[str, str]:
    """Return the cookies that hold a token, in the order in which the browser sent them."""
    return {
        name: value
        for name, value in cookies.items()
        if re.fullmatch(rf"{COOKIE}(_[0-9a-f]{{8}})?", name)
        and re.fullmatch(r"[\w-]{32}", value, re.ASCII)
    }
