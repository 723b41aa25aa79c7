"""Matrix form: the kernel's weights, tied along the diagonals of a matrix, times the input."""

from dataclasses import replace
from math import prod

import numpy as np
from numpy.typing import NDArray

from cnnlib.walkthroughs import parts
from cnnlib.walkthroughs.form import Grid, Walkthrough
from cnnlib.walkthroughs.links import Links
from cnnlib.walkthroughs.numbers import Numbers
from cnnlib.walkthroughs.words import Panel, Words, counted

MOST_ENTRIES = 5_000


def matrix_form(a: Numbers, b: Numbers, links: Links) -> Walkthrough:
    """Tell a convolution or cross-correlation as a matrix times a vector, row by row.

    The matrix has a row for each output and a column for each input cell, row by row of
    the picture. It is a Toeplitz matrix in one dimension, doubly block Toeplitz in two,
    and circulant under circular padding that keeps the size.

    Parameters
    ----------
    a, b : Numbers
        Input and kernel.
    links : Links
        Their products.

    Raises
    ------
    ValueError
        If the matrix has more than `MOST_ENTRIES` entries.

    Notes
    -----
    `facts` counts the matrix's entries, the entries that hold a weight, the entries that are
    not 0, and the parameters, that is the weights which the entries are tied to.
    """
    rows, columns = prod(links.output_shape), prod(links.input_shape)
    if rows * columns > MOST_ENTRIES:
        raise ValueError(
            f"the matrix would have {rows:,} × {columns:,} = {rows * columns:,} entries, more "
            f"than the {MOST_ENTRIES:,} that can be shown: use a smaller input"
        )
    entries = links.output * columns + links.input
    terms = parts.terms_of(
        a,
        b,
        {
            "output": links.output,
            "input": links.input,
            "kernel": links.kernel,
            "matrix": entries,
        },
        links.output,
    )
    a_name, b_name, result = parts.names(links)
    matrix = _matrix_grid(b, terms.columns["matrix"], terms.columns["kernel"], (rows, columns))
    picture = parts.input_grid(a, links, a_name, padded=False)
    output = parts.output_grid(terms, links, result)
    kernel = parts.kernel_grid(b, links, b_name)
    vector = replace(picture, id="vector", shape=(columns, 1))
    product = replace(output, id="result", shape=(rows, 1))
    if links.dimensions == 2:
        vector = replace(vector, title=f"{a_name}, row by row")
        product = replace(product, title=f"{result}, row by row")
    weightless = np.setdiff1d(np.arange(rows * columns), entries)
    ends = np.searchsorted(weightless, columns * np.arange(1, rows))
    also = [{"matrix": tuple(row.tolist())} for row in np.split(weightless, ends)]
    product_line = ("matrix", "×", "vector", "=", "result")
    facts = {
        "entries": rows * columns,
        "weights": len(np.unique(entries)),
        "non-zeros": int(np.count_nonzero(matrix.values)),
        "parameters": len(np.unique(links.kernel)),
    }
    return Walkthrough(
        links.operation,
        "matrix form",
        links.dimensions,
        (picture, kernel, matrix, vector, product, output),
        (("input", parts.sign(links), "kernel", "=", "output"), product_line),
        Panel("lines", (product_line,)),
        Words("one row at a time", links.nothing),
        terms,
        parts.output_steps(terms, links, also),
        links.shapes,
        links.unused,
        links.sizes,
        links.notes,
        facts,
        remark=counted(facts) if links.dimensions == 2 else "",
    )


def _matrix_grid(
    b: Numbers, entry: NDArray[np.intp], kernel: NDArray[np.intp], shape: tuple[int, int]
) -> Grid:
    """Return the matrix, with a weight in each entry that a product uses, blank elsewhere."""
    size = prod(shape)
    sums = b.take(kernel).running(entry).last(entry, size)
    weights = np.bincount(entry, minlength=size)
    tie = np.full(size, -1)
    tie[entry] = kernel
    tie[weights > 1] = -2  # padding that repeats cells lets one entry hold several weights
    values = np.where(weights > 0, parts.values_of(sums), 0.0)
    return Grid(
        "matrix",
        f"Matrix, {shape[0]}×{shape[1]}",
        "matrix",
        shape,
        "matrix",
        np.arange(size),
        tuple(np.where(weights > 0, sums.texts, "").tolist()),
        values,
        parts.limit(values),
        lit_by="matrix",
        tie=tie,
    )
