"""Classic kernels: a picture, a kernel, the result, and every product under the pointer."""

import streamlit as st

from cnnlib.kernels import KERNELS
from cnnlib.ui import router, walk_room
from cnnlib.ui.components import magnifier
from cnnlib.ui.controls import choice, put
from cnnlib.ui.pages import kernel_drawers, lesson_kernels
from cnnlib.ui.pages import picture as picture_room
from cnnlib.ui.pages.lesson_kernels import BORDERS, CHANNELS, MOST, SHOWN, Setup

router.open_page()

LESSON = "kernels"
KEY = "magnifier"
PROSE = "Point at the picture: the window, the products, their sum and the output follow."


def open_preset():
    name = st.session_state["preset"]
    if name:
        kernel = KERNELS[name]
        put(kernel=kernel.text, shown="signed" if kernel.is_signed else "clip")


def open_figure():
    kernel = KERNELS["difference"].text
    put(picture="scene", kernel=kernel, shown="signed", borders="none", two=False)


def take_typed():
    """Take over what was typed into the grid; return why it was refused, if it was."""
    text = magnifier.typed(KEY)
    if text is None:
        return ""
    try:
        walk_room.operand(text, MOST, dimensions=2)
    except ValueError as error:
        return walk_room.sentence(error)
    put(kernel=text)
    return ""


def controls():
    """Show the controls; return the setup that they ask for, and the place for a sentence."""
    with st.container(key="heading"):
        title, source, preset, weights, second = st.columns([26, 17, 22, 22, 22], gap="small")
    title.markdown("#### Classic kernels")
    with source:
        name = picture_room.choose("picture")
    opening = KERNELS["sobel"]
    weights.text_input("Kernel v", opening.text, key="kernel", bind="query-params")
    put(preset=named(st.session_state["kernel"]))
    preset.selectbox(
        "Classic kernels",
        list(KERNELS),
        index=None,
        key="preset",
        format_func=lambda key: KERNELS[key].title,
        placeholder="Your own",
        on_change=open_preset,
    )
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        shown = choice("Show", SHOWN, "shown")
        channels = choice("Channels", CHANNELS, "channels")
        borders = choice("Borders", BORDERS, "borders", format_func=BORDERS.get)
        two = st.toggle("Second kernel", key="two", bind="query-params")
        picture, remark = picture_room.picture(name, "own")
    second.text_input(
        "Then kernel w", "1,1;1,1", key="second", disabled=not two, bind="query-params"
    )
    text = st.session_state["kernel"]
    then = st.session_state["second"] if two else None
    return Setup(picture, text, then, borders, shown, channels), title.empty(), remark


def named(text):
    """Return the name of the kernel that was typed, if it has one."""
    return next((name for name, kernel in KERNELS.items() if kernel.text == text), None)


@st.fragment
def lesson():
    note = take_typed()
    wanted, head, remark = controls()
    setup, trouble = walk_room.last_good(LESSON, wanted, Setup.check, Setup(wanted.picture))
    head.caption(f":red[{trouble}]" if trouble else remark or PROSE)
    at = lesson_kernels.keep_place(setup, KEY)
    magnifier.show(setup.view(), at, key=KEY, most=MOST[0], editable=not setup.second, note=note)
    st.markdown(lesson_kernels.about(setup, named(setup.first)))
    kernel_drawers.show(setup, at, open_figure)


lesson()
