"""Browser components: each a folder with its HTML, CSS and JavaScript, and a thin wrapper.

A component's own files are fixed text; a learner's texts and numbers go in through `data` only.
"""

import json
import struct
import zlib
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

import streamlit as st

from cnnlib.ui import heard, inside
from cnnlib.ui.components import files

_SMALL = 400  # bytes below which deflating hardly helps
_LARGE = 65_536  # bytes beyond which deflating thoroughly takes longer than sending


def register(name: str) -> Callable[..., None]:
    """Register the component in the folder `name` and return its mounting command.

    The first mount tells Streamlit of the component, because the server is known by then.

    Returns
    -------
    callable
        `mount(data, *, key, body=b"", lasting=False)` shows the component under `key`. Its
        JavaScript gets `data`, a dict for JSON, and `body`. The component's words count until
        another link is opened, or longer where `lasting` is true.
    """

    @cache
    def place() -> Callable[..., Any]:
        html, css, js = files.given(name)
        return st.components.v2.component(f"classroom.{name}", html=html, css=css, js=js)

    def mount(data: dict[str, Any], *, key: str, body: bytes = b"", lasting: bool = False) -> None:
        letter = heard.here().letter(key, lasting=lasting)
        place()(data=pack(data | {"letter": letter}, body), key=key)

    return mount


def said(key: str, name: str) -> Any:
    """Return the component's last new event of that name, or None.

    An event is returned in one run only, however often it arrives. Ask before the component is
    mounted, and act on the event before any call of Streamlit's, because such a call may end the
    run.
    """
    events = all_said(key, name)
    return events[-1] if events else None


def all_said(key: str, name: str) -> list[Any]:
    """Return all new events of that name, in order."""
    return heard.here().mailbox.read(key, name)


def last_said(key: str, name: str) -> Any:
    """Return the last event of that name since the link was opened, even if told before."""
    return heard.here().mailbox.latest(key, name)


def kept(key: str, name: str, *, ever: bool = False) -> Any:
    """Return the state of that name which the component has kept since the link was opened.

    Parameters
    ----------
    key, name : str
    ever : bool
        Whether a state that was kept before the link was opened counts too.

    Returns
    -------
    object
        None where the component has kept none.
    """
    arrival, state = heard.here().mailbox.arrival, inside.recall(key)
    found = state.get(name) if isinstance(state, Mapping) else None
    if not isinstance(found, Mapping) or not (ever or found.get("arrival") == arrival):
        return None
    return found.get("value")


def pack(data: dict[str, Any], body: bytes = b"") -> bytes:
    """Return a component's packet: a byte that says whether the rest is deflated, JSON and body.

    Streamlit passes bytes on unchanged. Streamlit would search a dict for data frames, and load
    pandas for that: a third of a second for the first visitor, and memory for good.
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).encode()
    text += b" " * (-len(text) % 4)  # so that arrays in the body lie where a browser can read them
    plain = struct.pack("<I", len(text)) + text + body
    if len(plain) < _SMALL:
        return b"\0" + plain
    return b"\1" + zlib.compress(plain, 6 if len(plain) < _LARGE else 1)


def unpack(packet: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the data and the body of a packet."""
    plain = zlib.decompress(packet[1:]) if packet[0] else packet[1:]
    (length,) = struct.unpack("<I", plain[:4])
    return json.loads(plain[4 : 4 + length]), plain[4 + length :]
