"""The transposed convolution of one map: its setup, its code and how its size follows."""

from dataclasses import dataclass, fields

import numpy as np

from cnnlib.lessons.code import given_lines
from cnnlib.peers.transposed import TransposedCall
from cnnlib.transposed import conv_transpose2d_loops
from cnnlib.ui import code_panel, walk_room
from cnnlib.walkthroughs import transposed
from cnnlib.walkthroughs.examples import TRANSPOSED, Example
from cnnlib.walkthroughs.form import TransposedMethod, Walkthrough
from cnnlib.walkthroughs.numbers import Numbers

MOST = {"A": (8, 8), "B": (7, 7)}
_OPENING = TRANSPOSED["overlap"]


@dataclass(frozen=True)
class Setup:
    """What the controls say. Arrays are texts, as typed."""

    A: str = _OPENING.a.to_text()
    B: str = _OPENING.b.to_text()
    stride: int = 2
    padding: int = 0
    output_padding: int = 0
    dilation: int = 1

    @property
    def operands(self) -> dict[str, tuple[str, str]]:
        """For each operand: its control, and its text."""
        return {"input": ("t_A", self.A), "kernel": ("t_B", self.B)}

    def sides(self) -> tuple[Numbers, Numbers]:
        """Return input and kernel, or ValueError with one sentence."""
        a, b = (walk_room.operand(getattr(self, n), MOST[n], dimensions=2) for n in "AB")
        return a, b

    @property
    def settings(self) -> dict[str, int]:
        """Stride, padding, output padding and dilation."""
        return {name: getattr(self, name) for name in SETTINGS}

    def walk(self, method: TransposedMethod = "translate-and-scale") -> Walkthrough:
        """Tell it by one method, or raise ValueError for what cannot be shown."""
        return transposed(*self.sides(), method, **self.settings)

    def check(self) -> None:
        """Raise ValueError, with one sentence, for what cannot be shown."""
        self.walk()


SETTINGS = tuple(field.name for field in fields(Setup) if field.name not in MOST)


def of_example(example: Example) -> dict[str, object]:
    """Return what the controls must say to show an example, by the names of the controls."""
    usual = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
    arrays = {"A": example.a.to_text(), "B": example.b.to_text()}
    return {f"t_{name}": value for name, value in (arrays | usual | example.options).items()}


def story(walk: Walkthrough, *, asked: bool) -> str:
    """Say how the output's size follows, and what patches do to each other.

    Parameters
    ----------
    walk : Walkthrough
    asked : bool
        Whether the learner is to work it out: then the formula alone.
    """
    formula = "$W_2=(W_1-1)S+D(F-1)+1-2P+P_o$"
    if asked:
        return f"Work the output size out: {formula}."
    rows, columns = (text.partition(": ")[2] for text in walk.sizes)
    told = f"both {rows}" if rows == columns else f"rows {rows}, columns {columns}"
    sizes = ["×".join(map(str, walk.shapes[name])) for name in ("input", "output")]
    return " ".join([f"**Input {sizes[0]} → output {sizes[1]}**: {formula}, {told}.", *walk.notes])


def show_code(setup: Setup, walk: Walkthrough, *, key: str) -> None:
    """Show the definition, and other libraries' calls, with a setup's numbers."""
    a, b = setup.sides()
    call = TransposedCall(a, b, **setup.settings)
    lines = given_lines(A=a, B=b)
    result = walk.result()
    shown = np.reshape(result.values, result.shape)  # type: ignore[arg-type]
    code_panel.show(conv_transpose2d_loops, [*lines, *call.lines()], shown, call.peers(), key=key)
