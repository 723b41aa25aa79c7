"""Browser components: each a folder with its HTML, CSS and JavaScript, and a thin wrapper.

A component's own files are fixed text; what a learner made goes in through `data` only.
"""

import json
import struct
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from cnnlib.ui.components import files
from cnnlib.ui.session import visit


def register(name: str) -> Callable[..., None]:
    """Register the component in the folder `name` and return its mounting command.

    Streamlit is told of the component when it is mounted first: by then the server is known.

    Returns
    -------
    callable
        `mount(data, *, key, body=b"")` shows the component under `key`. Its JavaScript gets
        `data`, a dict for JSON, as `component.data`, and `body` as `component.body`. With each
        new `arrival` in `data`, the link decides over what the component shows, not its past.
    """

    @cache
    def place() -> Callable[..., Any]:
        html, css, js = files.given(name)
        return st.components.v2.component(f"classroom.{name}", html=html, css=css, js=js)

    def mount(data: dict[str, Any], *, key: str, body: bytes = b"") -> None:
        here = visit()
        here.mounted.add(key)
        place()(data=pack(data | {"arrival": here.arrivals}, body), key=key)

    return mount


def said(key: str, name: str) -> Any:
    """Return what the component under `key` said by `name`, or None. Ask before it is mounted."""
    return (st.session_state.get(key) or {}).get(name)


def pack(data: dict[str, Any], body: bytes = b"") -> bytes:
    """Return what is sent to a component: the length of the JSON, the JSON, and the body.

    Bytes go through Streamlit as they are. A dict would be searched for data frames first,
    which loads pandas: a third of a second for the first visitor, and its memory for good.
    """
    text = json.dumps(data, separators=(",", ":"), allow_nan=False).encode()
    return struct.pack("<I", len(text)) + text + body


def unpack(packet: bytes) -> tuple[dict[str, Any], bytes]:
    """Return the data and the body of a packet."""
    (length,) = struct.unpack("<I", packet[:4])
    return json.loads(packet[4 : 4 + length]), packet[4 + length :]
