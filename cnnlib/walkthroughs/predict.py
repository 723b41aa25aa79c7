"""Predict, then reveal: whether what a learner typed is what a step comes to."""

import re
from fractions import Fraction
from functools import partial

import numpy as np

from cnnlib.questions import Question, Verdict
from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.links import cell_name
from cnnlib.walkthroughs.typed import ascii_number, read, tidy
from cnnlib.walkthroughs.words import SIZE

_ENOUGH_DECIMALS = 2
_LONGEST_SIZE = 40  # characters


def question(walk: Walkthrough, step: int | None = None) -> Question:
    """Return what Predict asks before a step, or before all of them.

    Parameters
    ----------
    walk : Walkthrough
    step : int, optional
        Without one the size of the output is asked for.

    Raises
    ------
    ValueError
        If the walkthrough has no such step, or the step changes no output.

    Examples
    --------
    >>> from cnnlib.walkthroughs import convolution
    >>> asked = question(convolution([2, -1, 1], [1, 1, 2]), 2)
    >>> asked.text, asked.answer("4").right
    ('Output 2 is', True)
    """
    if step is None:
        return Question(SIZE[walk.dimensions], partial(predict_size, walk))
    if not 0 <= step < len(walk.steps):
        raise ValueError(f"There is no step {step + 1} to predict.")
    output = next(iter(walk.steps[step].shows), None)
    if output is None:
        raise ValueError(f"Step {step + 1} changes no output: skip it.")
    name = cell_name(output, walk.shapes["output"], walk.dimensions)
    return Question(walk.words.output.format(name), partial(predict, walk, step))


def predict(walk: Walkthrough, step: int, typed: str, output: int | None = None) -> Verdict:
    """Check what a learner expects an output cell to show after a step.

    An answer is right if it is exactly the value, as an integer, decimal or fraction, or
    a decimal with at least two places to which the value rounds.

    Parameters
    ----------
    walk : Walkthrough
        Of numbers, not letters.
    step : int
    typed : str
    output : int, optional
        The output cell; by default the first one that the step changes.

    Raises
    ------
    ValueError
        If the answer is no number, or the step has no such number to predict.

    Examples
    --------
    >>> from cnnlib.walkthroughs import convolution
    >>> predict(convolution([2, -1, 1], [1, 1, 2]), 2, "3")
    Verdict(right=False, sentence='Not 3. Output 2: 2×2 + (−1)×1 + 1×1 = 4.')
    """
    answer = read(typed)
    told = walk.steps[step]
    if output is None:
        output = next(iter(told.shows), None)
    if output not in told.shows:
        raise ValueError(f"step {step} changes no output {output}: predict another one")
    rows = np.flatnonzero(walk.terms.columns["output"][: told.terms[1]] == output)
    value = walk.terms.running.value(int(rows[-1])) if len(rows) else Fraction(0)
    if value is None:
        raise ValueError("letters have no value: choose an example with numbers to predict")
    if told.sum:
        sentence = told.sentence
    else:
        sentence = f"{told.sentence} The output is then {told.shows[output][0]}."
    right = _agrees(typed, answer, value)
    return Verdict(right, f"Right. {sentence}" if right else f"Not {tidy(typed)}. {sentence}")


def predict_size(walk: Walkthrough, typed: str) -> Verdict:
    """Check a typed output size: 5 in one dimension, 4×4 (or 4x4, or 4, 4) in two.

    Raises
    ------
    ValueError
        If the answer is not one whole number for each axis.
    """
    shape = walk.shapes["output"][-walk.dimensions :]
    plain = typed.strip().lower()
    numbers = re.split(r"\s*[×x*,]\s*|\s+", plain) if len(plain) <= _LONGEST_SIZE else []
    if len(numbers) != len(shape) or not all(re.fullmatch(r"\d{1,4}", n) for n in numbers):
        example = "5" if walk.dimensions == 1 else "4×4, rows first"
        raise ValueError(f"“{tidy(plain[:12])}” is not an output size: type one such as {example}.")
    right = tuple(map(int, numbers)) == shape
    size = "×".join(map(str, shape))
    verdict = "Right" if right else f"Not {'×'.join(numbers)}"
    return Verdict(right, f"{verdict}. The output has size {size}: {'; '.join(walk.sizes)}.")


def _agrees(typed: str, answer: Fraction, value: Fraction | float) -> bool:
    exact = Fraction(value)
    if answer == exact:
        return True
    decimals = len(ascii_number(typed).partition(".")[2])
    if "e" in typed.lower() or decimals < _ENOUGH_DECIMALS:
        return False
    return abs(answer - exact) <= Fraction(1, 2 * 10**decimals)
