"""Translate-and-scale: shifted copies of one operand, scaled by the other's numbers, add up."""

from dataclasses import dataclass, replace
from math import prod
from typing import Literal

import numpy as np

from cnnlib.walkthroughs import parts
from cnnlib.walkthroughs.form import Grid, Step, Terms, Walkthrough
from cnnlib.walkthroughs.links import Links, cell_name
from cnnlib.walkthroughs.numbers import Numbers
from cnnlib.walkthroughs.words import Lines, Panel, Words

Copied = Literal["input", "kernel"]
MOST_COPIES = 49
MOST_CELLS = 40_000
_MOST_LISTED = 6


def translate_and_scale(
    a: Numbers, b: Numbers, links: Links, copied: Copied | None = None
) -> Walkthrough:
    """Tell a convolution or cross-correlation as a sum of copies, one copy at a time.

    a ∗ b = Σ_i a_i · (b shifted by i) = Σ_s b_s · (a shifted by s). A cross-correlation
    adds reversed copies of the kernel, or copies of the input shifted the other way.

    Parameters
    ----------
    a, b : Numbers
        Input and kernel.
    links : Links
        Their products.
    copied : {"input", "kernel"}, optional
        Which operand is copied. By default, in one dimension the kernel is copied, once for
        each input cell; in two dimensions, and for a long signal, the input is copied, once for
        each weight.

    Raises
    ------
    ValueError
        If there are too many copies to be shown.
    """
    if copied is None:
        short = links.dimensions == 1 and len(a.texts) <= parts.LONGEST_EDITABLE
        copied = "kernel" if short else "input"
    if copied == "kernel":
        pile = _Pile(links, scales=a, scaler="input", copied=b, name=parts.names(links)[1])
    elif copied == "input":
        pile = _Pile(links, scales=b, scaler="kernel", copied=a, name=parts.names(links)[0])
    else:
        raise ValueError(f"copies of {copied!r}: use 'input' or 'kernel'")
    pile.check()
    columns = {"output": links.output, "input": links.input, "kernel": links.kernel}
    scaler = columns[pile.scaler]
    columns["copy"] = scaler * pile.size + links.output
    terms = parts.terms_of(a, b, columns, scaler)
    a_name, b_name, result = parts.names(links)
    output = parts.output_grid(terms, links, result)
    copies = pile.grids(terms, output)
    return Walkthrough(
        links.operation,
        "translate-and-scale",
        links.dimensions,
        (
            parts.input_grid(a, links, a_name, padded=False),
            parts.kernel_grid(b, links, b_name),
            *copies,
            output,
        ),
        (("input", parts.sign(links), "kernel"), *pile.layout()),
        Panel("pile" if links.dimensions == 1 else "lines", pile.layout()),
        words(links),
        terms,
        pile.steps(terms, copies),
        links.shapes,
        links.unused,
        links.sizes,
        links.notes,
    )


def words(links: Links) -> Words:
    """Return how adding copies is told."""
    return Words("one copy at a time", links.nothing, "Output {}, after this copy, is")


@dataclass(frozen=True, eq=False)
class _Pile:
    """The copies that are added, one for each number of `scales`; that number multiplies it."""

    links: Links
    scales: Numbers
    scaler: Literal["input", "kernel"]
    copied: Numbers
    name: str

    @property
    def count(self) -> int:
        return len(self.scales.texts)

    @property
    def size(self) -> int:
        return prod(self.links.output_shape)

    def check(self) -> None:
        if self.count > MOST_COPIES or self.count * self.size > MOST_CELLS:
            raise ValueError(
                f"{self.count:,} copies of {self.size:,} cells are more than can be shown "
                f"({MOST_COPIES} copies, {MOST_CELLS:,} cells): use smaller arrays"
            )

    def rows(self, terms: Terms, number: int) -> range:
        """Return the rows of the table that one copy adds."""
        return range(*np.searchsorted(terms.columns[self.scaler], [number, number + 1]).tolist())

    def grids(self, terms: Terms, output: Grid) -> list[Grid]:
        """Return each scaled copy at its place in the output, blank elsewhere."""
        cells = np.arange(self.count * self.size)
        reached = np.isin(cells, terms.columns["copy"])
        # Padding that is not of zeros can bring two products of a copy to one output.
        sums = terms.value.running(terms.columns["copy"]).last(terms.columns["copy"], len(cells))
        texts = np.where(reached, sums.texts, "").tolist()
        values = np.where(reached, parts.values_of(sums), np.nan)
        return [
            replace(
                output,
                id=f"copy{number}",
                title=self.title(terms, number),
                role="copy",
                space="copy",
                lit_by="copy",
                cells=cells[own],
                texts=tuple(texts[own]),
                values=values[own],
                step=number,
            )
            for number in range(self.count)
            for own in [slice(number * self.size, (number + 1) * self.size)]
        ]

    def steps(self, terms: Terms, copies: list[Grid]) -> tuple[Step, ...]:
        """Return one step for each copy, with the output as it is once the copy is added."""
        steps = []
        running = parts.values_of(terms.running).tolist()
        blank = dict.fromkeys(range(self.size), ("0", 0.0))
        shape = self.links.shapes[self.scaler]
        who = "Input" if self.scaler == "input" else "Weight"
        for number, copy in enumerate(copies):
            rows = self.rows(terms, number)
            touched = terms.columns["output"][rows].tolist()
            shows = {
                cell: (terms.running.texts[row], running[row])
                for cell, row in zip(touched, rows, strict=True)
            }
            blank = {cell: zero for cell, zero in blank.items() if cell not in shows}
            if number == self.count - 1:
                shows |= blank  # a cell that no copy reaches is 0
            told = f"{copy.title} is added" if touched else "it touches no output"
            if self.is_zero(number):
                told = "it adds nothing"
            name = cell_name(number, shape, self.links.dimensions)
            sentence = f"{who} {name} is {self.scales.texts[number]}: {told}."
            steps.append(Step((rows.start, rows.stop), shows, sentence))
        return tuple(steps)

    def title(self, terms: Terms, number: int) -> str:
        """Write the copy that is added, such as −1×(1, 1, 2) at 1, or 2×A at (0, 1)."""
        rows = self.rows(terms, number)
        if not rows:
            return "nothing"
        scale = self.scales.texts[number]
        scaled = f"({scale})×" if "/" in scale else f"{scale}×"
        outputs = terms.columns["output"][rows]
        if len(np.unique(outputs)) < len(rows):  # the padding repeats the input cell
            return f"{scaled}{self.name} at each of its places"
        shape, dimensions = self.links.output_shape, self.links.dimensions
        return f"{scaled}{self._what(terms, rows)} at {cell_name(outputs[0], shape, dimensions)}"

    def _what(self, terms: Terms, rows: range) -> str:
        if self.links.dimensions == 1 and self.scaler == "input" and len(rows) <= _MOST_LISTED:
            weights = self.copied.take(terms.columns["kernel"][rows])
            return f"({', '.join(weights.texts)})"
        backwards = self.scaler == "input" and self.links.operation == "cross-correlation"
        repeats = self.scaler == "kernel" and (self.links.sources[self.links.ghosts] >= 0).any()
        name = f"{'padded ' * bool(repeats)}{self.name}{' reversed' * backwards}"
        if len(rows) == len(self.copied.texts):
            return name
        other: Literal["input", "kernel"] = "kernel" if self.scaler == "input" else "input"
        first = terms.columns[other][rows.start]
        start = cell_name(first, self.links.shapes[other], self.links.dimensions)
        return f"part of {name} from {start}"

    def layout(self) -> Lines:
        """Set the copies under one another in one dimension, side by side in two."""
        drawn = [f"copy{number}" for number in range(self.count) if not self.is_zero(number)]
        if self.links.dimensions == 1:
            added = [("+" if above else "", name) for above, name in enumerate(drawn)]
            return (*added, ("=", "output"))
        line = [item for name in drawn for item in ("+", name)]
        return ((*line[1:], "=", "output"),)

    def is_zero(self, number: int) -> bool:
        return self.scales.value(number) == 0
