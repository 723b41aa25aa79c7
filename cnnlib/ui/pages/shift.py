"""The part of the pooling page where the drawing moves."""

from dataclasses import replace
from functools import partial

import streamlit as st

from cnnlib.geometry import Sweep
from cnnlib.lessons import shift
from cnnlib.lessons.given import Given
from cnnlib.lessons.pooling import State
from cnnlib.ui import code_panel, guessing, take_away
from cnnlib.ui.components import maps
from cnnlib.ui.page import Page
from cnnlib.ui.quoting import quoted


def show(page: Page[State], state: State, given: Given) -> None:
    """Show a drawing, one of its maps and its pooling, before and after a shift."""
    moved = state.moved(given)
    sweep = Sweep(state.size, state.stride, state.padding)
    panels, links = moved.panels(state.channel, sweep)
    draw = partial(maps.show, key="shifted", height=230, largest=8)
    if state.predict and not guessing.asked(
        state.questions(given),
        key=f"guess.{state.kind}.{sweep}.{state.down}.{state.right}",
        hidden="the maps stay hidden",
    ):
        draw([replace(panel, note="") for panel in panels if panel.title == shift.DRAWING])
        return
    draw(panels, links)
    left, beside = st.columns([55, 45])
    head, *rows = shift.table(given.network, given.pixels, state.pool)
    lines = [head, ["---"] * len(head), *rows]
    left.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    beside.caption(
        f"This is {quoted(given.whose)}; the maps are the trained network's second layer, after "
        f"ReLU. A change is ‖after − before‖ / ‖before‖, over all {shift.CHANNELS} maps, on one "
        "scale. Point at a pooled cell to see its window. Pooling has **0** parameters."
    )
    code, take = st.columns(2)
    with code:
        code_panel.drawer(page, state, given)
    with take:
        theme = take_away.theme()
        animation = take_away.animation(state, given)
        pictures = take_away.pictures(lambda: state.scene(given, theme))
        offers = animation | pictures | take_away.table(lambda: [head, *rows])
        take_away.offer("pooling of a shifted drawing", offers, key="take_shift")
