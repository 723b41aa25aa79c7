"""Pooling, told window by window."""

from dataclasses import replace
from itertools import pairwise
from math import prod
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike

from cnnlib.pool import pool_sweeps
from cnnlib.walkthroughs import parts
from cnnlib.walkthroughs.form import Grid, Pooling, Step, Terms, Walkthrough
from cnnlib.walkthroughs.links import Links, cell_name, link
from cnnlib.walkthroughs.numbers import Numbers, numbers
from cnnlib.walkthroughs.words import Panel, Words, counted

_MOST_TOLD = 16


def pooling(
    a: "ArrayLike | Numbers",
    kind: Pooling = "max pooling",
    *,
    size: int = 2,
    stride: int | None = None,
    padding: int = 0,
) -> Walkthrough:
    """Tell the pooling of one map, one output for each window.

    Parameters
    ----------
    a : array_like of shape (rows, columns), or Numbers
        The map: numbers, or texts as typed.
    kind : {"max pooling", "average pooling", "L2 pooling"}
        The largest cell of each window; the mean; or the root of the sum of squares.
    size : int
        Rows and columns of the window.
    stride : int, optional
        Cells from one window to the next; by default the size.
    padding : int
        At most half the size. Padding never wins a max pooling, and counts as zeros in the others.

    Returns
    -------
    Walkthrough
        The columns "kernel" number the cells of the window. `winners` are the rows of the
        cells that a max pooling keeps: on a tie the first one, row by row, as in `pool`.

    Raises
    ------
    ValueError
        If a cell is no number, or the sizes do not fit; the sentence says what to change.

    Examples
    --------
    >>> pooling([[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]).grid("output").texts
    ('6', '8', '3', '4')
    """
    if kind not in get_args(Pooling):
        raise ValueError(f"pooling {kind!r}: use one of {', '.join(get_args(Pooling))}")
    a = numbers(a)
    if a.parts is None:
        raise ValueError("letters have no value: use numbers to pool them")
    sweep, _ = pool_sweeps(size, stride, padding)
    links = link(
        a.shape,
        (size, size),
        operation="cross-correlation",
        padding=sweep.padding,
        stride=sweep.stride,
    )
    terms, winners, ties = _terms(a, kind, links)
    join = {
        "max pooling": ("max(", ",", ")"),
        "average pooling": ("(", "+", f")/{size**2}"),
        "L2 pooling": ("√(", "+", ")"),
    }[kind]
    output = replace(parts.output_grid(terms, links, ""), title=kind[:1].upper() + kind[1:])
    grids = (_input_grid(a, links, kind), output)
    layout = (("input", "→", "output"),)
    facts = {"parameters": 0, "windows": prod(links.output_shape)}
    if kind == "max pooling":
        facts["ties"] = len(ties)
    return Walkthrough(
        kind,
        "window by window",
        2,
        grids,
        layout,
        Panel("lines", layout),
        Words(
            "one window at a time",
            links.nothing,
            term=("cell", "cells"),
            uses={"input": ("window", "windows")},
        ),
        terms,
        _steps(terms, links, join, ties),
        links.shapes,
        links.unused,
        links.sizes,
        links.notes,
        facts,
        join,
        tuple(winners),
        counted(facts),
    )


def _terms(
    a: Numbers, kind: Pooling, links: Links
) -> tuple[Terms, list[int], dict[int, list[int]]]:
    """Return the table; for max pooling also each window's winning row, and the tied rows."""
    columns = {"output": links.output, "input": links.input, "kernel": links.kernel}
    if len(links.ghosts):
        columns["place"] = links.place
    cells = a.take(links.input)
    if kind == "average pooling":
        share = prod(links.kernel_shape)
        sums = cells.running(links.output)
        ones = Numbers(sums.shape, sums.texts, np.ones(len(sums.texts), np.int64), share)
        return Terms(columns, cells.texts, cells, sums.times(ones)), [], {}
    if kind == "L2 pooling":
        squares = cells.times(cells)
        sums = squares.running(links.output)
        roots = numbers(np.sqrt(np.asarray(sums.values)))
        written = tuple(
            f"({t})²" if t.startswith("−") or "/" in t else f"{t}²" for t in cells.texts
        )
        return Terms(columns, written, squares, roots), [], {}
    values = np.asarray(cells.values)
    best = np.arange(len(values))  # the row of the largest cell so far
    winners, ties = [], {}
    for output in range(prod(links.output_shape)):
        rows = np.flatnonzero(links.output == output)
        for before, row in pairwise(rows.tolist()):
            best[row] = row if values[row] > values[best[before]] else best[before]
        winner = int(best[rows[-1]])
        winners.append(winner)
        equal = rows[values[rows] == values[winner]].tolist()
        if len(equal) > 1:
            ties[output] = equal
    return Terms(columns, cells.texts, cells, cells.take(best)), winners, ties


def _input_grid(a: Numbers, links: Links, kind: Pooling) -> Grid:
    grid = parts.input_grid(a, links, "", padded=len(links.ghosts) > 0)
    grid = replace(grid, title="Map")
    if kind != "max pooling":
        return grid
    ghosts = set(links.ghosts.tolist())
    texts = tuple("−∞" if at in ghosts else text for at, text in enumerate(grid.texts))
    return replace(grid, texts=texts)


def _steps(
    terms: Terms, links: Links, join: tuple[str, str, str], ties: dict[int, list[int]]
) -> tuple[Step, ...]:
    count = prod(links.output_shape)
    ends = np.searchsorted(terms.columns["output"], np.arange(count + 1)).tolist()
    before, between, after = join
    between = ", " if between == "," else f" {between} "
    steps = []
    for output in range(count):
        start, stop = ends[output], ends[output + 1]
        total, value = terms.running.texts[stop - 1], terms.running.value(stop - 1)
        told = between.join(terms.product[start:stop])
        if stop - start > _MOST_TOLD:
            told = f"{stop - start} cells"
        name = cell_name(output, links.output_shape, 2)
        sentence = f"Output {name}: {before}{told}{after} = {total}."
        if output in ties:
            first = cell_name(int(terms.columns["input"][ties[output][0]]), links.input_shape, 2)
            sentence += (
                f" A tie: {len(ties[output])} cells hold {total}; "
                f"the first one, {first}, counts as the winner."
            )
        outputs, places, kernels = links.idle
        lies_in = outputs == output
        also: parts.Also = {}
        if lies_in.any():
            also = {
                "place": tuple(places[lies_in].tolist()),
                "kernel": tuple(kernels[lies_in].tolist()),
            }
            if not before.startswith("max"):
                sentence += f" The padding's {int(lies_in.sum())} zeros count, too."
        shown = {output: (total, float(value or 0))}
        steps.append(Step((start, stop), shown, sentence, total, value, also))
    return tuple(steps)
