"""The page where talks are chosen, made and taken along."""

import streamlit as st

from cnnlib.ui import present, talk_shelf
from cnnlib.ui.controls import refusal
from cnnlib.ui.lessons import LESSONS


def show() -> None:
    """Show the page; in the middle of a talk, say that its beat has no lesson here."""
    here = present.place()
    if here.beat and here.beat.lesson not in {lesson.stem for lesson in LESSONS}:
        st.markdown(refusal(f"There is no lesson “{here.beat.lesson}” in this version: go on."))
        return
    st.markdown("#### Talks")
    for talk_id, talk in talk_shelf.shipped().items():
        first = present.Place(talk_id, talk, 0).link(1)
        st.markdown(f"[{refusal(talk.title)}]({first})")
