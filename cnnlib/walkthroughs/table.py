"""A walkthrough as a table for spreadsheets: one line for each product."""

import csv
import io
from collections.abc import Iterable, Sequence
from typing import get_args

from cnnlib.walkthroughs.form import Pooling, Walkthrough

_NAMED = ("output", "input", "kernel")
_SIGNS = str.maketrans({"−": "-", "×": "*", "·": "*", "²": "^2", "√": "sqrt"})
_MARK = "\ufeff"  # by which spreadsheet programs know UTF-8


def to_text(rows: Iterable[Sequence[object]]) -> str:
    r"""Return rows as CSV text with the signs of a keyboard.

    Text that is not ASCII even then begins with the mark by which spreadsheet programs know UTF-8.

    Examples
    --------
    >>> to_text([["3 × 3", "−1"]])
    '3 * 3,-1\n'
    """
    file = io.StringIO()
    plain = ([str(cell).translate(_SIGNS) for cell in row] for row in rows)
    csv.writer(file, lineterminator="\n").writerows(plain)
    text = file.getvalue()
    return text if text.isascii() else _MARK + text


def to_csv(walk: Walkthrough) -> str:
    """Return all steps as CSV text.

    Columns: the step, counted from 1; the output, input and kernel cell, counted from 0, as
    one number each in one dimension, as row and column in two; the product, its value, and
    the value of the output cell once the product is added: of a pooling, the output of the cells
    so far, because only a mean is made of a sum. A step that adds nothing has one line with its
    output and 0.

    Examples
    --------
    >>> from cnnlib.walkthroughs import convolution
    >>> print(to_csv(convolution([2, -1], [3])))
    step,output,input,kernel,product,value,running sum
    1,0,0,0,2*3,6,6
    2,1,1,0,(-1)*3,-3,-3
    <BLANKLINE>
    """
    axes = [""] if walk.dimensions == 1 else [" row", " column"]
    cells = [f"{name}{axis}" for name in _NAMED for axis in axes]
    pools = walk.operation in get_args(Pooling)
    last = ("cell", "value", "output so far") if pools else ("product", "value", "running sum")
    lines: list[Sequence[object]] = [("step", *cells, *last)]
    terms = walk.terms
    for number, step in enumerate(walk.steps, 1):
        for row in range(*step.terms):
            places = [
                place
                for name in _NAMED
                for place in _place(walk, name, int(terms.columns[name][row]))
            ]
            sums = (terms.value.texts[row], terms.running.texts[row])
            lines.append((number, *places, terms.product[row], *sums))
        if step.terms[0] == step.terms[1]:
            for output, (shown, _) in step.shows.items():
                blank = [""] * (2 * len(axes))
                lines.append((number, *_place(walk, "output", output), *blank, "", "0", shown))
    return to_text(lines)


def _place(walk: Walkthrough, name: str, cell: int) -> tuple[int, ...]:
    return (cell,) if walk.dimensions == 1 else divmod(cell, walk.shapes[name][1])
