"""Draw a digit: every layer's maps of it, and one unit of the network written out."""

from dataclasses import dataclass
from typing import Annotated, cast

import numpy as np

from cnnlib.data.digits import sample_strokes
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.reading import Reading, read
from cnnlib.figures.palette import Theme
from cnnlib.figures.reading import reading
from cnnlib.figures.scene import Scene
from cnnlib.figures.unit import panel
from cnnlib.lessons import lesson, unit_link
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Exercise, level_of
from cnnlib.lessons.unit_link import UnitName
from cnnlib.models.unit import Unit
from cnnlib.questions import Question, exactly, near

_SAMPLE = 3
_NEAR = 1  # percent points within which a probability counts as right


@dataclass(frozen=True)
class State(lesson.State):
    """The chosen unit; the drawing and the network come from outside."""

    unit: Annotated[str, UnitName("Unit")] = ""

    def read(self, given: Given) -> Reading | None:
        """Return the network's reading of the drawing, or None for an empty one."""
        return read(given.reader.network, given.drawing)

    def chosen(self, given: Given, seen: Reading | None) -> Unit | None:
        """Return the unit with its terms, or None if this network has no such unit."""
        return unit_link.read(given.reader.network, seen, self.unit)

    def probe(self, given: Given) -> None:
        """Let every state pass, because a unit that does not exist is left out."""

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw the network's maps and the chosen unit, of a sample if nothing is drawn."""
        seen = self.read(given) or cast(Reading, read(given.reader.network, sample(_SAMPLE, 1)))
        unit = self.chosen(given, seen)
        terms, lines = {}, []
        if unit is not None:
            shown = panel(unit, given.reader.network, seen)
            terms = {k: np.array(v) for k, v in shown["terms"].items() if v is not None}
            lines = [(line["label"], line["value"]) for line in shown["lines"]]
        return reading(seen, given.reader.scales, unit, terms, lines, theme)

    def told(self, given: Given) -> str:
        """Say which network reads, and whether there is a drawing."""
        whose = given.reader.whose
        told = [given.reader_note, f"Here reads {whose}." if whose else ""]
        if self.read(given) is None:
            told.append(f"Nothing is drawn yet; this is a sample {_SAMPLE}.")
        return " ".join(filter(None, told))

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for the digit that is read, for a unit's sum, or for a probability."""
        ask = {1: _which_digit, 2: _unit_sum, 3: _probability}[level_of(level)]
        return ask(cls(), rng)


def sample(digit: int, seed: int) -> Drawing:
    """Return a sample digit as a person would draw it; another seed is another drawing."""
    strokes = sample_strokes(digit, seed=seed, variety=0.0)
    return Drawing.parse([{"points": [v for p in s for v in p]} for s in strokes])


def _which_digit(state: State, rng: np.random.Generator) -> Exercise:
    logits = rng.permutation(np.arange(-6, 10))[:10].tolist()
    best = max(range(10), key=logits.__getitem__)
    why = f"logit {best} is the largest, {_signed(logits[best])}, so its e^logit is too"
    asked = f"Ten logits, of the digits 0 to 9: {_row(logits)}. Which digit does the network read?"
    lines = ("Softmax divides each e^logit by the same sum.", f"{why[:1].upper()}{why[1:]}.")
    return Exercise(state, Question(asked, exactly(best, why)), lines, str(best))


def _unit_sum(state: State, rng: np.random.Generator) -> Exercise:
    x, w = rng.integers(0, 6, (2, 2)), rng.integers(-3, 4, (2, 2))
    bias = int(rng.integers(-4, 5))
    value = int((x * w).sum()) + bias
    terms = " + ".join(
        f"{a}·{_signed(b, inside=True)}"
        for a, b in zip(x.ravel().tolist(), w.ravel().tolist(), strict=True)
    )
    why = f"{terms} + {_signed(bias, inside=True)} = {_signed(value)}"
    asked = (
        f"A unit sees {_rows(x)} with the weights {_rows(w)} and the bias {_signed(bias)}. "
        "What is its sum, before any activation?"
    )
    return Exercise(state, Question(asked, exactly(value, why)), (why,), str(value))


def _probability(state: State, rng: np.random.Generator) -> Exercise:
    logits = rng.permutation(np.arange(-2, 5))[:3].tolist()
    powers = np.exp(logits)
    at = int(rng.integers(3))
    part = float(100 * powers[at] / powers.sum())
    total = " + ".join(f"{power:.3g}" for power in powers)
    lines = (
        f"Σ e^logit = {total} = {powers.sum():.4g}",
        f"e^{_signed(logits[at])} / Σ = {powers[at]:.3g} / {powers.sum():.4g} = {part:.1f} %",
    )
    asked = (
        f"Three classes have the logits {_row(logits)}. "
        f"What probability, in %, has class {at} (the first one is class 0)?"
    )
    return Exercise(state, Question(asked, near(part, _NEAR, lines[1])), lines, f"{part:.1f}")


def _signed(number: int, *, inside: bool = False) -> str:
    text = str(number).replace("-", "−")
    return f"({text})" if inside and number < 0 else text


def _row(numbers: list[int]) -> str:
    return ", ".join(map(_signed, numbers))


def _rows(grid: np.ndarray) -> str:
    return " / ".join(" ".join(map(_signed, row)) for row in grid.tolist())
