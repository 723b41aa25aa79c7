"""Puzzles on a lesson with a walkthrough: what is asked, whether it is solved, and a way out."""

from collections.abc import Callable, Mapping

import streamlit as st

from cnnlib.questions import Verdict
from cnnlib.ui import link
from cnnlib.ui.controls import quoted
from cnnlib.walkthroughs.puzzles import PUZZLES, Puzzle

HEIGHT = 62  # pixels that a puzzle takes
_FIELD = "puzzle"
_LISTED = "puzzle."


def titles() -> dict[str, str]:
    """Return the puzzles' titles, as they are listed below a lesson's examples."""
    return {_LISTED + name: f"Puzzle: {one.title}" for name, one in PUZZLES.items()}


def open_listed(name: str) -> Puzzle | None:
    """Open the puzzle that was chosen among examples; close any if it is none."""
    found = PUZZLES.get(name.removeprefix(_LISTED)) if name.startswith(_LISTED) else None
    if found:
        link.write(_FIELD, name.removeprefix(_LISTED))
    else:
        close()
    return found


def here() -> Puzzle | None:
    """Return the puzzle that is open, as the link says."""
    return PUZZLES.get(link.read(_FIELD))


def close() -> None:
    """Leave the puzzle; all stays as it is."""
    link.write(_FIELD, None)


def show(puzzle: Puzzle, verdict: Verdict, begin: Callable[[Mapping[str, object]], None]) -> None:
    """Show a puzzle, how far it is solved, and buttons.

    Parameters
    ----------
    puzzle : Puzzle
    verdict : Verdict
    begin : callable
        Sets the controls to the puzzle's start, with some options changed.
    """
    colour, mark = ("green", "✓") if verdict.right else ("orange", "…")
    with st.container(key="puzzle"):
        told, ways = st.columns([72, 28], gap="small", vertical_alignment="center")
    told.markdown(
        f"**Puzzle.** {quoted(puzzle.task)} :{colour}-background[{mark} {quoted(verdict.sentence)}]"
    )
    with ways.container(horizontal=True, horizontal_alignment="right", gap="small"):
        st.button("Again", on_click=begin, args=({},), key="puzzle_anew")
        st.button("Solution", on_click=begin, args=(puzzle.solution,), key="puzzle_solve")
        st.button("Close", on_click=close, key="puzzle_close")
