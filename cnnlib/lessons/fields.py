"""What the fields of a lesson's state may be, and how each stands in a link.

A field is described once, where the state declares it:

    size: Annotated[int, Whole("Window", 1, 6, link="pool_k")] = 2

Its attribute name is the code's name for it, its default is what the lesson opens on. A page
makes the control from it, and links, lecture notes, exercises and tests read and write it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnlib.walkthroughs.numbers import Numbers, numbers
from cnnlib.walkthroughs.typed import read_grid

_QUOTED = 20  # characters of a link's text that a sentence repeats
_LONGEST_WHOLE = 15  # digits: as many as a number in a browser has exactly
_LONGEST_CELL = 41  # characters of one typed number, with the sign that ends it


@dataclass(frozen=True)
class Field:
    """What all kinds have.

    Attributes
    ----------
    label : str
        What a page calls the field.
    link : str
        The field's name in the link and the key of its control; the attribute's own name
        where nothing is given.
    older : tuple of str
        Names that links of earlier versions have for it.
    """

    label: str
    link: str = field(default="", kw_only=True)
    older: tuple[str, ...] = field(default=(), kw_only=True)

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Return the value that a link's text stands for.

        Parameters
        ----------
        text : str
            Of anybody's.
        opening : object
            The value where the text stands for none.

        Returns
        -------
        value : object
        changed : str
            One sentence where the value is another than the link asked for, else nothing.
        """
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Return the text by which a link names a value."""
        return str(value)

    def find(self, query: Mapping[str, str]) -> str | None:
        """Return what a link says of the field, under its name or an older one, or None."""
        return next((query[name] for name in (self.link, *self.older) if name in query), None)


@dataclass(frozen=True)
class Whole(Field):
    """A whole number in [least, most]; a link's number beyond an end is taken as that end.

    Examples
    --------
    >>> Whole("Window", 1, 6).read("7", 2)
    (6, 'Window 7 lies outside 1 to 6: it is 6 here.')
    """

    least: int = 0
    most: int = 9999

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Read a whole number, as `Field.read`."""
        plain = text.strip().replace("−", "-")
        sign = "-" if plain.startswith("-") else ""
        digits = plain.removeprefix("-").lstrip("0") or "0"
        if not (plain.removeprefix("-").isascii() and plain.removeprefix("-").isdecimal()):
            told = f"{self.label} “{_short(text)}” is no whole number: it is {opening} here."
            return opening, "" if opening is None else told
        if len(digits) > _LONGEST_WHOLE:
            number = (self.least if sign else self.most) + (-1 if sign else 1)
        else:
            number = int(sign + digits)
        nearest = min(max(number, self.least), self.most)
        if nearest == number:
            return number, ""
        shown = _short(sign.replace("-", "−") + digits)
        return nearest, (
            f"{self.label} {shown} lies outside {self.least} to {self.most}: it is {nearest} here."
        ).replace("-", "−")


@dataclass(frozen=True)
class Choice(Field):
    """One of some options.

    Attributes
    ----------
    options : mapping of str to str, or iterable of str
        What the page calls each option, by its word in code and link; without labels the words
        themselves.
    once : mapping of str to str
        Texts that links of earlier versions hold beside labels, and the option that each
        stands for.

    Examples
    --------
    >>> Choice("Padding", {"zero": "zeros", "edge": "edge"}).read("zeros", "edge")
    ('zero', '')
    """

    options: Mapping[str, str] | Iterable[str] = ()
    once: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def labels(self) -> dict[str, str]:
        """What the page calls each option."""
        if isinstance(self.options, Mapping):
            return dict(self.options)
        return {option: option for option in self.options}

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Read an option by its word, its label or an earlier text, as `Field.read`."""
        labels = self.labels
        if text in labels:
            return text, ""
        for option, label in [*labels.items(), *((o, t) for t, o in self.once.items())]:
            if text == label:
                return option, ""
        told = f"{self.label} “{_short(text)}” is no choice here: it is “{labels[opening]}”."
        return opening, told


@dataclass(frozen=True)
class Switch(Field):
    """On or off, "true" or "false" in a link."""

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Read a switch, as `Field.read`."""
        if text in ("true", "false"):
            return text == "true", ""
        told = f"{self.label} “{_short(text)}” is neither true nor false: it is"
        return opening, f"{told} {'true' if opening else 'false'} here."

    def write(self, value: Any) -> str:
        """Write a switch."""
        return "true" if value else "false"


@dataclass(frozen=True)
class Text(Field):
    """What a learner types; the state it belongs to says whether it can be shown.

    Attributes
    ----------
    longest : int
        Characters that are taken.
    """

    longest: int = 1000

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Take a text as it is, unless it is too long, as `Field.read`."""
        if len(text) <= self.longest:
            return text, ""
        told = f"{self.label} has {len(text):,} characters and may have {self.longest:,}"
        return opening, f"{told}: the lesson's own is here."


@dataclass(frozen=True)
class Place(Field):
    """Where something was chosen, as whole numbers with dots between them, such as 2.3.4.

    An empty text means that nothing was chosen; whether a place exists, the state says.
    """

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Read a place, as `Field.read`; nonsense is no place and needs no sentence."""
        return (text if re.fullmatch(r"\d{1,4}(\.\d{1,4}){0,3}", text, re.ASCII) else ""), ""


@dataclass(frozen=True)
class Grid(Field):
    """Numbers in rows and columns, kept as they are typed.

    Attributes
    ----------
    rows, columns : int
        The most that are taken.
    name : str
        What a refusal calls the array, where a lesson has several.
    """

    rows: int = 1
    columns: int = 1
    name: str = field(default="", kw_only=True)

    @property
    def most(self) -> tuple[int, int]:
        """The most rows and columns."""
        return self.rows, self.columns

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Take a text as it is, rows parted by semicolons, unless it is too long."""
        longest = self.rows * self.columns * _LONGEST_CELL
        if len(text) > longest:
            told = f"{self.label} has {len(text):,} characters and may have {longest:,}"
            return opening, f"{told}: the lesson's own is here."
        return text.strip().replace("\n", ";"), ""

    def numbers(self, text: str) -> Numbers:
        """Return the numbers that a text holds.

        Returns
        -------
        Numbers of shape (rows, columns)

        Raises
        ------
        ValueError
            With one sentence that says what to change.
        """
        return numbers(self._cells(text))

    def _cells(self, text: str) -> list[list[str]]:
        try:
            return read_grid(text.strip().strip("()[]"), *self.most)
        except ValueError as error:
            told = self._told(str(error))
            if self.name:
                told = f"array {self.name}, {told[:1].lower()}{told[1:]}"
            raise ValueError(sentence(told)) from None

    def _told(self, error: str) -> str:
        return error


@dataclass(frozen=True)
class Row(Grid):
    """A sequence of numbers, kept as it is typed; `columns` is the most that are taken."""

    def numbers(self, text: str) -> Numbers:
        """Return the numbers that a text holds, of shape (n,), as `Grid.numbers`."""
        return numbers(self._cells(text)[0])

    def _told(self, error: str) -> str:
        return error.replace("Row 1, column", "number")


def sentence(error: Exception | str) -> str:
    """Return what an error says, as a sentence.

    Examples
    --------
    >>> sentence("kernel 5 does not fit input 4")
    'Kernel 5 does not fit input 4.'
    """
    text = str(error)
    return text[:1].upper() + text[1:] + ("" if text.endswith(".") else ".")


def _short(text: str) -> str:
    plain = " ".join(text.split())
    return plain if len(plain) <= _QUOTED else f"{plain[:_QUOTED]}…"
