"""The page on convolution in two dimensions: arrays, a sweep, three methods, and puzzles."""

from dataclasses import replace

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlib.lessons.convolution_2d import ARRAYS, LETTERS, State, of_drawing, size
from cnnlib.ui import code_panel, take_away, walk_room
from cnnlib.ui.controls import put
from cnnlib.ui.fragment import fragment
from cnnlib.ui.given import given
from cnnlib.ui.page import Page
from cnnlib.ui.pages import puzzle
from cnnlib.ui.quoting import quoted, refusal
from cnnlib.ui.session import visit

_KEY = "walk2d"


@fragment
def show() -> None:
    """Show the page."""
    page = Page(State)
    operands = page.shown.operands
    edits = [
        walk_room.take_edit(_KEY, {operand: one}, ARRAYS[one[0]].most)
        for operand, one in operands.items()
    ]
    place, near = _controls(page)
    ours = given()
    state, told = page.good(ours)
    walks, remarks = state.walks()
    place.markdown(refusal(told) or size(walks[0], asked=state.asked, dilation=state.D))
    near.markdown(refusal(told))
    if state.opened:
        puzzle.show(page, state, ours)
    taken = puzzle.HEIGHT if state.opened else 0
    leading, step = walk_room.play(
        walks,
        page=page,
        key=_KEY,
        predict=state.asked,
        editable=state.operands,
        equation=False,
        # Notes and a question each take one line more above the figure, and a puzzle takes two.
        height=284 - 22 * bool(walks[0].notes) - 40 * state.asked - taken,
        whole=bool(state.opened) and not state.asked,
        refused=next(filter(None, edits), None),
    )
    st.markdown(" ".join([*map(quoted, remarks), f":small[{LETTERS}]"]))
    code, take = st.columns(2)
    with code:
        if state.letters:
            st.caption("The code needs numbers: switch letters off to see the code.")
        code_panel.drawer(page, state, ours)
    with take:
        led = replace(state, lead=page.state().lead)
        take_away.show(leading, step, key="take2d", state=led, given=ours)


def _controls(page: Page[State]) -> tuple[DeltaGenerator, DeltaGenerator]:
    """Show the controls; return the places for a sentence, above and beside the arrays."""
    with st.container(key="heading"):
        title, *places, last = st.columns([44, 11, 11, 11, 23], gap="small")
    title.markdown("#### Convolution in 2D")
    above = title.empty()
    with last:
        page.examples(key="example2d")
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        page.control("operation")
        outputs = page.control("outputs")
        page.control("border", disabled=outputs == "valid")
        with st.popover("Arrays"):
            page.control("A", "area")
            page.control("B", "area")
            st.caption("A line or ; for each row; or paste from a spreadsheet, here or in a cell.")
            near = st.empty()
        st.button("Use my drawing", on_click=_use_drawing, args=(page,), key="drawn")
        lettered = page.control("letters")
        page.control("predict", disabled=lettered)
    for place, name in zip(places, "PSD", strict=True):
        with place:
            page.control(name, disabled=name == "P" and outputs != "number")
    return above, near


def _use_drawing(page: Page[State]) -> None:
    try:
        put(page.take(A=of_drawing(visit().drawing), letters=False))
    except ValueError:
        st.toast("Nothing is drawn yet: draw a digit on the page “Draw a digit”, then come back.")
