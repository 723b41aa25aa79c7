"""Convolution in one dimension: one operation by three methods, its boundaries, and its laws."""

from dataclasses import dataclass, replace
from functools import partial
from typing import Annotated, ClassVar, Literal

import numpy as np

from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import Film
from cnnlib.figures.scene import Scene
from cnnlib.geometry import Mode, PaddingMode
from cnnlib.lessons import lesson
from cnnlib.lessons.code import given_lines
from cnnlib.lessons.fields import Choice, Row, Switch, Whole
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Code, Example, Exercise, level_of
from cnnlib.lessons.telling import METHODS, drawn, filmed, tell
from cnnlib.peers.one_dimension import Call
from cnnlib.questions import Question
from cnnlib.walkthroughs import associativity, commutativity, convolution, predict
from cnnlib.walkthroughs.definitions import convolve_loops, correlate_loops
from cnnlib.walkthroughs.examples import ONE_DIMENSION
from cnnlib.walkthroughs.form import Method, Operation, Walkthrough
from cnnlib.walkthroughs.links import LONGEST
from cnnlib.walkthroughs.numbers import Numbers

Played = Literal["ab", "bc", "a(bc)", "(ab)c"]
# The names on the left and on the right of the operation's sign.
SIDES: dict[Played, tuple[str, str]] = {
    "ab": ("a", "b"),
    "bc": ("b", "c"),
    "a(bc)": ("a", "(b ∗ c)"),
    "(ab)c": ("(a ∗ b)", "c"),
}
PLAYED = {word: " ∗ ".join(sides) for word, sides in SIDES.items()}
_SIGNED = {label.replace("∗", "⊗"): word for word, label in PLAYED.items()}
OPERATIONS = ("convolution", "cross-correlation")
BORDERS = {"zero": "zeros", "reflect": "mirror", "edge": "edge", "circular": "circular"}
ARRAYS = {
    "a": Row("Input a", 1, LONGEST, name="a"),
    "b": Row("Kernel b", 1, LONGEST, name="b"),
    "c": Row("Third array c", 1, LONGEST, name="c"),
}
_MOST_LISTED = 24  # the most results that are listed


@dataclass(frozen=True)
class State(lesson.State):
    """The lesson's controls. Arrays are texts, as typed; `played` counts with a third array."""

    a: Annotated[str, ARRAYS["a"]] = "2,-1,1"
    b: Annotated[str, ARRAYS["b"]] = "1,1,2"
    c: Annotated[str, ARRAYS["c"]] = "1,-1"
    third: Annotated[bool, Switch("Third array")] = False
    operation: Annotated[Operation, Choice("Operation", OPERATIONS, link="op")] = "convolution"
    played: Annotated[Played, Choice("Play", PLAYED, once=_SIGNED, link="play")] = "ab"
    outputs: Annotated[Mode, Choice("Outputs", ("full", "same", "valid"), link="keep")] = "full"
    border: Annotated[PaddingMode, Choice("Padding", BORDERS, link="pad")] = "zero"
    predict: Annotated[bool, Switch("Predict")] = False
    coded: Annotated[bool, Switch("Show the code", link="code")] = False
    step: Annotated[int | None, Whole("Step", 0)] = None
    lead: Annotated[int, Whole("Method", 0, len(METHODS) - 1)] = 0

    examples: ClassVar = {
        name: Example(
            one.title,
            {
                "a": one.a.to_text(),
                "b": one.b.to_text(),
                "outputs": one.options.get("padding", "full"),
                "operation": one.options.get("operation", "convolution"),
            },
        )
        for name, one in ONE_DIMENSION.items()
        if "stride" not in one.options
    }

    def operand(self, name: str) -> Numbers:
        """Return the array a, b or c, or raise ValueError with one sentence that names it."""
        return ARRAYS[name].numbers(getattr(self, name))

    @property
    def played_now(self) -> Played:
        """The product that is played: the first one, unless there is a third array."""
        return self.played if self.third else "ab"

    @property
    def sweep(self) -> tuple[Mode, PaddingMode]:
        """The outputs and the padding of the played product; the laws count all outputs."""
        return ("full", "zero") if self.third else (self.outputs, self.border)

    def sides(self) -> tuple[Numbers, Numbers]:
        """Return the arrays on the left and on the right of the operation's sign."""
        left, right = SIDES[self.played_now]
        return self._side(left), self._side(right)

    def walk(self, method: Method = "flip-and-filter") -> Walkthrough:
        """Tell the played product by one method."""
        padding, style = self.sweep
        walk = convolution(
            *self.sides(), method, operation=self.operation, padding=padding, padding_mode=style
        )
        return walk if self.played_now == "ab" else self._named(walk)

    def walks(self) -> tuple[list[Walkthrough], list[str]]:
        """Tell the played product by each method, with a remark for each method that cannot."""
        return tell(self.walk)

    @property
    def operands(self) -> dict[str, tuple[str, str]]:
        """The operands that can be typed into: for each its name and its text."""
        names = dict(zip(("input", "kernel"), SIDES[self.played_now], strict=True))
        return {o: (name, getattr(self, name)) for o, name in names.items() if len(name) == 1}

    def probe(self, given: Given) -> None:
        """Raise ValueError if the state cannot be shown; a third array counts only if it is on."""
        self.walk()
        if self.third:
            try:
                self.law  # noqa: B018 - refuses products that are too long for the next one
            except ValueError as error:
                raise ValueError(f"the associative law can't be told: {error}") from None

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw one step: the link's, or else the fullest, or the first if Predict asks."""
        return drawn(self.walks()[0], self.lead, self.step, 0 if self.predict else None, theme)

    def scenes(self, given: Given, theme: Theme = "light") -> Film:
        """Draw all steps of the method that leads."""
        return filmed(self.walks()[0], self.lead, theme)

    def told(self, given: Given) -> str:
        """Say whether a law holds, and how few numbers a shown matrix is made of."""
        if self.predict:
            return "Your turn. How many outputs will there be? Which are they?"
        matrix = METHODS[self.lead] == "matrix form"
        return f"{self.law} {count(self.walks()[0]) if matrix else ''}"

    @property
    def law(self) -> str:
        """Say whether a law holds for these arrays; a third array asks for the associative law."""
        a, b = self.operand("a"), self.operand("b")
        if self.third:
            sides = associativity(a, b, self.operand("c"), operation=self.operation)
            law, left, right = "associative", "a ∗ (b ∗ c)", "(a ∗ b) ∗ c"
        else:
            sides = commutativity(a, b, operation=self.operation)
            law, left, right = "commutative", "a ∗ b", "b ∗ a"
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

    def code(self, given: Given) -> Code:
        """Return the definition, and other libraries' calls, for the played product."""
        a, b = self.sides()
        call = Call(a, b, self.operation, *self.sweep)
        definition = convolve_loops if call.flips else correlate_loops
        result = self.walk().result()
        shown = f"{definition.__name__}({call.array}, b){call.kept}  # {', '.join(result.texts)}"
        lines = (*given_lines(a=a, b=b), shown)
        return Code(definition, lines, np.asarray(result.values), call.peers())

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for one output: without a flip, with it, or at a border that repeats the input."""
        n, k = {1: (4, 2), 2: (4, 3), 3: (5, 3)}[level_of(level)]
        a, b = (",".join(map(str, rng.integers(-3, 4, size))) for size in (n, k))
        opening = cls(a=a, b=b)
        if level == 1:
            state = replace(opening, operation="cross-correlation", outputs="valid")
        elif level == 2:
            state = opening
        else:
            border: PaddingMode = ("reflect", "edge", "circular")[int(rng.integers(3))]
            state = replace(opening, outputs="same", border=border)
        walk = state.walk()
        at = int(rng.integers(len(walk.steps)))
        padded = f", padding {BORDERS[state.border]}" if level > 2 else ""
        a, b = (", ".join(state.operand(name).texts) for name in ("a", "b"))
        question = Question(
            f"{state.operation.capitalize()}, outputs {state.outputs}{padded}: with a = ({a}) and "
            f"b = ({b}), what is output {at}? Outputs count from 0.",
            partial(predict, walk, at),
        )
        return Exercise(replace(state, step=at), question, walk, walk.result().texts[at])

    def _side(self, name: str) -> Numbers:
        if len(name) == 1:
            return self.operand(name)
        inner: Played = "ab" if name == "(a ∗ b)" else "bc"
        return replace(self, third=True, played=inner).walk().result()

    def _named(self, walk: Walkthrough) -> Walkthrough:
        """Put the names of the played arrays into the titles, in place of a and b."""
        left, right = SIDES[self.played_now]
        titles = {
            "Input a": f"Input {left}",
            "Kernel b": f"Kernel {right}",
            "Kernel b, flipped": f"Kernel {right}, flipped",
            self.signed("Output a ∗ b"): f"Output {PLAYED[self.played_now]}",
        }
        grids = [
            replace(grid, title=self.signed(titles.get(grid.title, grid.title)))
            for grid in walk.grids
        ]
        return replace(walk, grids=tuple(grids))


def count(walks: list[Walkthrough]) -> str:
    """Say how few numbers a matrix is made of, if it is shown."""
    facts = walks[-1].facts
    if not facts:
        return ""
    return (
        f"The matrix has {facts['entries']:,} entries, {facts['parameters']} parameters, "
        "each with a mark of its own: that is why ConvNets are small."
    )
