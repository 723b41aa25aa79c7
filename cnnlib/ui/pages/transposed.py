"""The room of the lesson on layers where a convolution is read backwards."""

from math import prod
from typing import Any

import streamlit as st

from cnnlib.ui import take_away, walk_room
from cnnlib.ui.controls import examples, refusal, whole
from cnnlib.ui.pages import lesson_transposed
from cnnlib.ui.pages.lesson_transposed import MOST, Setup
from cnnlib.ui.session import visit
from cnnlib.walkthroughs.examples import TRANSPOSED

_LESSON = "transposed"
_KEY = "backwards"
_PROSE = "Each input cell paints a kernel-sized patch; patches add up."
_METHODS = ("translate-and-scale", "matrix form")
_NUMBERS = {
    "stride": ("Stride S", 1, 6),
    "padding": ("Padding P", 0, 6),
    "output_padding": ("Output padding", 0, 5),
    "dilation": ("Dilation D", 1, 4),
}
_OPENING = Setup()


def _controls(place: Any) -> Setup:
    with place:
        titles = {name: one.title for name, one in TRANSPOSED.items()}
        examples(
            titles,
            lambda name: lesson_transposed.of_example(TRANSPOSED[name]),
            "backwards_examples",
        )
    with st.container(horizontal=True, gap="small", key="choices"):
        for name, label in (("A", "Input A, rows by semicolons"), ("B", "Kernel B")):
            text = getattr(_OPENING, name)
            st.text_input(label, text, key=f"t_{name}", bind="query-params", width=270)
        said = {
            name: whole(label, least, most, getattr(_OPENING, name), f"t_{name}", width=140)
            for name, (label, least, most) in _NUMBERS.items()
        }
    return Setup(st.session_state["t_A"], st.session_state["t_B"], **said)


def show(note: Any, place: Any, *, predict: bool) -> None:
    """Show the controls and the walkthrough.

    Parameters
    ----------
    note, place : DeltaGenerator
        Places for a sentence and for the examples.
    predict : bool
        Whether outputs stay hidden until the learner has typed them.
    """
    shown = visit().good.get(_LESSON, _OPENING)
    edits = [
        walk_room.take_edit(_KEY, {operand: control}, MOST[control[0][-1]])
        for operand, control in shown.operands.items()
    ]
    wanted = _controls(place)
    setup, trouble = walk_room.last_good(_LESSON, wanted, Setup.check, _OPENING)
    walks, remarks = walk_room.tell(setup.walk, _METHODS)
    note.markdown(refusal(trouble) or f":gray[:small[{_PROSE}]]")
    # Up to that many rows of a matrix can be read in the room of the line below it.
    tall = prod(walks[0].shapes["output"]) in range(18, 27)
    leading, step = walk_room.play(
        walks,
        key=_KEY,
        predict=predict,
        equation=False,
        height=286 if tall else 250,
        refused=next(filter(None, edits), None),
    )
    st.markdown(" ".join([lesson_transposed.story(walks[0], asked=predict), *remarks]))
    code, take = st.columns(2)
    with code:
        lesson_transposed.show_code(setup, walks[0], key="code_backwards")
    with take:
        take_away.show(leading, step, key="take_backwards")
    st.caption(
        "Frameworks also call it deconvolution; it does not undo a convolution, it is its "
        "transpose: the gradient of the layer with respect to its input. The numbers are our "
        "own, but for the lecture's 3×3 ∗ 2×2."
    )
