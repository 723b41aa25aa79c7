"""The lesson on convolution in 1D: its setup, what can be played of it, and its code."""

from dataclasses import dataclass, replace
from typing import Literal, get_args

import numpy as np

from cnnlib.geometry import Mode, PaddingMode
from cnnlib.lessons.code import given_lines
from cnnlib.peers.one_dimension import Call
from cnnlib.ui import code_panel, walk_room
from cnnlib.walkthroughs import associativity, commutativity, convolution
from cnnlib.walkthroughs.definitions import convolve_loops, correlate_loops
from cnnlib.walkthroughs.examples import Example
from cnnlib.walkthroughs.form import Method, Operation, Walkthrough
from cnnlib.walkthroughs.links import LONGEST
from cnnlib.walkthroughs.numbers import Numbers

MOST = (1, LONGEST)
Played = Literal["a ∗ b", "b ∗ c", "a ∗ (b ∗ c)", "(a ∗ b) ∗ c"]
PLAYED: tuple[Played, ...] = get_args(Played)
_MOST_LISTED = 24  # results
# What stands on the left and on the right of the operation's sign.
_SIDES: dict[Played, tuple[str, str]] = {
    "a ∗ b": ("a", "b"),
    "b ∗ c": ("b", "c"),
    "a ∗ (b ∗ c)": ("a", "(b ∗ c)"),
    "(a ∗ b) ∗ c": ("(a ∗ b)", "c"),
}


@dataclass(frozen=True)
class Setup:
    """What the lesson's controls say. Arrays are texts, as typed."""

    a: str = "2,-1,1"
    b: str = "1,1,2"
    c: str | None = None
    operation: Operation = "convolution"
    padding: Mode = "full"
    padding_mode: PaddingMode = "zero"
    played: Played = "a ∗ b"

    def operand(self, name: str) -> Numbers:
        """Return the array a, b or c.

        Raises
        ------
        ValueError
            With one sentence that names the array.
        """
        return walk_room.operand(getattr(self, name) or "", MOST, dimensions=1, name=name)

    @property
    def sweep(self) -> tuple[Mode, PaddingMode]:
        """The outputs and the padding of what is played: the laws count all outputs."""
        return ("full", "zero") if self.c is not None else (self.padding, self.padding_mode)

    def sides(self) -> tuple[Numbers, Numbers]:
        """Return what stands on the left and on the right of the operation's sign."""
        left, right = _SIDES[self.played]
        return self._side(left), self._side(right)

    def walk(self, method: Method) -> Walkthrough:
        """Tell what is played, by one method."""
        padding, style = self.sweep
        walk = convolution(
            *self.sides(), method, operation=self.operation, padding=padding, padding_mode=style
        )
        return walk if self.played == "a ∗ b" else self._named(walk)

    def check(self) -> None:
        """Raise ValueError, with one sentence, for what cannot be shown."""
        self.walk("flip-and-filter")
        if self.c is not None:
            self.operand("c")

    @property
    def operands(self) -> dict[str, tuple[str, str]]:
        """For each operand that can be typed into: its name, and its text."""
        names = dict(zip(("input", "kernel"), _SIDES[self.played], strict=True))
        return {o: (name, getattr(self, name)) for o, name in names.items() if len(name) == 1}

    @property
    def law(self) -> str:
        """Say whether a law holds for these arrays: the third array asks for another one."""
        a, b = self.operand("a"), self.operand("b")
        if self.c is None:
            sides = commutativity(a, b, operation=self.operation)
            law, left, right = "commutative", "a ∗ b", "b ∗ a"
        else:
            sides = associativity(a, b, self.operand("c"), operation=self.operation)
            law, left, right = "associative", "a ∗ (b ∗ c)", "(a ∗ b) ∗ c"
        results = [side[-1].result().texts for side in (sides.left, sides.right)]
        listed = len(results[0]) <= _MOST_LISTED
        if listed:
            first, second = (f" = ({', '.join(texts)})" for texts in results)
            told = f"{left} = {right}{first}" if sides.equal else f"{left}{first}, {right}{second}"
        else:
            told = f"{left} {'=' if sides.equal else '≠'} {right}"
        if self.operation == "convolution":
            end = f"convolution is {law}"
        else:
            agrees = ", even if the two agree here" if sides.equal else ""
            end = f"cross-correlation is not {law}{agrees}"
        return f"In full, {self.signed(told)}: {end}."

    def signed(self, text: str) -> str:
        """Write the operation's own sign."""
        return text if self.operation == "convolution" else text.replace("∗", "⊗")

    def _side(self, name: str) -> Numbers:
        if len(name) == 1:
            return self.operand(name)
        inner: Played = "a ∗ b" if name == "(a ∗ b)" else "b ∗ c"
        return replace(self, played=inner).walk("flip-and-filter").result()

    def _named(self, walk: Walkthrough) -> Walkthrough:
        """Say in the titles which arrays are meant, rather than a and b."""
        left, right = _SIDES[self.played]
        titles = {
            "Input a": f"Input {left}",
            "Kernel b": f"Kernel {right}",
            "Kernel b, flipped": f"Kernel {right}, flipped",
            self.signed("Output a ∗ b"): f"Output {self.played}",
        }
        grids = [
            replace(grid, title=self.signed(titles.get(grid.title, grid.title)))
            for grid in walk.grids
        ]
        return replace(walk, grids=tuple(grids))


def of_example(example: Example) -> dict[str, object]:
    """Return what the controls must say to show an example, by the names of the controls."""
    return {
        "a": example.a.to_text(),
        "b": example.b.to_text(),
        "keep": example.options.get("padding", "full"),
        "op": example.options.get("operation", "convolution"),
    }


def count(walks: list[Walkthrough]) -> str:
    """Say how few numbers a matrix is made of, if it is shown."""
    facts = walks[-1].facts
    if not facts:
        return ""
    return (
        f"The matrix has {facts['entries']:,} entries, {facts['parameters']} parameters, "
        "each with a mark of its own: that is why ConvNets are small."
    )


def show_code(setup: Setup, walk: Walkthrough, *, key: str) -> None:
    """Show the definition, and other libraries' calls, for what is played of a setup."""
    a, b = setup.sides()
    call = Call(a, b, setup.operation, *setup.sweep)
    definition = convolve_loops if call.flips else correlate_loops
    result = walk.result()
    lines = given_lines(a=a, b=b)
    lines.append(f"{definition.__name__}({call.array}, b){call.kept}  # {', '.join(result.texts)}")
    code_panel.show(definition, lines, np.asarray(result.values), call.peers(), key=key)
