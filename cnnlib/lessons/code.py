"""Numbers as the lines of Python that a lesson's code begins with."""

from cnnlib.walkthroughs.numbers import Numbers
from cnnlib.walkthroughs.typed import ascii_number


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
    cells = [
        f"Fraction({', '.join(text.split('/'))})" if "/" in text else text
        for text in map(ascii_number, array.texts)
    ]
    across = array.shape[-1]
    rows = [f"[{', '.join(cells[at : at + across])}]" for at in range(0, len(cells), across)]
    return rows[0] if len(array.shape) == 1 else f"[{', '.join(rows)}]"
