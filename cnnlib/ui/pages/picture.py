"""Which picture a lesson works on: a sample, the learner's drawing, a file or the camera."""

import streamlit as st

from cnnlib.data import scenes
from cnnlib.drawings.pictures import Picture, decode
from cnnlib.ui import cache
from cnnlib.ui.session import visit

SOURCES = {
    "scene": "House, 280×320",
    "card": "Test card",
    "digits": "Digits",
    "drawing": "My drawing",
    "upload": "Upload …",
    "camera": "Camera …",
}


def choose(key: str) -> str:
    """Show the choice of pictures, kept in the link, and return it."""
    return st.selectbox(
        "Picture", list(SOURCES), key=key, format_func=SOURCES.__getitem__, bind="query-params"
    )


def picture(source: str, key: str) -> tuple[Picture, str]:
    """Return the picture that is worked on, and a sentence about it, or why it is another one.

    Parameters
    ----------
    source : str
        One of `SOURCES`. "upload" and "camera" show their own control.
    key : str
    """
    opening = cache.sample_picture("scene")
    if source == "drawing":
        here = visit().drawing
        if here:
            return Picture(scenes.drawn(here)), ""
        return opening, "Nothing is drawn yet: draw on the page “Draw a digit”, then come back."
    if source not in ("upload", "camera"):
        return cache.sample_picture(source), ""
    if source == "upload":
        with st.popover("Choose a file"):
            file = st.file_uploader("Picture file", key=f"{key}.file", label_visibility="collapsed")
    else:
        with st.popover("Take a picture"):
            file = st.camera_input("Camera", key=f"{key}.camera", label_visibility="collapsed")
    if file is None:
        return opening, "No picture yet: here is the house."
    try:
        made = _decoded(file.file_id, file.getvalue())
    except ValueError as error:
        return opening, str(error)
    return made, " ".join(made.notes)


def _decoded(name: str, data: bytes) -> Picture:
    """Decode a file once, not again for each control that is touched."""
    here = visit()
    if here.upload is None or here.upload[0] != name:
        here.upload = None
        here.upload = name, decode(data)
    return here.upload[1]
