"""Browser components: each a folder with its HTML, CSS and JavaScript, and a thin wrapper.

A component's own files are fixed text; what a learner made goes in through `data` only.
"""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

_HERE = Path(__file__).parent


def register(name: str) -> Callable[..., Any]:
    """Register the component in the folder `name` and return its mounting command.

    Called at module import, once for each component: registering again while sessions are
    open would make every mounted instance reload.
    """
    html, css, js = (_read(f"{name}/{name}.{kind}") for kind in ("html", "css", "js"))
    return st.components.v2.component(
        f"classroom.{name}", html=html, css=css, js=_read("shared.js") + js
    )


def _read(path: str) -> str:
    return (_HERE / path).read_text(encoding="utf-8")
