"""Numbers as the lines of Python that a lesson's code begins with."""

import re

from cnnlib.walkthroughs.numbers import Numbers
from cnnlib.walkthroughs.typed import ascii_number

_ZEROS = re.compile(r"^([+-]?)0+(?=[0-9])")


def given_lines(**arrays: Numbers) -> list[str]:
    """Return lines of Python that give arrays their names, and import what they need.

    Examples
    --------
    >>> from cnnlib.walkthroughs.numbers import numbers
    >>> given_lines(a=numbers([1, 2]), b=numbers(["1/2"]))
    ['from fractions import Fraction', 'a = [1, 2]', 'b = [Fraction(1, 2)]']
    """
    lines = [f"{name} = {literal(array)}" for name, array in arrays.items()]
    needs = any("/" in text for array in arrays.values() for text in array.texts)
    return ["from fractions import Fraction"] * needs + lines


def literal(array: Numbers) -> str:
    """Write numbers as Python, as they were typed: fractions as fractions.

    Examples
    --------
    >>> from cnnlib.walkthroughs.numbers import numbers
    >>> literal(numbers(["1/3", "−0.5"])), literal(numbers([[1, 2], [3, 4]]))
    ('[Fraction(1, 3), -0.5]', '[[1, 2], [3, 4]]')
    """
    parts = [[_whole(part) for part in ascii_number(text).split("/")] for text in array.texts]
    cells = [f"Fraction({', '.join(two)})" if len(two) > 1 else two[0] for two in parts]
    across = array.shape[-1]
    rows = [f"[{', '.join(cells[at : at + across])}]" for at in range(0, len(cells), across)]
    return rows[0] if len(array.shape) == 1 else f"[{', '.join(rows)}]"


def _whole(text: str) -> str:
    """Return a number without zeros before its digits, which Python does not read."""
    return _ZEROS.sub(r"\1", text)
