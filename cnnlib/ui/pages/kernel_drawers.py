"""What stands below the pictures of the kernels' lesson, each of it made when it is opened."""

from collections.abc import Callable
from typing import Any

import streamlit as st

from cnnlib.conv import conv2d_loops
from cnnlib.figures import filtered
from cnnlib.lessons.code import given_lines
from cnnlib.lessons.fields import sentence
from cnnlib.peers.two_dimensions import Call
from cnnlib.ui import code_panel, take_away
from cnnlib.ui.components import player
from cnnlib.ui.pages import learn
from cnnlib.ui.pages.lesson_kernels import Setup, figure_9_6
from cnnlib.walkthroughs.numbers import numbers


def show(setup: Setup, at: tuple[int, int], open_figure: Callable[[], None]) -> None:
    """Show the drawers: learning, the counts of figure 9.6, steps, code and files.

    Parameters
    ----------
    setup : Setup
    at : (int, int)
        The output around which it is stepped.
    open_figure : callable
        Sets the controls to the figure's own example.
    """
    left, right = st.columns(2)
    with left:
        if box := _drawer("Learn this kernel", "learning"):
            with box:
                learn.show(setup.picture.grey, setup.weights, key="learn")
        if box := _drawer("Figure 9.6: what a kernel saves", "figure"):
            with box:
                st.button("Open the figure's own example", on_click=open_figure, key="open_figure")
                height, width = setup.pixels.shape[:2]
                rows, columns = setup.weights.shape
                st.markdown(figure_9_6((height, width), (rows, columns)))
    with right:
        if box := _drawer("Step by step, around the chosen output", "steps"):
            with box:
                _steps(setup, at, key="steps_of")
        _code(setup, at, key="code")
        _files(setup, at, key="take")


def _drawer(label: str, key: str) -> Any:
    box = st.expander(label, key=key, on_change="rerun", bind="query-params")
    return box if box.open else None


def _code(setup: Setup, at: tuple[int, int], *, key: str) -> None:
    """Show the layer's definition, and other libraries' calls, for the pixels around a place."""
    weights = setup.applied
    a = numbers(setup.patch(at))
    call = Call(a, weights, "cross-correlation", "valid")
    lines = given_lines(A=a, B=weights)
    result = conv2d_loops(setup.patch(at)[None, None], setup.weights[None, None])[0, 0]
    code_panel.show(conv2d_loops, [*lines, *call.lines()], result, call.peers(), key=key)


def _steps(setup: Setup, at: tuple[int, int], *, key: str) -> None:
    """Step through the outputs around a place, and predict them."""
    predict = st.toggle("Predict", key=f"{key}.predict", bind="query-params")
    try:
        walk = setup.around(at)
    except ValueError as error:
        st.caption(sentence(error))
        return
    player.show(
        [walk],
        key=f"{key}.player.{at[0]}.{at[1]}",  # another place is another walk, with its own cursor
        predict=predict,
        step=setup.step(at),
        editable=(),
        equation=False,
        height=260,
    )


def _files(setup: Setup, at: tuple[int, int], *, key: str) -> None:
    """Offer the result and the steps around a place as files, and the page as a link."""
    offers: dict[str, take_away.Offer] = {
        f"PNG, {setup.shown}": (
            "png",
            "image/png",
            lambda: filtered.to_png(setup.result, setup.showing, take_away.theme()),
        )
    }
    note = ""
    try:
        walk = setup.around(at)
        offers |= take_away.files(walk, setup.step(at))
    except ValueError as error:
        note = sentence(error)
    take_away.offer("kernel", offers, key=key)
    if note:
        st.caption(note)
