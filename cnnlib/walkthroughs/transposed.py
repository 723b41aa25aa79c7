"""A transposed convolution, told patch by patch, or as the transposed matrix."""

from dataclasses import dataclass, replace
from typing import get_args

import numpy as np
from numpy.typing import ArrayLike, NDArray

from cnnlib.checks import Pair, pair
from cnnlib.geometry import Sweep, input_size
from cnnlib.walkthroughs import parts
from cnnlib.walkthroughs.axis import Axis
from cnnlib.walkthroughs.copies import words
from cnnlib.walkthroughs.form import Grid, Step, Terms, TransposedMethod, Walkthrough
from cnnlib.walkthroughs.links import LARGEST_INPUT, Links, cell_name, link
from cnnlib.walkthroughs.matrix import matrix_form
from cnnlib.walkthroughs.numbers import Numbers, numbers
from cnnlib.walkthroughs.words import Panel


@dataclass(frozen=True, eq=False)
class Backwards(Links):
    """The links of a convolution read backwards: the convolution's outputs are the input here.

    Attributes
    ----------
    output_padding : (int, int)
        For rows and for columns.
    """

    output_padding: tuple[int, int] = (0, 0)

    @property
    def input_shape(self) -> tuple[int, int]:
        """(rows, columns) of the input."""
        return self.rows.outputs, self.columns.outputs

    @property
    def output_shape(self) -> tuple[int, int]:
        """(rows, columns) of the output."""
        return self.rows.n, self.columns.n

    @property
    def patches(self) -> NDArray[np.intp]:
        """How many patches reach each output cell, shape (rows, columns)."""
        return np.bincount(self.output, minlength=self.rows.n * self.columns.n).reshape(
            self.output_shape
        )

    @property
    def nothing(self) -> str:
        """Say what an output adds up that no patch reaches."""
        return "no patch"

    @property
    def sizes(self) -> tuple[str, ...]:
        """The arithmetic of the output size, for each axis."""
        told = []
        for name, axis, extra in zip(
            ("Rows", "Columns"), (self.rows, self.columns), self.output_padding, strict=True
        ):
            k, d = axis.sweep.kernel, axis.sweep.dilation
            extent = f"{d}·({k} − 1) + 1" if d > 1 else f"{k}"
            ends = f" − 2·{axis.before}" if axis.before else ""
            more = f" + {extra}" if extra else ""
            sum_ = f"({axis.outputs} − 1)·{axis.sweep.stride} + {extent}{ends}{more}"
            told.append(f"{name}: {sum_} = {axis.n}")
        return tuple(told)

    @property
    def notes(self) -> tuple[str, ...]:
        """Sentences about a stride whose patches leave gaps, or overlap unevenly."""
        notes = []
        counts = sorted({r * c for r in _overlaps(self.rows) for c in _overlaps(self.columns)})
        if len(counts) > 1 and counts[0]:
            listed = f"{', '.join(map(str, counts[:-1]))} or {counts[-1]}"
            notes.append(
                f"Inside, an output cell adds up {listed} products: kernel and stride make "
                "patches overlap unevenly, like a checkerboard."
            )
        alone = int((self.patches == 0).sum())
        if alone:
            cells = "cells are" if alone > 1 else "cell is"
            notes.append(f"{alone} output {cells} reached by no patch: 0 there.")
        return tuple(notes)


def _overlaps(axis: Axis) -> list[int]:
    """Return how many weights meet on a cell, for each of `stride` cells far from the border."""
    weights = axis.sweep.dilation * np.arange(axis.sweep.kernel)
    return np.bincount(weights % axis.sweep.stride, minlength=axis.sweep.stride).tolist()


def transposed(
    a: "ArrayLike | Numbers",
    b: "ArrayLike | Numbers",
    method: TransposedMethod = "translate-and-scale",
    *,
    stride: Pair = 1,
    padding: Pair = 0,
    output_padding: Pair = 0,
    dilation: Pair = 1,
) -> Walkthrough:
    """Tell the transposed convolution of one map with a kernel.

    Each input cell paints its multiple of the kernel, stride cells apart; where patches
    overlap they add up, and the padding cuts off what lies outside.

    Parameters
    ----------
    a, b : array_like of shape (rows, columns), or Numbers
        Input and kernel: numbers, or texts as typed.
    method : {"translate-and-scale", "matrix form"}
        One input cell at a time; or the matrix of the convolution that is transposed, with
        rows and columns exchanged, times the input.
    stride, padding, output_padding, dilation : int or (int, int)
        As in `cnnlib.transposed.conv_transpose2d`.

    Raises
    ------
    ValueError
        If something does not fit or is no number; one sentence says what to change.

    Examples
    --------
    >>> walk = transposed([[1, 2]], [[1, 1, 1]], stride=2)
    >>> walk.grid("output").texts
    ('1', '1', '3', '2', '2')
    >>> walk.steps[1].sentence
    'Input (0, 1) is 2: 2×B is added from (0, 2) on, 1 cell over other patches.'
    """
    a, b = numbers(a), numbers(b)
    links = _link(a.shape, b.shape, stride, padding, output_padding, dilation)
    if method == "matrix form":
        return _as_matrix(matrix_form(a, b, links))
    if method != "translate-and-scale":
        raise ValueError(f"method {method!r}: use one of {', '.join(get_args(TransposedMethod))}")
    columns = {"output": links.output, "input": links.input, "kernel": links.kernel}
    if len(links.ghosts):
        columns["place"] = links.place
    terms = parts.terms_of(a, b, columns, links.input)
    a_name, b_name, result = parts.names(links)
    layout = (("input", parts.sign(links), "kernel", "=", "output"),)
    return Walkthrough(
        links.operation,
        "translate-and-scale",
        2,
        (
            parts.input_grid(a, links, a_name, padded=False),
            parts.kernel_grid(b, links, b_name),
            _output_grid(terms, links, result),
        ),
        layout,
        Panel("lines", layout),
        words(links),
        terms,
        _steps(a, terms, links),
        links.shapes,
        links.unused,
        links.sizes,
        links.notes,
    )


def _link(
    input_shape: tuple[int, ...],
    kernel_shape: tuple[int, ...],
    stride: Pair,
    padding: Pair,
    output_padding: Pair,
    dilation: Pair,
) -> Backwards:
    """Return the products of one call, which are those of the convolution that is transposed."""
    if len(input_shape) != 2 or len(kernel_shape) != 2:
        raise ValueError("use an input and a kernel of two axes each")
    steps, pads = pair("stride", stride, 1), pair("padding", padding, 0)
    spread, extra = pair("dilation", dilation, 1), pair("output padding", output_padding, 0)
    sweeps = map(Sweep, kernel_shape, steps, pads, spread)
    size = tuple(map(input_size, input_shape, sweeps, extra))
    if max(size) > LARGEST_INPUT:
        raise ValueError(
            f"an output of {size[0]}×{size[1]} is more than the {LARGEST_INPUT}×{LARGEST_INPUT} "
            "that can be shown: use a smaller input or stride"
        )
    forward = link(
        size,
        kernel_shape,
        operation="cross-correlation",
        padding=pads,
        stride=steps,
        dilation=spread,
    )
    return Backwards(
        "transposed convolution",
        2,
        forward.rows,
        forward.columns,
        output=forward.input,
        input=forward.output,
        kernel=forward.kernel,
        place=forward.place,
        idle=forward.idle,
        output_padding=extra,
    )


def _as_matrix(walk: Walkthrough) -> Walkthrough:
    """Return the matrix form under the name of a transposed matrix."""
    matrix = walk.grid("matrix")
    named = replace(matrix, title=f"Mᵀ, {matrix.shape[0]}×{matrix.shape[1]}")
    return replace(walk, grids=tuple(named if grid is matrix else grid for grid in walk.grids))


def _output_grid(terms: Terms, links: Backwards, title: str) -> Grid:
    """Return the output, with the border that the padding cuts off."""
    grid = parts.output_grid(terms, links, title)
    if not len(links.ghosts):
        return grid
    cells = links.sources
    return replace(
        grid,
        shape=links.padded_shape,
        cells=cells,
        texts=tuple(grid.texts[cell] if cell >= 0 else "" for cell in cells.tolist()),
        values=np.where(cells >= 0, grid.values[cells], np.nan),
        origin=(-links.rows.before, -links.columns.before),
        lit_by="place",
        ghosts=links.ghosts,
    )


def _steps(a: Numbers, terms: Terms, links: Backwards) -> tuple[Step, ...]:
    """Return one step for each input cell: the patch that it adds."""
    running = parts.values_of(terms.running).tolist()
    ends = np.searchsorted(terms.columns["input"], np.arange(len(a.texts) + 1)).tolist()
    inputs, places, kernels = links.idle
    painted: set[int] = set()
    steps = []
    for cell, text in enumerate(a.texts):
        start, stop = ends[cell], ends[cell + 1]
        reached = terms.columns["output"][start:stop].tolist()
        shows = {
            output: (terms.running.texts[row], running[row])
            for row, output in enumerate(reached, start)
        }
        cut = inputs == cell
        told = _told(a.value(cell) == 0, text, reached, painted, int(cut.sum()), links)
        painted.update(reached)
        if cell == len(a.texts) - 1:  # a cell that no patch reaches is 0
            shows |= {o: ("0", 0.0) for o in range(links.patches.size) if o not in painted}
        also: parts.Also = {}
        if cut.any():
            also = {"place": tuple(places[cut].tolist()), "kernel": tuple(kernels[cut].tolist())}
        name = cell_name(cell, links.input_shape, 2)
        steps.append(Step((start, stop), shows, f"Input {name} is {text}: {told}.", also=also))
    return tuple(steps)


def _told(
    zero: bool, text: str, reached: list[int], painted: set[int], cut: int, links: Backwards
) -> str:
    if not reached:
        return "the padding cuts its whole patch off"
    if zero:
        return "it adds nothing"
    scaled = f"({text})×B" if "/" in text else f"{text}×B"
    told = f"{scaled} is added from {cell_name(reached[0], links.output_shape, 2)} on"
    over = len(painted.intersection(reached))
    if over:
        told += f", {over} cell{'s'[: over > 1]} over other patches"
    return told + (f"; the padding cuts off {cut}" if cut else "")
