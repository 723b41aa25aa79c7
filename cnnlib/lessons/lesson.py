"""A lesson is a value: a state, and all that follows from it without a page.

A lesson's module holds one frozen `State`. Pages, talks, lecture notes, exercises and tests ask
it for its figure, its sentences and its code; none of them knows a field's name or range.
"""

from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields, replace
from functools import cache
from typing import Annotated, Any, ClassVar, Self, get_args, get_origin, get_type_hints

import numpy as np
from numpy.typing import ArrayLike

from cnnlib.figures.palette import Theme
from cnnlib.figures.scene import Scene
from cnnlib.lessons.fields import Field
from cnnlib.lessons.given import Given
from cnnlib.peers import Peer
from cnnlib.questions import Question
from cnnlib.walkthroughs.form import Walkthrough

LEVELS = (1, 2, 3)  # of exercises: by head, on paper, with a calculator


@dataclass(frozen=True)
class Example:
    """A named state: what a lesson calls it, and the fields that differ from an opening state."""

    title: str
    fields: Mapping[str, Any]


@dataclass(frozen=True, eq=False)
class Code:
    """A definition called with a state's numbers, beside what other libraries make of them.

    Attributes
    ----------
    definition : callable
        Its source is shown as it stands in the project.
    lines : tuple of str
        The call, and before it what gives it its numbers.
    result : array_like
        What the lesson shows, to be compared with.
    peers : sequence of Peer
    """

    definition: Callable[..., Any]
    lines: tuple[str, ...]
    result: ArrayLike
    peers: Sequence[Peer] = ()


@dataclass(frozen=True, eq=False)
class Exercise:
    """Something to be worked out on paper: a state, a question about it, and its solution.

    Attributes
    ----------
    state : State
        What is shown while it is asked.
    question : Question
    solution : Walkthrough or tuple of str
        The worked solution: step by step where the lesson has a walkthrough, else line by line.
    answer : str
        A right answer, as it may be typed.
    """

    state: "State"
    question: Question
    solution: Walkthrough | tuple[str, ...]
    answer: str


class State(ABC):
    """A lesson in one state; a frozen dataclass whose every field carries its `Field`.

    A method that shows something raises ValueError, with one sentence, where the state can't
    be shown.
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
            Of anybody's; names of other things are passed over.
        """
        opening, values, changed = cls(), {}, []
        for name, described in cls.described().items():
            text = described.find(query)
            if text is not None:
                values[name], told = described.read(text, getattr(opening, name))
                changed += [told] if told else []
        return replace(opening, **values), tuple(changed)  # type: ignore[type-var]

    def to_link(self) -> dict[str, str]:
        """Return the fields that differ from those of the lesson as it opens, by link names."""
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
        """Raise ValueError, with one sentence, for what cannot be shown."""
        self.scene(given)

    @abstractmethod
    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw the state's figure."""

    @abstractmethod
    def told(self, given: Given) -> str:
        """Say what the figure shows, as Markdown."""

    def code(self, given: Given) -> Code | None:
        """Return the code to show, or None where there is none for this state."""

    def questions(self, given: Given) -> tuple[Question, ...]:
        """Return what Predict asks before the figure is shown; nothing where a player asks."""
        return ()

    @classmethod
    @abstractmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Return an exercise: the same one for the same state of `rng`.

        Parameters
        ----------
        rng : Generator
            All chance comes from it.
        level : int
            1 to 3, the hardest last.
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
        raise ValueError(f"level {level} is none: use one of {', '.join(map(str, LEVELS))}")
    return level
