"""The room of the lesson on pooling where the drawing moves."""

from dataclasses import replace
from functools import partial

import streamlit as st

from cnnlib.ui import cache, guessing, own_drawing, take_away
from cnnlib.ui.components import maps
from cnnlib.ui.pages import lesson_shift
from cnnlib.ui.pages.lesson_pooling import Setup
from cnnlib.ui.pages.lesson_shift import DRAWING


def show(setup: Setup, down: int, right: int, channel: int, *, predict: bool) -> None:
    """Show a drawing, one of its maps and its pooling, before and after a shift.

    Parameters
    ----------
    setup : Setup
        How it is pooled.
    down, right : int
        The shift, in pixels.
    channel : int
        Which map.
    predict : bool
        Whether the change is asked for first.
    """
    network = cache.shipped_network()
    pixels, whose = own_drawing.pixels()
    moved = lesson_shift.move(network, pixels, setup, down, right)
    panels, links = moved.panels(channel, setup)
    draw = partial(maps.show, key="shifted", height=230, largest=8)
    if predict and not guessing.asked(
        {"How much will the pooled maps change, in %?": partial(lesson_shift.judge, moved)},
        key=f"guess.{setup.kind}.{setup.size}.{setup.stride}.{setup.padding}.{down}.{right}",
        hidden="the maps stay hidden",
    ):
        drawings = [replace(panel, note="") for panel in panels if panel.title == DRAWING]
        draw(drawings)
        return
    draw(panels, links)
    left, beside = st.columns([55, 45])
    head, *rows = lesson_shift.table(network, pixels, setup)
    lines = [head, ["---"] * len(head), *rows]
    left.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    beside.caption(
        f"This is {whose}; the maps are the trained network's second layer, after ReLU. "
        "A change is ‖after − before‖ / ‖before‖, over all 12 maps, on one scale. "
        "Point at a pooled cell to see its window. Pooling has **0** parameters."
    )
    code, take = st.columns(2)
    with code:
        lesson_shift.show_code(pixels, down, right, key="code_shift")
    with take:
        theme = take_away.theme()
        animation = take_away.animation(
            lambda: [
                lesson_shift.move(network, pixels, setup, down, by).scene(channel, theme)
                for by in range(lesson_shift.FURTHEST + 1)
            ]
        )
        pictures = take_away.pictures(lambda: moved.scene(channel, theme))
        offers = animation | pictures | take_away.table(lambda: [head, *rows])
        take_away.offer("pooling of a shifted drawing", offers, key="take_shift")
