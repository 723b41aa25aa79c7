"""The learner's own picture: their drawing, a file or the camera's."""

import streamlit as st

from cnnlib.drawings.pictures import Picture, decode
from cnnlib.ui.session import visit
from cnnlib.ui.uploads import take


def own(source: str, key: str) -> tuple[Picture | None, str]:
    """Show how a picture is brought, where a source asks for one.

    Parameters
    ----------
    source : str
        One of `lessons.pictures.SOURCES`. "upload" and "camera" show their own control.
    key : str

    Returns
    -------
    picture : Picture or None
        The picture that was uploaded or taken.
    note : str
        A sentence about what was done to the picture, or why there is none.
    """
    if source == "drawing" and not visit().drawing:
        return None, "Nothing is drawn yet: draw on the page “Draw a digit”, then come back."
    if source not in ("upload", "camera"):
        return None, ""
    if source == "upload":
        with st.popover("Choose a file"):
            file = st.file_uploader("Picture file", key=f"{key}.file", label_visibility="collapsed")
    else:
        with st.popover("Take a picture"):
            file = st.camera_input("Camera", key=f"{key}.camera", label_visibility="collapsed")
    if file is None:
        return None, "No picture yet: here is the house."
    here = visit()
    if here.upload is None or here.upload[0] != file.file_id:
        # A file is decoded once, not again for each control that is touched.
        here.upload = file.file_id, *_decoded(take(file))
    return here.upload[1:]


def _decoded(data: bytes) -> tuple[Picture | None, str]:
    try:
        made = decode(data)
    except ValueError as error:
        return None, str(error)
    return made, " ".join(made.notes)
