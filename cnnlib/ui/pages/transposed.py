"""The part of the page on layers where a convolution is read backwards."""

from dataclasses import replace
from math import prod
from typing import Any

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlib.lessons import transposed
from cnnlib.lessons.conv_layer import BACKWARDS, State
from cnnlib.lessons.given import Given
from cnnlib.ui import code_panel, take_away, walk_room
from cnnlib.ui.page import Page, note
from cnnlib.walkthroughs.examples import TRANSPOSED

_KEY = "backwards"
_PROSE = "Each input cell paints a kernel-sized patch; patches add up."


def show(page: Page[State], given: Given, place: Any, examples: DeltaGenerator) -> None:
    """Show the controls and the walkthrough.

    Parameters
    ----------
    page : Page
    given : Given
    place, examples : DeltaGenerator
        Places for a sentence and for the examples.
    """
    shown = page.shown
    edits = [
        walk_room.take_edit(_KEY, {operand: (array.link, text)}, array.most)
        for operand, array, text in (
            ("input", transposed.A, shown.a),
            ("kernel", transposed.B, shown.b),
        )
    ]
    with examples:
        page.examples(*TRANSPOSED, key="backwards_examples")
    with st.container(horizontal=True, gap="small", key="choices"):
        for name in ("a", "b"):
            page.control(name, width=270)
        for name in BACKWARDS:
            page.control(name, width=140)
    state, told = page.good(given)
    note(place, told, _PROSE)
    walks, _ = transposed.walks(state.backwards)
    # A matrix with fewer than 27 rows can be read if it also takes the room of the line below.
    tall = prod(walks[0].shapes["output"]) in range(18, 27)
    leading, step = walk_room.play(
        walks,
        page=page,
        key=_KEY,
        predict=state.predict,
        equation=False,
        height=286 if tall else 250,
        refused=next(filter(None, edits), None),
    )
    st.markdown(state.told(given))
    code, take = st.columns(2)
    with code:
        code_panel.drawer(page, state, given)
    with take:
        led = replace(state, lead=page.state().lead)
        take_away.show(leading, step, key="take_backwards", state=led, given=given)
    st.caption(
        "Frameworks also call it deconvolution; it does not undo a convolution, it is its "
        "transpose: the gradient of the layer with respect to its input. The numbers are our "
        "own, except the lecture's 3×3 ∗ 2×2."
    )
