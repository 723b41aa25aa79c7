"""Predict, then reveal, on lessons without a player: questions that come before the answer."""

from collections.abc import Sequence

import streamlit as st

from cnnlib.questions import Question, Verdict
from cnnlib.ui.quoting import quoted, refusal


def asked(questions: Sequence[Question], *, key: str, hidden: str) -> bool:
    """Put questions; return whether all are answered, so that the figure may be shown.

    Parameters
    ----------
    questions : sequence of Question
    key : str
        The fields' key, to which each question's number is appended. A key that changes with the
        state asks anew.
    hidden : str
        The name of the thing that stays hidden until then.
    """
    *places, told = st.columns([25] * len(questions) + [50], vertical_alignment="bottom")
    typed = [
        place.text_input(question.text, key=f"{key}.{number}")
        for number, (place, question) in enumerate(zip(places, questions, strict=True))
    ]
    if not all(text.strip() for text in typed):
        told.caption(f"Type {'both' if len(typed) == 2 else 'a number'}; {hidden} until then.")
        return False
    verdicts = [question.answer(text) for question, text in zip(questions, typed, strict=True)]
    told.markdown("  \n".join(map(_told, verdicts)))
    return True


def _told(verdict: Verdict) -> str:
    mark, say = ("✓", quoted) if verdict.right else ("✗", refusal)
    return f"{mark} {say(verdict.sentence)}"
