"""Pooling: one number for each window, nothing learned, and what a small shift still changes."""

import streamlit as st

from cnnlib.ui import router, take_away, walk_room
from cnnlib.ui.controls import choice, examples, refusal, whole
from cnnlib.ui.pages import lesson_pooling
from cnnlib.ui.pages import shift as shift_room
from cnnlib.ui.pages.lesson_pooling import KINDS, MOST, Setup
from cnnlib.ui.session import visit
from cnnlib.walkthroughs.examples import POOLED

router.open_page()

OPENING = Setup()
LESSON = "pooling"
KEY = "poolwalk"
PROSE = "Each map on its own, nothing is learned. Marked: winners."
VIEWS = ("numbers", "drawing")


def controls():
    """Show the controls; return what they say, the view, and the place for a sentence."""
    with st.container(key="heading"):
        title, first, second = st.columns([34, 44, 22], gap="small")
    title.markdown("#### Pooling")
    row = st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="choices")
    with row:
        view = choice("View", VIEWS, "pool_view")
        kind = choice("Pooling", tuple(KINDS), "pool")
        size = whole("Window", 1, 6, OPENING.size, "pool_k", width=130)
        stride = whole("Stride", 1, 6, OPENING.stride, "pool_s", width=130)
        padding = whole("Padding", 0, 3, OPENING.padding, "pool_p", width=130)
        st.toggle("Predict", key="predict_pool", bind="query-params")
    text = OPENING.a
    if view == "numbers":
        text = first.text_input(
            "Map, rows by semicolons", OPENING.a, key="map", bind="query-params"
        )
        with second:
            titles = {name: title for name, (title, _) in POOLED.items()}
            examples(titles, lambda name: {"map": POOLED[name][1]}, "pooled")
    else:
        with first:
            shift = st.container(horizontal=True, gap="medium")
        with shift:
            st.slider("Shift right, in pixels", -4, 4, 1, key="right", bind="query-params")
            st.slider("Shift down, in pixels", -4, 4, 0, key="down", bind="query-params")
        with second:
            whole("Map", 0, 11, 0, "channel")
    return Setup(text, kind, size, stride, padding), view, title.empty()


def numbers_view(setup, refused):
    walk = setup.walk()
    _, step = walk_room.play(
        [walk],
        key=KEY,
        predict=st.session_state["predict_pool"],
        editable={"input"},
        equation=False,
        height=284,
        refused=refused,
    )
    st.markdown(setup.count(walk))
    code, take = st.columns(2)
    with code:
        lesson_pooling.show_code(setup, walk, key="code_pool")
    with take:
        take_away.show(walk, step, key="take_pool")


@st.fragment
def lesson():
    shown = visit().good.get(LESSON, OPENING)
    refused = walk_room.take_edit(KEY, {"input": ("map", shown.a)}, MOST)
    wanted, view, note = controls()
    setup, trouble = walk_room.last_good(LESSON, wanted, Setup.walk, OPENING)
    note.markdown(refusal(trouble) or f":gray[:small[{PROSE}]]")
    if view == "numbers":
        numbers_view(setup, refused)
    else:
        shift = (st.session_state[key] for key in ("down", "right", "channel"))
        shift_room.show(setup, *shift, predict=st.session_state["predict_pool"])


lesson()
