"""A question is a value: its words, and a judge of the answers.

Predict, puzzles and exercises ask such questions.
"""

import re
from collections.abc import Callable
from dataclasses import dataclass

from cnnlib.walkthroughs.typed import ascii_number, comma_told

_QUOTED = 12  # characters of an answer that a verdict repeats
_GROUPED = re.compile(r"-?[0-9]{1,3}(,[0-9]{3})+")  # thousands, as sentences write them
_LONGEST = 100  # characters of an answer


@dataclass(frozen=True)
class Verdict:
    """Whether an answer is right, and one sentence that gives the terms."""

    right: bool
    sentence: str


@dataclass(frozen=True, eq=False)
class Question:
    """A question with its judge.

    Attributes
    ----------
    text : str
        The words of the question.
    judge : callable
        Takes a typed answer and returns a `Verdict`; raises ValueError, with one sentence, for a
        text that is no answer at all.
    """

    text: str
    judge: Callable[[str], Verdict]

    def answer(self, typed: str) -> Verdict:
        """Judge an answer; a text that is no answer is wrong, and the sentence says why."""
        if len(typed) > _LONGEST:
            told = f"{len(typed):,} characters are no answer here: use at most {_LONGEST}."
            return Verdict(False, told)
        try:
            return self.judge(typed)
        except ValueError as error:
            return Verdict(False, str(error))


def exactly(value: int, why: str) -> Callable[[str], Verdict]:
    """Return a judge of a whole number.

    Parameters
    ----------
    value : int
        The right answer.
    why : str
        The arithmetic of the value, without the full stop.

    Examples
    --------
    >>> exactly(760, "(5·5·3 + 1)·10 = 760")("750")
    Verdict(right=False, sentence='Not 750: (5·5·3 + 1)·10 = 760.')
    """

    def judge(typed: str) -> Verdict:
        plain = ascii_number(typed)
        if _GROUPED.fullmatch(plain):
            plain = plain.replace(",", "")
        _refuse_comma(plain)
        right = plain == str(value)
        return Verdict(right, f"{'Right' if right else f'Not {plain[:_QUOTED]}'}: {why}.")

    return judge


def side(value: int, why: str) -> Callable[[str], Verdict]:
    """Return a judge of the side of a square; 9, 9×9 and 9x9 are the same answer.

    Examples
    --------
    >>> side(9, "5 + 4 = 9")("9x9").right
    True
    """
    judge = exactly(value, why)

    def judge_side(typed: str) -> Verdict:
        sides = re.split(r"\s*[×x*]\s*", typed.strip().lower())
        return judge(sides[0] if len(set(sides)) == 1 else typed)

    return judge_side


def near(value: float, tolerance: float, why: str) -> Callable[[str], Verdict]:
    """Return a judge of an estimate in percent.

    Parameters
    ----------
    value : float
        The right answer, in percent.
    tolerance : float
        Percent points within which an estimate counts as right.
    why : str
        A sentence about the right answer, without the full stop.

    Examples
    --------
    >>> near(40.3, 5, "a tenth moved changes 40 %")("43 %")
    Verdict(right=True, sentence='Near enough: a tenth moved changes 40 %.')
    """

    def judge(typed: str) -> Verdict:
        plain = ascii_number(typed)
        _refuse_comma(plain.rstrip("% "))
        try:
            right = abs(float(plain.rstrip("%")) - value) <= tolerance
        except ValueError:
            right = False
        return Verdict(right, f"{'Near enough' if right else f'Not {plain[:_QUOTED]}'}: {why}.")

    return judge


def _refuse_comma(typed: str) -> None:
    if comma := comma_told(typed):
        raise ValueError(f"“{typed[:_QUOTED]}” {comma}.")
