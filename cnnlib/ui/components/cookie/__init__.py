"""One cookie: written where the browser has none of that name, told of where it has."""

import streamlit as st

from cnnlib.ui.components import register

_mount = register("cookie")


def show(name: str, value: str, *, key: str) -> None:
    """Write the cookie; where the browser has another one, the component says its `value`."""
    # Nobody else on this host is told of it.
    path = "/" + (st.get_option("server.baseUrlPath") or "").strip("/")
    _mount({"name": name, "value": value, "path": path}, key=key)
