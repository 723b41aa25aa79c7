"""The page on pooling: a map pooled window by window, or a drawing that moves."""

from typing import Any

import streamlit as st

from cnnlib.lessons.pooling import MAP, State
from cnnlib.ui import code_panel, take_away, walk_room
from cnnlib.ui.fragment import fragment
from cnnlib.ui.given import given
from cnnlib.ui.page import Page, note
from cnnlib.ui.pages import shift

_KEY = "poolwalk"
_PROSE = "Each map on its own, nothing is learned."
_MARKED = " Marked: winners."


@fragment
def show() -> None:
    """Show the page."""
    page = Page(State)
    refused = walk_room.take_edit(_KEY, {"input": ("map", page.shown.map)}, MAP.most)
    place = _controls(page)
    ours = given()
    state, told = page.good(ours)
    note(place, told, _PROSE + _MARKED * (state.kind == "max"))
    if state.view == "drawing":
        shift.show(page, state, ours)
        return
    walk = state.walk()
    _, step = walk_room.play(
        [walk],
        page=page,
        key=_KEY,
        predict=state.predict,
        editable={"input"},
        equation=False,
        height=284,
        refused=refused,
    )
    st.markdown(state.told(ours))
    code, take = st.columns(2)
    with code:
        code_panel.drawer(page, state, ours)
    with take:
        take_away.show(walk, step, key="take_pool", state=state, given=ours)


def _controls(page: Page[State]) -> Any:
    """Show the controls; return the place for a sentence."""
    with st.container(key="heading"):
        title, first, second = st.columns([34, 44, 22], gap="small")
    title.markdown("#### Pooling")
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small", key="choices"):
        view = page.control("view")
        page.control("kind")
        for name in ("size", "stride", "padding"):
            page.control(name, width=130)
        page.control("predict")
    if view == "numbers":
        with first:
            page.control("map")
        with second:
            page.examples(key="pooled")
    else:
        with first.container(horizontal=True, gap="medium"):
            page.control("right", "slider")
            page.control("down", "slider")
        with second:
            page.control("channel")
    return title.empty()
