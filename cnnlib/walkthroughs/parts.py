"""The parts that the three methods share: terms, the operands' grids, the output's steps."""

from fractions import Fraction
from itertools import pairwise
from math import nan, prod

import numpy as np
from numpy.typing import NDArray

from cnnlib.walkthroughs.form import Grid, Step, Terms
from cnnlib.walkthroughs.links import Links, cell_name
from cnnlib.walkthroughs.numbers import Numbers, product_text

LONGEST_EDITABLE = 16
_MOST_PRODUCTS_TOLD = 9

Also = dict[str, tuple[int, ...]]


def names(links: Links) -> tuple[str, str, str]:
    """Return the names of the input, the kernel and the output."""
    a, b = ("a", "b") if links.dimensions == 1 else ("A", "B")
    return a, b, f"{a} {sign(links)} {b}"


def sign(links: Links) -> str:
    """Return the operation's sign."""
    signs = {"convolution": "∗", "cross-correlation": "⊗", "transposed convolution": "⊗ᵀ"}
    return signs[links.operation]


def terms_of(
    a: Numbers, b: Numbers, columns: dict[str, NDArray[np.intp]], order: NDArray[np.intp]
) -> Terms:
    """Multiply, and add up each output's products, in the order of `order`.

    Parameters
    ----------
    a, b : Numbers
        Input and kernel.
    columns : dict of str to ndarray of shape (terms,)
        The table's columns, in any order of rows.
    order : ndarray of shape (terms,)
        The step of each row. Rows of one step keep their order.
    """
    rows = np.argsort(order, kind="stable")
    columns = {name: column[rows] for name, column in columns.items()}
    left, right = a.take(columns["input"]), b.take(columns["kernel"])
    value = left.times(right)
    if value.parts is None:
        product = value.texts
    else:
        product = tuple(map(product_text, left.texts, right.texts))
    return Terms(columns, product, value, value.running(columns["output"]))


def output_steps(terms: Terms, links: Links, also: list[Also]) -> tuple[Step, ...]:
    """Return one step for each output: its products, their sum and a sentence.

    Parameters
    ----------
    terms : Terms
        In the order of their outputs.
    also : list of dict
        For each output, the cells that its step lights beside those of its terms.
    """
    count = len(also)
    ends = np.searchsorted(terms.columns["output"], np.arange(count + 1)).tolist()
    steps = []
    for output, (start, stop) in enumerate(pairwise(ends)):
        total = terms.running.texts[stop - 1] if stop > start else "0"
        value = terms.running.value(stop - 1) if stop > start else Fraction(0)
        name = cell_name(output, links.output_shape, links.dimensions)
        sentence = f"Output {name}: {_sum_text(terms, links, start, stop, total)}."
        idle = len(also[output].get("kernel", ()))
        if idle and stop > start:
            weights = f"{idle} weight{'s'[: idle > 1]} on the zero padding"
            sentence += f" The {weights} add{'s'[: idle == 1]} nothing."
        shows = {output: (total, nan if value is None else float(value))}
        steps.append(Step((start, stop), shows, sentence, total, value, also[output]))
    return tuple(steps)


def input_grid(a: Numbers, links: Links, title: str, *, padded: bool) -> Grid:
    """Return the input, drawn with its padding or without."""
    cells = links.sources if padded else np.arange(len(a.texts))
    ghosts = links.ghosts if padded else np.empty(0, np.intp)
    values = values_of(a)
    return Grid(
        "input",
        f"Input {title}",
        "input",
        links.padded_shape if padded else links.input_shape,
        "input",
        cells,
        tuple(a.texts[cell] if cell >= 0 else "0" for cell in cells.tolist()),
        np.where(cells >= 0, values[cells], 0.0),
        limit(values),
        origin=(-links.rows.before, -links.columns.before) if padded else (0, 0),
        lit_by="place" if padded else "input",
        ghosts=ghosts,
        editable=is_editable(a, links),
    )


def kernel_grid(b: Numbers, links: Links, title: str, *, flipped: bool = False) -> Grid:
    """Return the kernel, or the kernel as it slides in a convolution."""
    cells = np.arange(prod(links.kernel_shape))[:: -1 if flipped else 1]
    values = values_of(b)
    return Grid(
        "flipped" if flipped else "kernel",
        f"Kernel {title}",
        "flipped kernel" if flipped else "kernel",
        links.kernel_shape,
        "kernel",
        cells,
        tuple(b.texts[cell] for cell in cells.tolist()),
        values[cells],
        limit(values),
        lit_by="kernel",
        editable=is_editable(b, links) and not flipped,
        tie=cells,
    )


def output_grid(terms: Terms, links: Links, title: str, *, column: bool = False) -> Grid:
    """Return the output, as it lies or as one column."""
    final = terms.running.last(terms.columns["output"], prod(links.output_shape))
    values = values_of(final)
    return Grid(
        "output",
        f"Output {title}",
        "output",
        (len(values), 1) if column else links.output_shape,
        "output",
        np.arange(len(values)),
        final.texts,
        values,
        limit(values),
        lit_by="output",
    )


def is_editable(operand: Numbers, links: Links) -> bool:
    """Return whether a learner may type into the cells: not into long signals, nor letters."""
    return operand.parts is not None and (
        links.dimensions == 2 or len(operand.texts) <= LONGEST_EDITABLE
    )


def values_of(operand: Numbers) -> NDArray[np.float64]:
    """Return the numbers to colour by, NaN for letters."""
    return np.full(len(operand.texts), np.nan) if operand.values is None else operand.values


def limit(values: NDArray[np.float64]) -> float:
    """Return the end of a symmetric colour scale: the largest magnitude, or 1."""
    largest = float(np.nanmax(np.abs(values))) if not np.isnan(values).all() else 0.0
    return largest or 1.0


def _sum_text(terms: Terms, links: Links, start: int, stop: int, total: str) -> str:
    if start == stop:
        return f"{links.nothing}, so 0"
    if terms.value.parts is None:
        return total
    if stop - start > _MOST_PRODUCTS_TOLD:
        return f"{stop - start} products add up to {total}"
    return f"{' + '.join(terms.product[start:stop])} = {total}"
