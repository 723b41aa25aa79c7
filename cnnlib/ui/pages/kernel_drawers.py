"""The drawers below the pictures of the kernels' page; each is made when it is opened."""

import streamlit as st

from cnnlib.figures import filtered as pictures
from cnnlib.lessons.fields import sentence
from cnnlib.lessons.filtered import Filtered
from cnnlib.lessons.given import Given
from cnnlib.lessons.kernels import State
from cnnlib.lessons.savings import figure_9_6
from cnnlib.ui import code_panel, take_away
from cnnlib.ui.components import player
from cnnlib.ui.controls import put
from cnnlib.ui.page import Page
from cnnlib.ui.pages import learn
from cnnlib.ui.quoting import quoted


def show(page: Page[State], state: State, filtered: Filtered, given: Given) -> None:
    """Show the drawers: learning, the counts of figure 9.6, steps, code and files."""
    left, right = st.columns(2)
    with left:
        if box := page.drawer("learning"):
            with box:
                grey = given.picture(state.source)[0].grey
                learn.show(page, grey, filtered.weights, key="learn")
        if box := page.drawer("figure"):
            with box:
                example = page.keys(**State.examples["figure 9.6"].fields)
                st.button(
                    "Open the figure's own example",
                    on_click=put,
                    args=(example,),
                    key="open_figure",
                )
                height, width = filtered.pixels.shape[:2]
                rows, columns = filtered.weights.shape
                st.markdown(figure_9_6((height, width), (rows, columns)))
    with right:
        if box := page.drawer("steps"):
            with box:
                _steps(page, filtered)
        code_panel.drawer(page, state, given)
        _files(state, filtered, given, key="take")


def _steps(page: Page[State], filtered: Filtered) -> None:
    """Step through the outputs around the chosen one, and predict them."""
    predict = page.control("predict")
    try:
        walk = filtered.around()
    except ValueError as error:
        st.caption(quoted(sentence(error)))
        return
    row, column = filtered.at
    player.show(
        [walk],
        key=f"steps_of.player.{row}.{column}",  # another place is another walk, with its own cursor
        predict=predict,
        step=filtered.step,
        editable=(),
        equation=False,
        height=260,
    )


def _files(state: State, filtered: Filtered, given: Given, *, key: str) -> None:
    """Offer the result and the steps around a place as files, and the page as a link."""
    offers: dict[str, take_away.Offer] = {
        f"PNG, {filtered.shown}": (
            "png",
            "image/png",
            lambda: pictures.to_png(filtered.result, filtered.showing, take_away.theme()),
        )
    }
    note = ""
    try:
        steps = take_away.files(filtered.around(), filtered.step)
        offers |= take_away.animation(state, given) | steps
    except ValueError as error:
        note = sentence(error)
    take_away.offer("kernel", offers, key=key)
    if note:
        st.caption(quoted(note))
