"""Browser components: each a folder with its HTML, CSS and JavaScript, and a thin wrapper.

A component's own files are fixed text; what a learner made goes in through `data` only.
Its JavaScript may lie in several files, which are joined in the order of their names.
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
    folder = _HERE / name
    html, css = (_read(folder / f"{name}.{kind}") for kind in ("html", "css"))
    js = "".join(_read(path) for path in [_HERE / "shared.js", *sorted(folder.glob("*.js"))])
    return st.components.v2.component(f"classroom.{name}", html=html, css=css, js=js)


def _read(path: Path) -> str:
    # Streamlit sends these texts again with every packet of data: indentation and comments
    # that fill a line of their own stay here. No component writes text over several lines.
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = (line.strip() for line in lines if not line.lstrip().startswith("//"))
    return "\n".join(line for line in kept if line) + "\n"
