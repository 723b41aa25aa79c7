"""The page on convolution in one dimension: arrays, a walkthrough of them, and three methods."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlib.lessons.convolution_1d import ARRAYS, PLAYED, State, count
from cnnlib.ui import code_panel, take_away, walk_room
from cnnlib.ui.controls import put
from cnnlib.ui.fragment import fragment
from cnnlib.ui.given import given
from cnnlib.ui.page import Page, note
from cnnlib.ui.quoting import quoted

_KEY = "walk"
_PROSE = "Three methods, one operation. Change any number, point at any cell."


@fragment
def show() -> None:
    """Show the page."""
    page = Page(State)
    refused = walk_room.take_edit(_KEY, page.shown.operands, ARRAYS["a"].most)
    place = _controls(page)
    ours = given()
    state, told = page.good(ours)
    note(place, told, _PROSE)
    walks, remarks = state.walks()
    leading, step = walk_room.play(
        walks,
        page=page,
        key=_KEY,
        predict=state.predict,
        editable=state.operands,
        refused=refused,
    )
    if not state.predict:  # the line would give the answer away
        st.markdown(" ".join([state.law, count(walks), *map(quoted, remarks)]))
    code, take = st.columns(2)
    with code:
        code_panel.drawer(page, state, ours)
    with take:
        led = replace(state, lead=page.state().lead)
        take_away.show(leading, step, key="take", state=led, given=ours)


def _controls(page: Page[State]) -> DeltaGenerator:
    """Show the controls; return the place for a sentence about them."""
    top = st.container(key="heading")
    row = st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices")
    choices = row.container(horizontal=True, width="content", gap="small")
    with row:
        st.button("Swap a and b", on_click=_swap, args=(page,), key="swap")
        third = page.control("third")
        page.control("predict")
    with top:
        place = _arrays(page, third=third)
    with choices:
        page.control("operation")
        if third:
            signed = page.state().signed
            page.control("played", labels={word: signed(label) for word, label in PLAYED.items()})
        else:
            outputs = page.control("outputs")
            page.control("border", disabled=outputs == "valid")
    return place


def _arrays(page: Page[State], *, third: bool) -> DeltaGenerator:
    title, *places = st.columns([26, 26, 22, *([18] if third else []), 18], gap="small")
    title.markdown("#### Convolution in 1D")
    for place, name in zip(places, ("a", "b", "c") if third else ("a", "b"), strict=False):
        with place:
            page.control(name)
    with places[-1]:
        page.examples(key="example")
    return title.empty()


def _swap(page: Page[State]) -> None:
    state = page.state()
    put(page.take(a=state.b, b=state.a))
