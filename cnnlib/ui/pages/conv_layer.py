"""The page on the convolution layer: a volume, its filters and its maps; and read backwards."""

from functools import partial
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlib.lessons.conv_layer import VOLUME, State
from cnnlib.lessons.given import Given
from cnnlib.lessons.layer import place_of
from cnnlib.models.volume import COUNTED
from cnnlib.ui import code_panel, guessing, take_away
from cnnlib.ui.components import maps
from cnnlib.ui.fragment import fragment
from cnnlib.ui.given import given
from cnnlib.ui.page import Page, note
from cnnlib.ui.pages import transposed

_KEY = "volume"
_PROSE = "Point at a cell of the output: the whole depth column that it reads."


@fragment
def show() -> None:
    """Show the page."""
    page = Page(State)
    with st.container(key="heading"):
        title, view, examples, predict = st.columns(
            [38, 18, 34, 10], gap="small", vertical_alignment="bottom"
        )
    title.markdown("#### The convolution layer")
    place = title.empty()
    with view:
        chosen = page.control("view")
    with predict:
        page.control("predict")
    ours = given()
    if chosen == "layer":
        _show_layer(page, ours, place, examples)
    else:
        transposed.show(page, ours, place, examples)


def _show_layer(page: Page[State], given: Given, place: Any, examples: DeltaGenerator) -> None:
    chosen, cell = maps.take_choice(_KEY)
    if chosen and (text := "" if cell is None else place_of(cell, page.shown.volume)) is not None:
        page.keep(cell=text)
    with examples:
        page.examples(*(counted.title for counted in COUNTED), key="counted")
    with st.container(horizontal=True, gap="small", key="choices"):
        for name in VOLUME:
            page.control(name, width=130)
    state, told = page.good(given)
    note(place, told, _PROSE)
    layer = state.layer(given)
    volume = layer.volume
    hidden = state.predict and not guessing.asked(
        state.questions(given),
        key=f"guess.{'.'.join(str(getattr(volume, name)) for name in VOLUME)}",
        hidden="output and counts stay hidden",
    )
    panels, links, column = layer.panels()
    draw = partial(maps.show, key=_KEY, together=column, height=300, largest=40)
    if hidden:  # the input and the filter: the output is asked for
        draw(panels[: volume.depth + volume.seen])
        return
    draw(panels, links, chosen=layer.cell())
    st.markdown(layer.story())
    counts = volume.arithmetic()
    lines = [f"**{name.capitalize()}** {told}" for name, told in counts.items()]
    for side, pair in zip(st.columns([42, 58]), (lines[:2], lines[2:]), strict=True):
        side.markdown("  \n".join(pair))
    if notes := volume.axis.notes("row"):
        st.markdown(f"{' '.join(notes)} The same holds for columns.")
    code, take = st.columns(2)
    with code:
        code_panel.drawer(page, state, given)
    with take:
        _take(state, given, counts)
    whose = given.whose
    st.caption(f"Slice d is {whose}, moved to the right by d pixels; weights are −1, 0 and 1.")


def _take(state: State, given: Given, counts: dict[str, str]) -> None:
    scenes = take_away.pictures(lambda: state.scene(given, take_away.theme()))
    animation = take_away.animation(state, given)
    table = take_away.table(lambda: [("what", "arithmetic"), *counts.items()])
    take_away.offer("convolution layer", animation | scenes | table, key="take_layer")
