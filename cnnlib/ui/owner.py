"""Who this browser is: a random token in a cookie, the key to the runs and talks it has made.

Nobody signs in here. The token cannot be guessed, is never shown and stands in no link, and
whoever has it is the owner; so a visitor with another browser can watch and change nothing.
"""

import re
from secrets import token_urlsafe
from typing import TypeGuard

import streamlit as st

from cnnlib.ui.components import cookie
from cnnlib.ui.session import visit

COOKIE = "classroom_owner"
_KEY = "owner_cookie"


def owner() -> str:
    """Return this browser's token, which is known from the first run of a page on."""
    here = visit()
    # Two tabs that are opened at once each make a token: the browser keeps one, and tells it.
    told = st.session_state.get(_KEY, {}).get("value")
    if _is_token(told):
        here.owner = told
    elif not here.owner:
        sent = st.context.cookies.get(COOKIE)
        here.owner = sent if _is_token(sent) else token_urlsafe(24)
    return here.owner


def remember() -> None:
    """Have the browser keep the token, if a page has asked for it; called once a run."""
    if visit().owner and st.context.cookies.get(COOKIE) != owner():
        cookie.show(COOKIE, owner(), key=_KEY)


def _is_token(value: object) -> TypeGuard[str]:
    return isinstance(value, str) and re.fullmatch(r"[\w-]{32}", value, re.ASCII) is not None
