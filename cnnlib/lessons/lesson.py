"""A lesson is a value: a state, and all that follows from the state without a page.

A lesson's module holds one frozen `State`. Pages, talks, lecture notes, exercises and tests ask
the state for its figure, sentences and code; none of them knows a field's name or range.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Annotated, Any, ClassVar, Self, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import ArrayLike

from cnnlib.budget import Cost, afford
from cnnlib.figures.palette import Theme
from cnnlib.figures.scene import Scene
from cnnlib.lessons.fields import Field
from cnnlib.lessons.given import Given
from cnnlib.peers import Peer
from cnnlib.questions import Question
from cnnlib.walkthroughs.form import Walkthrough

LEVELS = (1, 2, 3)  # exercises to be done in the head, on paper, and with a calculator


@dataclass(frozen=True)
class Example:
    """A named state: its title, and the fields that differ from the opening state."""

    title: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Code:
    """A definition that is called with a state's numbers, beside the calls of other libraries.

    Attributes
    ----------
    definition : callable
        A function whose source is shown as it stands in the project.
    lines : tuple of str
        The call, after the lines that give its arguments their numbers.
    result : array_like
        The numbers that the lesson shows; the results of other libraries are compared with them.
    peers : sequence of Peer
    """

    definition: Callable[..., Any]
    lines: tuple[str, ...]
    result: ArrayLike
    peers: Sequence[Peer] = ()


@dataclass(frozen=True, eq=False)
class Exercise:
    """A task to be worked out on paper: a state, a question about the state, and the solution.

    Attributes
    ----------
    state : State
        The state that is shown beside the question.
    question : Question
    solution : Walkthrough or tuple of str
        The worked solution: step by step if the lesson has a walkthrough, else line by line.
    answer : str
        A right answer, as it may be typed.
    """

    state: "State"
    question: Question
    solution: Walkthrough | tuple[str, ...]
    answer: str


class State(ABC):
    """A lesson in one state: a frozen dataclass in which every field has a `Field`.

    A method that shows something raises ValueError, with one sentence, if the state can't be
    shown.
    """

    examples: ClassVar[Mapping[str, Example]] = {}

    @classmethod
    def described(cls) -> Mapping[str, Field]:
        """Return each field's description, by the field's name, with its name in the link."""
        return _described(cls)

    @classmethod
    def from_link(cls, query: Mapping[str, str]) -> tuple[Self, tuple[str, ...]]:
        """Return the state that a link names, and a sentence for each field that was changed.

        Parameters
        ----------
        query : mapping of str to str
            A link from a stranger; names that are no field's are passed over.
        """
        opening, values, changed = cls(), {}, []
        for name, described in cls.described().items():
            text = described.find(query)
            if text is not None:
                values[name], told = described.read(text, getattr(opening, name))
                changed += [told] if told else []
        return replace(opening, **values), tuple(changed)  # type: ignore[type-var]

    def to_link(self) -> dict[str, str]:
        """Return the fields that differ from the opening state, by their names in the link."""
        opening = type(self)()
        return {
            described.link: described.write(getattr(self, name))
            for name, described in self.described().items()
            if getattr(self, name) != getattr(opening, name)
        }

    @classmethod
    def example(cls, name: str) -> Self:
        """Return the state of a named example."""
        return cls(**cls.examples[name].fields)

    def check(self, given: Given) -> None:
        """Raise ValueError, with one sentence, if the state can't be shown or costs too much.

        Pages and lecture notes call this before they ask for anything else of a state.
        """
        afford(self.cost(given), "The figures of this state", "use smaller sizes")
        self.probe(given)

    def cost(self, given: Given) -> Cost:
        """Estimate what the state's figures cost, from sizes alone."""
        return Cost()

    def probe(self, given: Given) -> None:
        """Raise ValueError, with one sentence, if the state cannot be shown."""
        self.scene(given)

    @abstractmethod
    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw the state's figure."""

    def scenes(self, given: Given, theme: Theme = "light") -> Sequence[Scene]:
        """Draw the moments of the figure for an animation: the figure alone, if nothing moves."""
        return [self.scene(given, theme)]

    @abstractmethod
    def told(self, given: Given) -> str:
        """Describe the figure in words, as Markdown."""

    def code(self, given: Given) -> Code | None:
        """Return the code to show, or None if this state has none."""

    def questions(self, given: Given) -> tuple[Question, ...]:
        """Return the questions of Predict about the figure; a player asks its own questions."""
        return ()

    @classmethod
    @abstractmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Return an exercise, the same one for the same state of `rng`.

        Parameters
        ----------
        rng : Generator
            The only source of chance.
        level : int
            1 to 3; 3 is the hardest.
        """


@cache
def _described(cls: type[State]) -> Mapping[str, Field]:
    hints = get_type_hints(cls, include_extras=True)
    found = {}
    for one in fields(cls):  # type: ignore[arg-type]
        told = [a for a in get_args(hints[one.name])[1:] if isinstance(a, Field)]
        if get_origin(hints[one.name]) is not Annotated or len(told) != 1:
            raise TypeError(f"{cls.__module__}: {one.name} needs one Field in its annotation")
        found[one.name] = replace(told[0], link=told[0].link or one.name)
    links = [described.link for described in found.values()]
    if len(set(links)) < len(links):
        raise TypeError(f"{cls.__module__}: two fields share a name in the link")
    return found


def level_of(level: int) -> int:
    """Return an exercise's level, or raise ValueError for one that does not exist."""
    if level not in LEVELS:
        raise ValueError(f"there is no level {level}: use one of {', '.join(map(str, LEVELS))}")
    return level
