"""A walkthrough as a table for spreadsheets: one line for each product."""

import csv
import io

from cnnlib.walkthroughs.form import Walkthrough
from cnnlib.walkthroughs.typed import ascii_number

_NAMED = ("output", "input", "kernel")


def to_csv(walk: Walkthrough) -> str:
    """Return all steps as CSV text, in ASCII except for letters that stand for numbers.

    Columns: the step, counted from 1; the output, input and kernel cell, counted from 0, as
    one number each in one dimension, as row and column in two; the product, its value, and
    the value of the output cell once the product is added. A step that adds nothing has one
    line with its output and 0.

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
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    cells = [f"{name}{axis}" for name in _NAMED for axis in axes]
    writer.writerow(["step", *cells, "product", "value", "running sum"])
    terms = walk.terms
    for number, step in enumerate(walk.steps, 1):
        for row in range(*step.terms):
            places = [
                place
                for name in _NAMED
                for place in _place(walk, name, int(terms.columns[name][row]))
            ]
            sums = (terms.value.texts[row], terms.running.texts[row])
            product = ascii_number(terms.product[row]).replace("×", "*")
            writer.writerow([number, *places, product, *map(ascii_number, sums)])
        if step.terms[0] == step.terms[1]:
            for output, (shown, _) in step.shows.items():
                blank = [""] * (2 * len(axes))
                writer.writerow([number, *_place(walk, "output", output), *blank, "", "0", shown])
    return text.getvalue()


def _place(walk: Walkthrough, name: str, cell: int) -> tuple[int, ...]:
    return (cell,) if walk.dimensions == 1 else divmod(cell, walk.shapes[name][1])
