"""The lesson on convolution in 2D: its setup, how the output size follows, and its code."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from math import prod
from string import ascii_lowercase
from typing import Literal

import numpy as np
import streamlit as st

from cnnlib.drawings.drawing import Drawing, rasterize
from cnnlib.drawings.images import frame, resize, to_input
from cnnlib.drawings.reading import RASTER
from cnnlib.geometry import Mode, PaddingMode
from cnnlib.lessons.code import given_lines
from cnnlib.peers.two_dimensions import Call
from cnnlib.ui import code_panel, walk_room
from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.definitions import correlate2d_loops
from cnnlib.walkthroughs.examples import TWO_DIMENSIONS, Example
from cnnlib.walkthroughs.form import Method, Operation, Walkthrough
from cnnlib.walkthroughs.links import LARGEST_INPUT, Padding
from cnnlib.walkthroughs.numbers import Numbers, letters, numbers
from cnnlib.walkthroughs.puzzles import Puzzle

Outputs = Literal[Mode, "padding P"]
OUTPUTS: tuple[Outputs, ...] = ("full", "same", "valid", "padding P")
MOST = {"A": (LARGEST_INPUT, LARGEST_INPUT), "B": (7, 7)}
_LECTURE = TWO_DIMENSIONS["lecture"]
_DRAWN = 14  # rows and columns of a drawing: half of what the network sees, still to be read


@dataclass(frozen=True)
class Setup:
    """What the lesson's controls say. Arrays are texts, as typed."""

    A: str = _LECTURE.a.to_text().replace(";", "\n")
    B: str = _LECTURE.b.to_text().replace(";", "\n")
    operation: Operation = "convolution"
    outputs: Outputs = "full"
    P: int = 1
    padding_mode: PaddingMode = "zero"
    S: int = 1
    D: int = 1
    letters: bool = False

    @property
    def padding(self) -> Padding:
        """The padding as the core takes it: a mode, or a number of cells."""
        return self.P if self.outputs == "padding P" else self.outputs

    @property
    def operands(self) -> dict[str, tuple[str, str]]:
        """For each operand that can be typed into: its control, and its text."""
        return {} if self.letters else {"input": ("A", self.A), "kernel": ("B", self.B)}

    def sides(self) -> tuple[Numbers, Numbers]:
        """Return input and kernel: as typed, or letters in their places.

        Raises
        ------
        ValueError
            With one sentence that names the array.
        """
        a, b = (
            walk_room.operand(getattr(self, name), MOST[name], dimensions=2, name=name)
            for name in MOST
        )
        if not self.letters:
            return a, b
        cells, weights = prod(a.shape), prod(b.shape)
        if cells + weights > len(ascii_lowercase):
            raise ValueError(
                f"{cells} input cells and {weights} weights need more than the "
                f"{len(ascii_lowercase)} letters: use smaller arrays, or numbers"
            )
        # As in the book: the input from a on, the kernel up to z.
        return (
            letters(ascii_lowercase[:cells], a.shape),
            letters(ascii_lowercase[-weights:], b.shape),
        )

    def walk(self, method: Method) -> Walkthrough:
        """Tell it by one method."""
        return convolution(
            *self.sides(),
            method,
            operation=self.operation,
            padding=self.padding,
            padding_mode=self.padding_mode,
            stride=self.S,
            dilation=self.D,
        )

    def check(self) -> None:
        """Raise ValueError, with one sentence, for what cannot be shown."""
        self.walk("flip-and-filter")


def of_example(example: Example) -> dict[str, object]:
    """Return what the controls must say to show an example, by the names of the controls."""
    padding = example.options.get("padding", "full")
    lettered = example.a.parts is None
    # Letters stand in the places of some numbers: any will do.
    a, b = (
        numbers(np.ones(array.shape, int)) if lettered else array
        for array in (example.a, example.b)
    )
    return {
        "A": a.to_text(),
        "B": b.to_text(),
        "operation": example.options.get("operation", "convolution"),
        "outputs": "padding P" if isinstance(padding, int) else padding,
        "P": padding if isinstance(padding, int) else Setup.P,
        "padding": example.options.get("padding_mode", "zero"),
        "S": example.options.get("stride", 1),
        "D": example.options.get("dilation", 1),
        "letters": lettered,
    }


def of_puzzle(puzzle: Puzzle, changes: Mapping[str, object]) -> dict[str, object]:
    """Return what the controls must say where a puzzle begins, but for some changes.

    Parameters
    ----------
    puzzle : Puzzle
    changes : mapping of str to object
        As a puzzle's solution: the kernel "b", or options of the builder.
    """
    options = {name: value for name, value in changes.items() if name != "b"}
    start = replace(puzzle.start, options=puzzle.start.options | options)
    kernel = {"B": changes["b"]} if "b" in changes else {}
    return of_example(start) | kernel | {"predict2d": False}


def of_drawing(drawing: Drawing) -> str:
    """Return a drawing as an input, in tenths of full ink, framed as the network sees it.

    Raises
    ------
    ValueError
        If nothing is drawn.
    """
    pixels = to_input(frame(rasterize(drawing, RASTER)).pixels[None])[0, 0]
    return numbers(np.round(resize(pixels, _DRAWN, _DRAWN), 1)).to_text()


def size(walk: Walkthrough, *, asked: bool) -> str:
    """Say how the output size follows, what does not fit, and which cells are never used.

    Parameters
    ----------
    walk : Walkthrough
    asked : bool
        Whether the learner is to work it out: then the formula alone.
    """
    rows, columns = (text.partition(": ")[2] for text in walk.sizes)
    formula = "$W_2=(W_1-F+2P)/S+1$"
    if asked:
        return f":small[Work the output size out, rows and columns: {formula}.]"
    if walk.notes:  # these say that it is rounded, and to what
        rows, columns = (text.partition(", rounded")[0] for text in (rows, columns))
    told = f"both {rows}" if rows == columns else f"rows {rows}, columns {columns}"
    shape = "×".join(map(str, walk.shapes["output"]))
    return f":small[{' '.join([f'**Output {shape}**: {formula}, {told}.', *walk.notes])}]"


def show_code(setup: Setup, walk: Walkthrough, *, key: str) -> None:
    """Show the definition, and other libraries' calls, with a setup's numbers."""
    if setup.letters:
        st.caption("Letters are not computed with: switch them off to see the code with numbers.")
        return
    a, b = setup.sides()
    call = Call(a, b, setup.operation, setup.padding, setup.padding_mode, setup.S, setup.D)
    lines = given_lines(A=a, B=b)
    result = walk.result()
    shown = np.reshape(result.values, result.shape)  # type: ignore[arg-type]
    code_panel.show(correlate2d_loops, [*lines, *call.lines()], shown, call.peers(), key=key)
