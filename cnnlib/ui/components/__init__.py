"""Browser components: each a folder with its HTML, CSS and JavaScript, and a thin wrapper.

A component's own files are fixed text; what a learner made goes in through `data` only.
Its JavaScript may lie in several files, which are joined in the order of their names.
"""

import base64
import json
import struct
import zlib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st

from cnnlib.ui.session import visit

_HERE = Path(__file__).parent

# Streamlit sends a component's JavaScript again with every packet of data: deflated it is a third.
_UNPACKED = """
const bytes = Uint8Array.from(atob("{}"), (letter) => letter.charCodeAt(0));
const text = new Blob([bytes]).stream().pipeThrough(new DecompressionStream("deflate"));
const script = new Blob([await new Response(text).text()], {{ type: "text/javascript" }});
export default (await import(URL.createObjectURL(script))).default;
"""


def register(name: str) -> Callable[..., None]:
    """Register the component in the folder `name` and return its mounting command.

    Called at module import, once for each component: registering again while sessions are
    open would make every mounted instance reload.

    Returns
    -------
    callable
        `mount(data, *, key, body=b"")` shows the component under `key`. Its JavaScript gets
        `data`, a dict for JSON, as `component.data`, and `body` as `component.body`. With each
        new `arrival` in `data`, the link decides over what the component shows, not its past.
    """
    folder = _HERE / name
    html, css = (_read(folder / f"{name}.{kind}") for kind in ("html", "css"))
    js = "".join(_read(path) for path in [_HERE / "shared.js", *sorted(folder.glob("*.js"))])
    js = _UNPACKED.format(base64.b64encode(zlib.compress(js.encode(), 9)).decode())
    place = st.components.v2.component(f"classroom.{name}", html=html, css=css, js=js)

    def mount(data: dict[str, Any], *, key: str, body: bytes = b"") -> None:
        here = visit()
        here.mounted.add(key)
        place(data=pack(data | {"arrival": here.arrivals}, body), key=key)

    return mount


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


def _read(path: Path) -> str:
    # Streamlit sends these texts again with every packet of data: indentation and comments
    # that fill a line of their own stay here. No component writes text over several lines.
    lines = path.read_text(encoding="utf-8").splitlines()
    kept = (line.strip() for line in lines if not line.lstrip().startswith("//"))
    return "\n".join(line for line in kept if line) + "\n"
