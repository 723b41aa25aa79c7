"""Convolution in one dimension: three methods, one cursor."""

from dataclasses import replace

import streamlit as st

from cnnlib.ui import router, take_away, walk_room
from cnnlib.ui.controls import PADDING, choice, examples, put, refusal
from cnnlib.ui.pages import lesson_1d
from cnnlib.ui.pages.lesson_1d import MOST, PLAYED, Setup
from cnnlib.ui.session import visit
from cnnlib.walkthroughs.examples import ONE_DIMENSION

router.open_page()

OPENING = Setup()
LESSON = "convolution_1d"
KEY = "walk"
PROSE = "Three methods, one operation. Change any number, point at any cell."


def swap():
    put(a=st.session_state["b"], b=st.session_state["a"])


def operands(third):
    """Show the arrays' controls; return the place for a sentence about them."""
    title, *places = st.columns([26, 26, 22, *([18] if third else []), 18], gap="small")
    title.markdown("#### Convolution in 1D")
    labels = {"a": "Input a", "b": "Kernel b"} | ({"c": "Third array c"} if third else {})
    defaults = {"a": OPENING.a, "b": OPENING.b, "c": "1,-1"}
    for place, (name, label) in zip(places, labels.items(), strict=False):
        place.text_input(label, defaults[name], key=name, bind="query-params")
    with places[-1]:
        titles = {name: one.title for name, one in ONE_DIMENSION.items() if name != "stride"}
        examples(titles, lambda name: lesson_1d.of_example(ONE_DIMENSION[name]), "example")
    return title.empty()


def controls():
    """Show the controls; return what they say, and the place for a sentence about it."""
    top = st.container(key="heading")
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices")
    choices = row.container(horizontal=True, width="content", gap="small")
    with row:
        st.button("Swap a and b", on_click=swap, key="swap")
        third = st.toggle("Third array", key="third", bind="query-params")
        st.toggle("Predict", key="predict", bind="query-params")
    with top:
        note = operands(third)
    state = st.session_state
    said = Setup(state["a"], state["b"], state["c"] if third else None)
    with choices:
        flips = choice("Operation", ["convolution", "cross-correlation"], "op")
        said = replace(said, operation=flips)
        if third:
            return replace(
                said, played=choice("Play", PLAYED, "play", format_func=said.signed)
            ), note
        keep = choice("Outputs", ["full", "same", "valid"], "keep")
        pad = choice("Padding", list(PADDING), "pad", format_func=PADDING.get)
    return replace(said, padding=keep, padding_mode=pad), note


@st.fragment
def lesson():
    shown = visit().good.get(LESSON, OPENING)
    refused = walk_room.take_edit(KEY, shown.operands, MOST)
    wanted, note = controls()
    setup, trouble = walk_room.last_good(LESSON, wanted, Setup.check, OPENING)
    if trouble:
        note.markdown(refusal(trouble))
    else:
        note.caption(PROSE)
    walks, remarks = walk_room.tell(setup.walk)
    predict = st.session_state["predict"]
    leading, step = walk_room.play(
        walks, key=KEY, predict=predict, editable=setup.operands, refused=refused
    )
    if not predict:  # it would tell what is still to be found out
        st.markdown(" ".join([setup.law, lesson_1d.count(walks), *remarks]))
    code, take = st.columns(2)
    with code:
        lesson_1d.show_code(setup, walks[0], key="code")
    with take:
        take_away.show(leading, step, key="take")


lesson()
