"""Convolution in one dimension: three methods, one cursor."""

from dataclasses import replace

import streamlit as st

from cnnlib.ui import lesson_1d, router, take_away, walk_room
from cnnlib.ui.components import player
from cnnlib.ui.lesson_1d import MOST, PLAYED, Setup
from cnnlib.ui.session import visit
from cnnlib.walkthroughs.examples import ONE_DIMENSION

router.open_page()

OPENING = Setup()
LESSON = "convolution_1d"
KEY = "walk"
PADDING = {"zero": "Zeros", "reflect": "Mirror", "edge": "Edge", "circular": "Circular"}


def swap():
    state = st.session_state
    state["a"], state["b"] = state["b"], state["a"]


def open_example():
    example = ONE_DIMENSION.get(st.session_state["example"])
    if example:
        st.session_state["a"], st.session_state["b"] = example.a.to_text(), example.b.to_text()
        st.session_state["keep"] = example.options.get("padding", "full")
        st.session_state["op"] = example.options.get("operation", "convolution")
    st.session_state["example"] = None


def controls():
    """Show the controls and return what they say."""
    bound = {"bind": "query-params"}
    title, a, b, third, examples = st.columns([26, 24, 20, 18, 18], gap="small")
    title.markdown("#### Convolution in 1D")
    title.caption("Three methods, one operation. Change any number; point at any cell.")
    a.text_input("Input a", OPENING.a, key="a", **bound)
    b.text_input("Kernel b", OPENING.b, key="b", **bound)
    c = st.session_state.get("third", False)
    third.text_input("Third array c", "1,-1", key="c", disabled=not c, **bound)
    examples.selectbox(
        "Examples",
        [name for name in ONE_DIMENSION if name != "stride"],
        index=None,
        key="example",
        format_func=lambda name: ONE_DIMENSION[name].title,
        placeholder="Open one",
        on_change=open_example,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        flips = st.segmented_control(
            "Operation",
            ["convolution", "cross-correlation"],
            default="convolution",
            required=True,
            format_func=str.capitalize,
            key="op",
            label_visibility="collapsed",
            **bound,
        )
        keep = st.segmented_control(
            "Outputs",
            ["full", "same", "valid"],
            default="full",
            required=True,
            format_func=str.capitalize,
            key="keep",
            label_visibility="collapsed",
            **bound,
        )
        pad = st.segmented_control(
            "Padding",
            list(PADDING),
            default="zero",
            required=True,
            format_func=PADDING.get,
            key="pad",
            label_visibility="collapsed",
            disabled=keep == "valid",
            **bound,
        )
        st.button("Swap a and b", on_click=swap, key="swap")
        st.toggle("Third array", key="third", **bound)
        st.toggle("Predict", key="predict", **bound)
    state = st.session_state
    return Setup(state["a"], state["b"], state["c"] if c else None, flips, keep, pad)


@st.fragment
def lesson():
    shown = visit().good.get(LESSON, OPENING)
    refused = walk_room.take_edit(KEY, shown.operands, MOST)
    wanted = controls()
    if wanted.c is not None:
        names = st.segmented_control(
            "Play",
            PLAYED,
            default=PLAYED[0],
            required=True,
            format_func=wanted.signed,
            key="play",
            label_visibility="collapsed",
            bind="query-params",
        )
        wanted = replace(wanted, played=names)
    setup = walk_room.last_good(
        LESSON, wanted, lambda s: (s.walk(walk_room.METHODS[0]), s.law), OPENING
    )
    walks, remarks = walk_room.tell(setup.walk)
    step, lead = walk_room.keep_cursor(KEY)
    lead = min(lead, len(walks) - 1)
    player.show(
        walks,
        key=KEY,
        predict=st.session_state["predict"],
        step=step,
        lead=lead,
        editable=setup.operands,
        refused=refused,
    )
    for remark in remarks:
        st.caption(remark)
    st.markdown(setup.law)
    code, take = st.columns(2)
    with code:
        lesson_1d.show_code(setup, walks[0], key="code")
    with take:
        take_away.show(walks[lead], min(step or 0, len(walks[lead].steps) - 1), key="take")


lesson()
