"""Browser components: each a folder with its HTML, CSS and JavaScript, and a thin wrapper.

A component's own files are fixed text; what a learner made goes in through `data` only.
"""

import json
import struct
import zlib
from collections.abc import Callable
from functools import cache
from typing import Any

import streamlit as st

from cnnlib.ui.components import files
from cnnlib.ui.session import visit

_SMALL = 400  # bytes that deflating would hardly make less
_LARGE = 65_536  # bytes beyond which deflating thoroughly takes longer than sending


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
    """Return what is sent to a component: whether it is deflated, the JSON and the body.

    Bytes go through Streamlit as they are. A dict would be searched for data frames first,
    which loads pandas: a third of a second for the first visitor, and its memory for good.
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
