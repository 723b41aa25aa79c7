"""The page on classic kernels: a picture, a kernel, the result, and what one output is made of."""

from dataclasses import replace
from typing import Any

import streamlit as st

from cnnlib.kernels import KERNELS
from cnnlib.lessons.fields import sentence
from cnnlib.lessons.given import Given
from cnnlib.lessons.kernels import FIRST, State
from cnnlib.ui.components import magnifier
from cnnlib.ui.controls import get, put
from cnnlib.ui.fragment import fragment
from cnnlib.ui.given import as_linked, given
from cnnlib.ui.page import Page, note
from cnnlib.ui.pages import kernel_drawers, picture
from cnnlib.ui.quoting import quoted

_KEY = "magnifier"
_PROSE = "Point at the picture: the window, the products, their sum and the output follow."


@fragment
def show() -> None:
    """Show the page."""
    page = Page(State)
    refused = _take_typed()
    if chosen := magnifier.place(_KEY):
        page.keep(at=f"{chosen[0]}.{chosen[1]}")
    place, ours = _controls(page)
    state, told = page.good(ours)
    note(place, told, quoted(ours.picture(state.source)[1]) or _PROSE)
    filtered = state.filtered(ours)
    magnifier.show(
        filtered.view(),
        filtered.at,
        key=_KEY,
        most=FIRST.columns,
        editable=not state.two,
        note=refused,
    )
    st.markdown(state.about(filtered))
    kernel_drawers.show(page, state, filtered, ours)


def _take_typed() -> str:
    """Take over what was typed into the grid; return why it was refused, if it was."""
    text = magnifier.typed(_KEY)
    if text is None:
        return ""
    try:
        FIRST.numbers(text)
    except ValueError as error:
        return sentence(error)
    put(kernel=text)
    return ""


def _controls(page: Page[State]) -> tuple[Any, Given]:
    """Show the controls; return the place for a sentence, and the picture that is worked on."""
    with st.container(key="heading"):
        title, source, preset, weights, second = st.columns([26, 17, 22, 22, 22], gap="small")
    title.markdown("#### Classic kernels")
    with source:
        wanted = page.control("source", "list")
    with weights:
        page.control("kernel")
    with preset:
        _presets(page)
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        for name in ("shown", "channels", "borders"):
            page.control(name)
        two = page.control("two")
        own, remark = picture.own(wanted, "own")
    with second:
        page.control("second", disabled=not two)
    ours = given() if wanted == "drawing" else as_linked()
    return title.empty(), replace(ours, picture_brought=own, picture_note=remark)


def _presets(page: Page[State]) -> None:
    """Offer the classic kernels by name; the one whose weights stand in the field is chosen."""

    def open_chosen() -> None:
        if name := get("preset"):
            put(page.keys(**State.examples[name].fields))

    put(preset=page.state().name)
    st.selectbox(
        "Classic kernels",
        list(KERNELS),
        index=None,
        key="preset",
        format_func=lambda name: KERNELS[name].title,
        placeholder="Your own",
        on_change=open_chosen,
    )
