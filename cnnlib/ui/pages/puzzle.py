"""An open puzzle on the page of convolution in 2D: its task, the verdict, and a way out."""

from collections.abc import Mapping

import streamlit as st

from cnnlib.lessons.convolution_2d import State, fields_of_puzzle
from cnnlib.lessons.given import Given
from cnnlib.ui.controls import put
from cnnlib.ui.page import Page
from cnnlib.ui.quoting import quoted
from cnnlib.walkthroughs.puzzles import PUZZLES

HEIGHT = 62  # pixels that a puzzle takes


def show(page: Page[State], state: State, given: Given) -> None:
    """Show the puzzle, how far it is solved, and buttons."""
    (question,) = state.questions(given)
    verdict = question.answer(state.B)
    colour, mark = ("green", "✓") if verdict.right else ("orange", "…")
    with st.container(key="puzzle"):
        told, ways = st.columns([72, 28], gap="small", vertical_alignment="center")
    told.markdown(
        f"**Puzzle.** {quoted(question.text)} "
        f":{colour}-background[{mark} {quoted(verdict.sentence)}]"
    )
    solution = PUZZLES[state.puzzle].solution
    with ways.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button("Again", on_click=_begin, args=(page, state, {}), key="puzzle_anew")
        st.button("Solution", on_click=_begin, args=(page, state, solution), key="puzzle_solve")
        st.button("Close", on_click=page.keep, kwargs={"puzzle": ""}, key="puzzle_close")


def _begin(page: Page[State], state: State, changes: Mapping[str, object]) -> None:
    """Set the controls to the puzzle's start, with some options changed."""
    put(page.take(**fields_of_puzzle(state.puzzle, changes)))
