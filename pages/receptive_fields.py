"""Receptive fields: what a unit at any depth sees of the picture, in theory and in effect."""

import streamlit as st

from cnnlib.ui import router, walk_room
from cnnlib.ui.controls import refusal
from cnnlib.ui.pages import stack, wiring
from cnnlib.ui.pages.lesson_fields import Setup

router.open_page()

OPENING = Setup()
LESSON = "receptive_fields"
PROSE = "Point at any cell, of any layer: what it reads, what it affects."
WIRED = "Sparse connections beside dense ones."


@st.fragment
def lesson():
    wanted, note = stack.controls(OPENING)
    if wanted is None:
        note.markdown(f":gray[:small[{WIRED}]]")
        wiring.show()
        return
    setup, trouble = walk_room.last_good(LESSON, wanted, Setup.check, OPENING)
    note.markdown(refusal(trouble) or f":gray[:small[{PROSE}]]")
    stack.show(setup, key="fields")


lesson()
