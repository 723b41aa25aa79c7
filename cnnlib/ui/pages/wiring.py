"""The part of the page on receptive fields where connections are sparse beside dense."""

from functools import partial

import streamlit as st

from cnnlib.figures.svg import to_svg
from cnnlib.lessons.given import Given
from cnnlib.lessons.receptive_fields import State
from cnnlib.ui import code_panel, guessing, take_away
from cnnlib.ui.page import Page
from cnnlib.ui.take_away import Offer, offer, pictures, theme


def controls(page: Page[State]) -> None:
    """Show which units and which connections there are to choose."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        page.control("figure")
        page.control("number", width=130)
        page.control("kernel", width=130)
        page.control("predict")


def show(page: Page[State], state: State, given: Given) -> None:
    """Show both wirings, their code and their files."""
    wires = state.wires
    if state.predict and not guessing.asked(
        state.questions(given),
        key=f"guess.{wires.figure}.{wires.unit}.{wires.stack.stages}",
        hidden="the connections stay hidden",
    ):
        return
    st.markdown(state.told(given))
    offers: dict[str, Offer] = {}
    with st.container(key="wiring"):
        columns = st.columns(2)
    for column, name in zip(columns, ("sparse", "dense"), strict=True):
        draw = partial(wires.scene, theme(), dense=name == "dense")
        column.image(to_svg(draw()), width="stretch", alt=wires.story())
        offers |= pictures(draw, f", {name}")
    code, take = st.columns(2)
    with code:
        code_panel.drawer(page, state, given)
    with take:
        table = take_away.table(lambda: wires.table)
        offer("connections", offers | table, key="take_wires")
