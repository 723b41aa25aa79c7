"""Predict, then reveal, on lessons without a player: questions that come before the answer."""

from collections.abc import Callable, Mapping

import streamlit as st

from cnnlib.ui.controls import refusal

Judge = Callable[[str], tuple[bool, str]]


def asked(questions: Mapping[str, Judge], *, key: str, hidden: str) -> bool:
    """Put questions; return whether all are answered, so that the figure may be shown.

    Parameters
    ----------
    questions : mapping of str to callable
        Each takes what was typed and returns whether it is right, and one sentence.
    key : str
        Of the fields, with a number behind it. A key that changes with the setup asks anew.
    hidden : str
        What stays hidden until then.
    """
    *places, told = st.columns([25] * len(questions) + [50], vertical_alignment="bottom")
    typed = [
        place.text_input(question, key=f"{key}.{number}")
        for number, (place, question) in enumerate(zip(places, questions, strict=True))
    ]
    if not all(text.strip() for text in typed):
        told.caption(f"Type {'both' if len(typed) == 2 else 'a number'}; {hidden} until then.")
        return False
    verdicts = [judge(text) for judge, text in zip(questions.values(), typed, strict=True)]
    lines = [f"✓ {sentence}" if right else f"✗ {refusal(sentence)}" for right, sentence in verdicts]
    told.markdown("  \n".join(lines))
    return True


def exactly(value: int, why: str) -> Judge:
    """Return a judge of a whole number, who then says why.

    Examples
    --------
    >>> exactly(760, "(5·5·3 + 1)·10 = 760")("750")
    (False, 'Not 750: (5·5·3 + 1)·10 = 760.')
    """

    def judge(typed: str) -> tuple[bool, str]:
        typed = typed.strip().replace(",", "")
        right = typed == str(value)
        return right, f"{'Right' if right else f'Not {typed[:12]}'}: {why}."

    return judge
