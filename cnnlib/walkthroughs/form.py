"""A walkthrough: an operation told step by step, as data that any player can show.

A walkthrough holds grids of numbers, a table of terms (one row for each product) and
steps. Only the table says which cells belong together, and every computed number is written
out in a text, so that a player looks things up and never calculates.

The JSON form, `Walkthrough.to_json`, version 2
-----------------------------------------------
In place of each text stands its number in the list `texts`; text 0 is empty.

``version``      2
``operation``    "convolution", "cross-correlation", "transposed convolution", "max pooling",
                 "average pooling" or "L2 pooling"
``method``       "flip-and-filter", of a cross-correlation "slide-and-filter",
                 "translate-and-scale", "matrix form", or, for pooling, "window by window"
``join``         [before, between, after]: the signs around an output's products in writing
``dimensions``   1 or 2; a one-dimensional array is a grid of one row (or one column)
``texts``        list of str
``grids``        list of grids, below
``layout``       list of lines; a line is a list of grid ids, and of signs to be set
                 between them ("∗", "=", "+" …): every text that is no grid's id is a sign. A
                 grid stands in one place at most; a grid that no line names is not drawn.
``panel``        how a player draws the method, below the operands and their output
    ``drawn``    "lines": as in `layout`; "pile": of each line the last grid, one below the
                 other, so that each column of the pile stands above its output; "slide": three
                 grids of one row, of which the second moves under the cells of the first that a
                 step reads, with the terms below it, and the third is the output
    ``lines``    the grids and signs that are drawn, written as in `layout`
    ``alone``    the same for a player that shows the panel alone, or null: as in `lines`
``words``        how a player tells the method
    ``tells``    the content of a step: "one output at a time"
    ``term``     [one, several]: the noun for a row of the table
    ``uses``     {space: [one, several]}: the noun for a row when a cell of such a grid is
                 pointed at, if it is another word
    ``nothing``  the text in place of the terms of an output that has none
    ``size``     the question after the size of the output
    ``output``   the question after an output; {} stands for its number
``remark``       text below the panel: counts, or nothing
``shapes``       {"input", "kernel", "output": [rows, columns]}: how their cells are numbered,
                 row by row, in all methods
``terms``        the table, as columns of equal length; row r is one product (of a pooling:
                 one cell of a window). A column is told by the steps from each number to
                 the next, and its first number
    ``columns``  {name: list of int}: the number of the cell that the product belongs to.
                 Always "output", "input" and "kernel", flat cell numbers that mean the same
                 in all methods: (output, kernel) names a product. Also "place" where a
                 grid is drawn padded, "matrix" and "copy" where such grids are drawn.
    ``product``  texts such as 2×(−1), input first
    ``value``    texts: the value of the product
    ``running``  texts: the value of its output cell once this product is added
``steps``        list, in order of play
    ``terms``    [start, stop]: rows of the table that belong to the step; it holds each
                 row exactly once, in order
    ``also``     {column name: list of int}: cells lit beside those of the terms. "place"
                 and "kernel" run side by side: weights that lie on zero padding.
    ``shows``    [[output cells], [texts], [values]]: the contents of the grids of role "output"
                 from this step on, with values for colouring; an output cell is blank until
                 a step mentions it
    ``sum``      text: the result of the step, or 0 if the step has no single result
    ``value``    the same as a number, or null
    ``sentence`` str: the step in words, for captions and screen readers
``winners``      list of rows of the table: the cell that a max pooling's window keeps
``unused``       list of input cells that no product uses
``sizes``        list of str: for each axis, the arithmetic of the output size
``notes``        list of str: sentences that a learner must read, such as on a stride that does
                 not fit

A grid:

``id``, ``title``, ``role``
                 role: "input", "kernel", "flipped kernel", "output", "matrix" or "copy"
``shape``        [rows, columns]
``origin``       [row, column] of the first cell: negative where padding is drawn, also around
                 the output of a transposed convolution, whose padding cuts products off
``space``        name of the column that numbers this grid's cells
``cells``        the number of each drawn cell, row by row: a list, or the first number
                 where the rest count on from it; −1 belongs to nothing. A padding cell has
                 the number of the input cell that it repeats.
``lit_by``       the column by which cells light up: that of `space`, but "place" for a
                 padded grid, whose drawn cells are numbered 0, 1, 2 … for that purpose
``ghosts``       list of drawn cells (0, 1, 2 …) that are padding
``texts``        texts, one for each drawn cell; those of the output are its final ones
``values``       numbers for colouring, null where a cell is blank or holds a letter
``limit``        the value at the end of the colour scale
``editable``     whether a learner may type into cells (never into ghosts)
``tie``          for a kernel or a matrix: for each cell the kernel cell whose weight it
                 holds, −1 for a structural zero, −2 for the sum of several weights; else null
``step``         the step with which the grid appears, or null if it is always there

To light the cells that a pointed cell touches: take its number in `cells`; find the rows
whose column `space` holds this number; in every grid light the cells whose number those
rows hold in the column `lit_by`. A step lights the cells of its own rows in the same way,
and those that `also` adds.
"""

import json
from dataclasses import dataclass, field
from fractions import Fraction
from math import isnan, nan, prod
from typing import Any, Literal

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.walkthroughs.numbers import Numbers
from cnnlib.walkthroughs.words import Lines, Panel, Words

VERSION = 3
Operation = Literal["convolution", "cross-correlation"]
Transposed = Literal["transposed convolution"]
Method = Literal["flip-and-filter", "translate-and-scale", "matrix form"]
TransposedMethod = Literal["translate-and-scale", "matrix form"]
Pooling = Literal["max pooling", "average pooling", "L2 pooling"]
Slid = Literal["slide-and-filter"]  # "flip-and-filter" where nothing is flipped
Pooled = Literal["window by window"]
Shown = tuple[str, float]
Role = Literal["input", "kernel", "flipped kernel", "output", "matrix", "copy"]


@dataclass(frozen=True, eq=False)
class Grid:
    """Numbers drawn in rows and columns; the module says what each attribute means.

    Attributes
    ----------
    cells : ndarray of shape (rows · columns,)
        The number, in `space`, of each drawn cell.
    ghosts : ndarray of int
        The drawn cells that are padding.
    values : ndarray of shape (rows · columns,), float64
        NaN where a cell is blank or holds a letter.
    tie : ndarray of shape (rows · columns,) or None
    """

    id: str
    title: str
    role: Role
    shape: tuple[int, int]
    space: str
    cells: NDArray[np.intp]
    texts: tuple[str, ...]
    values: NDArray[np.float64]
    limit: float
    origin: tuple[int, int] = (0, 0)
    lit_by: str = ""
    ghosts: NDArray[np.intp] = field(default_factory=lambda: np.empty(0, np.intp))
    editable: bool = False
    tie: NDArray[np.intp] | None = None
    step: int | None = None

    @property
    def lit_numbers(self) -> NDArray[np.intp]:
        """The number of each drawn cell in the column that lights it."""
        return np.arange(len(self.cells)) if self.lit_by == "place" else self.cells


@dataclass(frozen=True, eq=False)
class Terms:
    """One row for each product, in the order of the steps.

    Attributes
    ----------
    columns : dict of str to ndarray of shape (terms,)
    product : tuple of str
    value, running : Numbers of shape (terms,)
    """

    columns: dict[str, NDArray[np.intp]]
    product: tuple[str, ...]
    value: Numbers
    running: Numbers

    def __len__(self) -> int:
        return len(self.product)


@dataclass(frozen=True)
class Step:
    """The part of the operation that happens at once; the module describes each attribute.

    Attributes
    ----------
    terms : (int, int)
        Half-open range of rows of the table.
    shows : dict of int to (str, float)
        The text and the value, NaN for letters, of each output cell that changes.
    value : Fraction, float or None
        Exact if the numbers are exact.
    """

    terms: tuple[int, int]
    shows: dict[int, Shown]
    sentence: str
    sum: str = ""
    value: Fraction | float | None = None
    also: dict[str, tuple[int, ...]] = field(default_factory=dict)


@dataclass(frozen=True, eq=False)
class Walkthrough:
    """An operation told step by step. The module describes it and its JSON form.

    Attributes
    ----------
    facts : dict of str to int
        Counts such as the matrix's entries, which `remark` may write out.
    """

    operation: Operation | Transposed | Pooling
    method: Method | Slid | Pooled
    dimensions: int
    grids: tuple[Grid, ...]
    layout: Lines
    panel: Panel
    words: Words
    terms: Terms
    steps: tuple[Step, ...]
    shapes: dict[str, tuple[int, int]]
    unused: tuple[int, ...] = ()
    sizes: tuple[str, ...] = ()
    notes: tuple[str, ...] = ()
    facts: dict[str, int] = field(default_factory=dict)
    join: tuple[str, str, str] = ("", "+", "")
    winners: tuple[int, ...] = ()
    remark: str = ""

    def grid(self, name: str) -> Grid:
        """Return the grid with this id.

        Raises
        ------
        KeyError
            If there is no such grid.
        """
        for grid in self.grids:
            if grid.id == name:
                return grid
        raise KeyError(name)

    def lit(self, step: int) -> dict[str, NDArray[np.intp]]:
        """Return the drawn cells that a step lights, by grid id."""
        told = self.steps[step]
        rows = np.arange(*told.terms)
        return {
            grid.id: self._lit(grid, rows, told.also.get(grid.lit_by, ())) for grid in self.grids
        }

    def touched(self, name: str, cell: int) -> dict[str, NDArray[np.intp]]:
        """Return the drawn cells, by grid id, that share a product with one cell of a grid."""
        grid = self.grid(name)
        number = grid.cells[cell]
        rows = np.flatnonzero(self.terms.columns[grid.space] == number)
        return {other.id: self._lit(other, rows, ()) for other in self.grids}

    def won(self, step: int) -> NDArray[np.intp]:
        """Return the drawn cells of the input that have won a window by the end of a step."""
        winners = np.array(self.winners, np.intp)
        grid = self.grid("input")
        rows = winners[winners < self.steps[step].terms[1]]
        return self._lit(grid, rows, ())

    def shown(self, step: int) -> list[Shown]:
        """Return the output's texts and values after a step: "" and NaN for blank cells."""
        cells: list[Shown] = [("", nan)] * prod(self.shapes["output"])
        for told in self.steps[: step + 1]:
            for cell, shown in told.shows.items():
                cells[cell] = shown
        return cells

    def result(self) -> Numbers:
        """Return the output's numbers as (n,) or (rows, columns), so that they can be used again.

        Raises
        ------
        ValueError
            If the output is of letters.
        """
        rows, columns = self.shapes["output"]
        last = self.terms.running.last(self.terms.columns["output"], rows * columns)
        if last.parts is None:
            raise ValueError("letters have no value: use numbers to compute with the output")
        return last if self.dimensions == 1 else last.reshape(rows, columns)

    def to_json(self) -> str:
        """Return the JSON form."""
        return json.dumps(
            self.to_dict(), ensure_ascii=False, separators=(",", ":"), allow_nan=False
        )

    def to_dict(self) -> dict[str, Any]:
        """Return what the JSON form holds."""
        table: dict[str, int] = {"": 0}

        def number(text: str) -> int:
            return table.setdefault(text, len(table))

        body = {
            "grids": [_grid_dict(grid, number) for grid in self.grids],
            "layout": self.layout,
            "panel": self.panel.to_dict(),
            "words": self.words.to_dict(self.dimensions),
            "remark": self.remark,
            "terms": {
                "columns": {name: _steps(column) for name, column in self.terms.columns.items()},
                "product": _steps([number(text) for text in self.terms.product]),
                "value": _steps([number(text) for text in self.terms.value.texts]),
                "running": _steps([number(text) for text in self.terms.running.texts]),
            },
            "steps": [
                {
                    "terms": list(step.terms),
                    "also": {name: list(cells) for name, cells in step.also.items()},
                    "shows": [
                        list(step.shows),
                        [number(text) for text, _ in step.shows.values()],
                        [_value(value) for _, value in step.shows.values()],
                    ],
                    "sum": number(step.sum),
                    "value": None if step.value is None else float(step.value),
                    "sentence": step.sentence,
                }
                for step in self.steps
            ],
            "shapes": {name: list(shape) for name, shape in self.shapes.items()},
            "winners": list(self.winners),
            "unused": list(self.unused),
            "sizes": list(self.sizes),
            "notes": list(self.notes),
        }
        return {
            "version": VERSION,
            "operation": self.operation,
            "method": self.method,
            "join": list(self.join),
            "dimensions": self.dimensions,
            "texts": list(table),
            **body,
        }

    def _lit(self, grid: Grid, rows: NDArray[np.intp], also: tuple[int, ...]) -> NDArray[np.intp]:
        wanted = [*self.terms.columns[grid.lit_by][rows].tolist(), *also]
        return np.flatnonzero(np.isin(grid.lit_numbers, wanted))


def _steps(column: ArrayLike) -> list[int]:
    """Return a column of the terms by the steps from each number to the next, which deflate well.

    Neighbours are alike, and with 50,000 terms a page is a third smaller by this.
    """
    whole: list[int] = np.diff(column, prepend=0).tolist()
    return whole


def _value(value: float) -> float | int | None:
    """Return a value to colour by, short: integers as integers, blanks as null."""
    if isnan(value):
        return None
    return int(value) if value == int(value) else float(f"{value:.6g}")


def _grid_dict(grid: Grid, number: Any) -> dict[str, Any]:
    first = int(grid.cells[0])
    counts_on = np.array_equal(grid.cells, first + np.arange(len(grid.cells)))
    return {
        "id": grid.id,
        "title": grid.title,
        "role": grid.role,
        "shape": list(grid.shape),
        "origin": list(grid.origin),
        "space": grid.space,
        "cells": first if counts_on else grid.cells.tolist(),
        "lit_by": grid.lit_by,
        "ghosts": grid.ghosts.tolist(),
        "texts": [number(text) for text in grid.texts],
        "values": [_value(value) for value in grid.values.tolist()],
        "limit": _value(grid.limit),
        "editable": grid.editable,
        "tie": None if grid.tie is None else grid.tie.tolist(),
        "step": grid.step,
    }
