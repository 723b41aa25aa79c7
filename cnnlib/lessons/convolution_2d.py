"""Convolution in two dimensions: three methods, a sweep's hyperparameters, and puzzles."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from math import prod
from string import ascii_lowercase
from typing import Annotated, Any, ClassVar, Literal

import numpy as np

from cnnlib.drawings.drawing import Drawing, rasterize
from cnnlib.drawings.images import frame, resize, to_input
from cnnlib.drawings.reading import RASTER
from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import Film
from cnnlib.figures.scene import Scene
from cnnlib.geometry import Mode, PaddingMode
from cnnlib.lessons import lesson
from cnnlib.lessons.code import given_lines
from cnnlib.lessons.convolution_1d import BORDERS, OPERATIONS
from cnnlib.lessons.fields import Choice, Grid, Switch, Whole
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Code, Exercise, level_of
from cnnlib.lessons.lesson import Example as NamedState
from cnnlib.lessons.telling import METHODS, drawn, filmed, tell
from cnnlib.peers.two_dimensions import Call
from cnnlib.questions import Question, Verdict
from cnnlib.walkthroughs import convolution, predict
from cnnlib.walkthroughs.definitions import correlate2d_loops
from cnnlib.walkthroughs.examples import TWO_DIMENSIONS, Example
from cnnlib.walkthroughs.form import Method, Operation, Walkthrough
from cnnlib.walkthroughs.links import LARGEST_INPUT, Padding
from cnnlib.walkthroughs.numbers import Numbers, letters, numbers
from cnnlib.walkthroughs.puzzles import PUZZLES, Puzzle

Outputs = Literal[Mode, "number"]
OUTPUTS = {"full": "full", "same": "same", "valid": "valid", "number": "padding P"}
ARRAYS = {
    "A": Grid("Input A", LARGEST_INPUT, LARGEST_INPUT, name="A"),
    "B": Grid("Kernel B", 7, 7, name="B"),
}
_LECTURE = TWO_DIMENSIONS["lecture"]
_DRAWN = 14  # rows and columns of a drawing: half of the network's input, and still readable


def fields_of(example: Example) -> dict[str, Any]:
    """Return the fields of the state that shows an example of a walkthrough."""
    options = example.options
    padding = options.get("padding", "full")
    lettered = example.a.parts is None
    # An example of letters has no numbers, so any numbers stand in their places.
    a, b = (
        numbers(np.ones(array.shape, int)) if lettered else array
        for array in (example.a, example.b)
    )
    return {
        "A": a.to_text(),
        "B": b.to_text(),
        "operation": options.get("operation", "convolution"),
        "outputs": "number" if isinstance(padding, int) else padding,
        "P": padding if isinstance(padding, int) else 1,
        "border": options.get("padding_mode", "zero"),
        "S": options.get("stride", 1),
        "D": options.get("dilation", 1),
        "letters": lettered,
        "puzzle": "",
    }


def fields_of_puzzle(name: str, changes: Mapping[str, object]) -> dict[str, Any]:
    """Return the fields of the state in which a puzzle begins, except for some changes.

    Parameters
    ----------
    name : str
        One of `PUZZLES`.
    changes : mapping of str to object
        Changes as in a puzzle's solution: the kernel "b", or options of the builder.
    """
    puzzle = PUZZLES[name]
    options = {option: value for option, value in changes.items() if option != "b"}
    start = replace(puzzle.start, options=puzzle.start.options | options)
    kernel = {"B": changes["b"]} if "b" in changes else {}
    return fields_of(start) | kernel | {"predict": False, "puzzle": name}


@dataclass(frozen=True)
class State(lesson.State):
    """The lesson's controls. Arrays are texts, as typed; P counts under "padding P"."""

    A: Annotated[str, ARRAYS["A"]] = _LECTURE.a.to_text()
    B: Annotated[str, ARRAYS["B"]] = _LECTURE.b.to_text()
    operation: Annotated[Operation, Choice("Operation", OPERATIONS)] = "convolution"
    outputs: Annotated[Outputs, Choice("Outputs", OUTPUTS)] = "full"
    P: Annotated[int, Whole("Padding P", 0, 8)] = 1
    border: Annotated[PaddingMode, Choice("Padding", BORDERS, link="padding")] = "zero"
    S: Annotated[int, Whole("Stride S", 1, 8)] = 1
    D: Annotated[int, Whole("Dilation", 1, 8)] = 1
    letters: Annotated[bool, Switch("Letters")] = False
    predict: Annotated[bool, Switch("Predict", link="predict2d")] = False
    coded: Annotated[bool, Switch("Show the code", link="code2d")] = False
    puzzle: Annotated[
        str,
        Choice("Puzzle", {"": "none"} | {name: one.title for name, one in PUZZLES.items()}),
    ] = ""
    step: Annotated[int | None, Whole("Step", 0)] = None
    lead: Annotated[int, Whole("Method", 0, len(METHODS) - 1)] = 0

    examples: ClassVar = {
        name: NamedState(one.title, fields_of(one)) for name, one in TWO_DIMENSIONS.items()
    } | {
        f"puzzle.{name}": NamedState(f"Puzzle: {one.title}", fields_of_puzzle(name, {}))
        for name, one in PUZZLES.items()
    }

    @property
    def padding(self) -> Padding:
        """The padding for the core: a mode, or a number of cells."""
        return self.P if self.outputs == "number" else self.outputs

    @property
    def asked(self) -> bool:
        """Whether the learner predicts outputs, which letters do not allow."""
        return self.predict and not self.letters

    @property
    def operands(self) -> dict[str, tuple[str, str]]:
        """The operands that can be typed into: for each its control and its text."""
        return {} if self.letters else {"input": ("A", self.A), "kernel": ("B", self.B)}

    def sides(self) -> tuple[Numbers, Numbers]:
        """Return input and kernel, as typed or as letters.

        Raises
        ------
        ValueError
            If an array cannot be read; one sentence names the array.
        """
        a, b = (ARRAYS[name].numbers(getattr(self, name)) for name in ARRAYS)
        if not self.letters:
            return a, b
        cells, weights = prod(a.shape), prod(b.shape)
        if cells + weights > len(ascii_lowercase):
            raise ValueError(
                f"{cells} input cells and {weights} weights need more than the "
                f"{len(ascii_lowercase)} letters: use smaller arrays, or numbers"
            )
        # Letters as in the book: the input's begin at a, the kernel's end at z.
        return (
            letters(ascii_lowercase[:cells], a.shape),
            letters(ascii_lowercase[-weights:], b.shape),
        )

    def walk(self, method: Method = "flip-and-filter") -> Walkthrough:
        """Tell the operation by one method."""
        return _told_by(self, method)

    def walks(self) -> tuple[list[Walkthrough], list[str]]:
        """Tell the operation by each method, with a remark for each method that cannot."""
        return tell(self.walk)

    @property
    def opened(self) -> Puzzle | None:
        """The puzzle that is open, if there is one and numbers are shown."""
        return None if self.letters else PUZZLES.get(self.puzzle)

    def probe(self, given: Given) -> None:
        """Raise ValueError, with one sentence, if the state cannot be shown."""
        self.walk()

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw one step: the link's, or else the fullest, or the first if Predict asks."""
        return drawn(self.walks()[0], self.lead, self.step, 0 if self.asked else None, theme)

    def scenes(self, given: Given, theme: Theme = "light") -> Film:
        """Draw all steps of the method that leads."""
        return filmed(self.walks()[0], self.lead, theme)

    def told(self, given: Given) -> str:
        """Write out the output size, and the numbers that a matrix is made of."""
        walks, _ = self.walks()
        facts = " · ".join(f"{number} {name}" for name, number in walks[-1].facts.items())
        return f"{size(walks[0], asked=self.asked, dilation=self.D)} {facts}"

    def code(self, given: Given) -> Code | None:
        """Return the definition and other libraries' calls, or None for letters."""
        if self.letters:
            return None
        a, b = self.sides()
        call = Call(a, b, self.operation, self.padding, self.border, self.S, self.D)
        result = self.walk().result()
        shown = np.reshape(result.values, result.shape)  # type: ignore[arg-type]
        lines = (*given_lines(A=a, B=b), *call.lines())
        return Code(correlate2d_loops, lines, shown, call.peers())

    def questions(self, given: Given) -> tuple[Question, ...]:
        """Ask the open puzzle, whose answer is a kernel; the player asks for outputs."""
        puzzle = self.opened
        if puzzle is None:
            return ()

        def judge(kernel: str) -> Verdict:
            tried = replace(self, B=kernel)
            return puzzle.check(*tried.sides(), tried.walk())

        return (Question(puzzle.task, judge),)

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for one output: without a flip, with it, or under stride and padding."""
        side, kernel = {1: (3, 2), 2: (3, 2), 3: (5, 3)}[level_of(level)]
        a, b = (
            ";".join(",".join(map(str, row)) for row in rng.integers(-2, 4, (n, n)).tolist())
            for n in (side, kernel)
        )
        state = cls(A=a, B=b)
        if level == 1:
            state = replace(state, operation="cross-correlation", outputs="valid")
        if level == 3:
            state = replace(state, operation="cross-correlation", outputs="number", P=1, S=2)
        walk = state.walk()
        at = int(rng.integers(len(walk.steps)))
        row, column = divmod(at, walk.shapes["output"][1])
        swept = f", padding {state.P}, stride {state.S}" if level == 3 else f", {state.outputs}"
        a, b = (text.replace("-", "−") for text in (a, b))
        question = Question(
            f"{state.operation.capitalize()}{swept}: input {a}, kernel {b}. What is the output "
            f"in row {row}, column {column}? Rows and columns count from 0.",
            partial(predict, walk, at),
        )
        return Exercise(replace(state, step=at), question, walk, walk.result().texts[at])


@lru_cache(maxsize=3)  # one state by each method: a page asks for the same several times in a run
def _told_by(state: State, method: Method) -> Walkthrough:
    return convolution(
        *state.sides(),
        method,
        operation=state.operation,
        padding=state.padding,
        padding_mode=state.border,
        stride=state.S,
        dilation=state.D,
    )


def of_drawing(drawing: Drawing) -> str:
    """Return a drawing as an input, in tenths of full ink, framed as for the network.

    Raises
    ------
    ValueError
        If nothing is drawn.
    """
    pixels = to_input(frame(rasterize(drawing, RASTER)).pixels[None])[0, 0]
    return numbers(np.round(resize(pixels, _DRAWN, _DRAWN), 1)).to_text()


#: The letters of the size's formula.
LETTERS = (
    "$W_1$ and $W_2$ count the cells of input and output along one side, $F$ those of the kernel, "
    "and $2P$ those of padding at both ends; $S$ is the stride and $D$ the dilation."
)


def size(walk: Walkthrough, *, asked: bool, dilation: int = 1) -> str:
    """Write out the output size, whether the stride fits, and which cells are never used.

    Parameters
    ----------
    walk : Walkthrough
    asked : bool
        Whether the learner works the size out; then only the formula is written.
    dilation : int
        Cells from one weight of the kernel to the next.
    """
    rows, columns = (text.partition(": ")[2] for text in walk.sizes)
    extent = "D(F-1)-1" if dilation > 1 else "F"
    formula = f"$W_2=(W_1-{extent}+2P)/S+1$"
    if asked:
        return f":small[Work the output size out, rows and columns: {formula}.]"
    if walk.notes:  # the notes say that the size is rounded, and to which number
        rows, columns = (text.partition(", rounded")[0] for text in (rows, columns))
    told = f"both {rows}" if rows == columns else f"rows {rows}, columns {columns}"
    shape = "×".join(map(str, walk.shapes["output"]))
    return f":small[{' '.join([f'**Output {shape}**: {formula}, {told}.', *walk.notes])}]"
