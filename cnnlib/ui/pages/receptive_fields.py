"""The page on receptive fields: a stack is built and looked through, or connections are seen."""

import streamlit as st
from numpy.typing import NDArray
from streamlit.delta_generator import DeltaGenerator

from cnnlib.figures.panels import Panel
from cnnlib.lessons.fields import sentence
from cnnlib.lessons.given import Given
from cnnlib.lessons.receptive_fields import LETTERS, State, held
from cnnlib.ui import code_panel, guessing, take_away
from cnnlib.ui.components import maps
from cnnlib.ui.controls import get, put
from cnnlib.ui.fragment import fragment
from cnnlib.ui.given import given
from cnnlib.ui.page import Page, note
from cnnlib.ui.pages import wiring
from cnnlib.ui.quoting import quoted

_KEY = "fields"
_PROSE = "Point at any cell, of any layer: what it reads, what it affects."
_WIRED = "Sparse connections beside dense ones."
_NUMBERS = {
    "k": ("Kernel", 1, 11, 3),
    "s": ("Stride", 1, 8, 1),
    "p": ("Padding", 0, 8, 0),
    "d": ("Dilation", 1, 8, 1),
}


@fragment
def show() -> None:
    """Show the page."""
    page = Page(State)
    chosen, cell = maps.take_choice(_KEY)
    if chosen and (cell is None or cell.panel < len(page.shown.stack.sizes)):
        page.keep(unit="" if cell is None else f"{cell.panel}.{cell.row}.{cell.column}")
    place = _controls(page)
    ours = given()
    state, told = page.good(ours)
    if state.view == "connections":
        note(place, told, _WIRED)
        wiring.show(page, state, ours)
        return
    note(place, told, _PROSE)
    _show_stack(page, state, ours)


def _controls(page: Page[State]) -> DeltaGenerator:
    """Show the controls; return the place for a sentence."""
    with st.container(key="heading"):
        title, layers, size, presets = st.columns([36, 34, 10, 20], gap="small")
    title.markdown("#### Receptive fields")
    place = title.empty()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        view = page.control("view")
        if view == "stack":
            _change(page)
    if view == "connections":
        wiring.controls(page)
        return place
    with layers:
        page.control("layers")
    with size:
        page.control("size")
    with presets:
        page.examples(key="stacks", label="Stacks")
    return place


def _change(page: Page[State]) -> None:
    """Show how the stack is changed, and what is shown of it."""
    with st.popover("Add a layer"):
        kind = page.control("added")
        for name, (label, least, most, start) in _NUMBERS.items():
            unused = name == "d" and kind == "pool"
            st.number_input(label, least, most, start, key=f"add_{name}", disabled=unused)
        st.button("Add", on_click=_add_layer, key="add")
    st.button("Remove the last layer", on_click=_remove_layer, key="remove")
    page.control("effective")
    page.control("predict")


def _add_layer() -> None:
    kind, padding, dilation = get("add_kind"), get("add_p"), get("add_d")
    text = f"{kind}{get('add_k')}s{get('add_s')}"
    text += f"p{padding}" if padding else ""
    text += f"d{dilation}" if kind == "conv" and dilation > 1 else ""
    put(layers=", ".join(filter(None, [get("layers").strip(" ,"), text])))


def _remove_layer() -> None:
    layers = get("layers")
    put(layers=", ".join(layers.split(",")[:-1]) or layers)


def _show_stack(page: Page[State], state: State, given: Given) -> None:
    """Show a stack, the chosen unit with all it sees and affects, and what to take away."""
    picture, unit = state.picture(given.pixels), state.cell
    fields = not state.predict or guessing.asked(
        state.questions(given),
        key=f"guess.{state.layers}.{state.size}",
        hidden="the fields stay hidden",
    )
    panels, links = state.panels(picture, fields=fields)
    notes = [f"The input is {given.whose}."]
    if fields and unit.panel and state.effective:
        notes.append(_measure(state, picture, given, panels))
    chosen = unit if fields else None
    maps.show(panels, links, key=_KEY, chosen=chosen, height=340, largest=12)
    if not fields:
        return
    st.markdown(f"{state.story()} {' '.join(notes)}")
    st.markdown(f"{state.law} :small[{LETTERS}]")
    with st.expander("Layer by layer"):
        head, *rows = state.table
        lines = [head, ["---"] * len(head), *rows]
        st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    code, take = st.columns(2)
    with code:
        code_panel.drawer(page, state, given)
    with take:
        theme = take_away.theme()
        pictures = take_away.pictures(lambda: state.scene(given, theme))
        animation = take_away.animation(state, given)
        offers = animation | pictures | take_away.table(lambda: state.table)
        take_away.offer("receptive field", offers, key="take_fields")


def _measure(state: State, picture: NDArray, given: Given, panels: list[Panel]) -> str:
    """Append the map of the pixels that move the unit, and return a sentence about the map."""
    try:
        strengths, how = state.measured(picture, given.network)
    except ValueError as error:
        return f"In effect: not measured. {quoted(sentence(error))}"
    panels.append(
        Panel("In effect", strengths.shape, strengths, "|gradient|", strengths.max() or 1.0)
    )
    told = held(strengths, state.mask())
    return f"In effect: {told}, measured by gradient through {how}."
