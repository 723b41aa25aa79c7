"""The kinds of fields that a lesson's state may have, and the text of each in a link.

A field is described once, where the state declares it:

    size: Annotated[int, Whole("Window", 1, 6, link="pool_k")] = 2

The attribute's name is the field's name in code, and its default is the value on which the lesson
opens. A page makes the control from the description; links, lecture notes, exercises and tests
read and write values by it.
"""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnlib.walkthroughs.numbers import Numbers, numbers
from cnnlib.walkthroughs.typed import ascii_number, read_grid

_QUOTED = 20  # characters of a link's text that a sentence repeats
_LONGEST_WHOLE = 15  # digits, because a browser keeps whole numbers of that length exactly
_LONGEST_CELL = 41  # characters of one typed number, with the sign that ends it


@dataclass(frozen=True)
class Field:
    """A field of any kind.

    Attributes
    ----------
    label : str
        The name on the page.
    link : str
        The field's name in the link and the key of its control; by default the attribute's own
        name.
    older : tuple of str
        Names of the field in links of earlier versions.
    """

    label: str
    link: str = field(default="", kw_only=True)
    older: tuple[str, ...] = field(default=(), kw_only=True)

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Return the value that a link's text stands for.

        Parameters
        ----------
        text : str
            A text from a stranger.
        opening : object
            The value to return if the text stands for none.

        Returns
        -------
        value : object
        changed : str
            One sentence if the value is not the one that the link asked for, else "".
        """
        raise NotImplementedError

    def write(self, value: Any) -> str:
        """Return the text of a value in a link."""
        return str(value)

    def find(self, query: Mapping[str, str]) -> str | None:
        """Return the field's text in a link, under its name or an older one, or None."""
        return next((query[name] for name in (self.link, *self.older) if name in query), None)


@dataclass(frozen=True)
class Whole(Field):
    """A whole number in [least, most]; a number of a link beyond an end becomes that end.

    Where the opening value is None, such as a step that the figure chooses, nothing is said of
    a change: the figure alone knows how many steps there are.

    Examples
    --------
    >>> Whole("Window", 1, 6).read("7", 2)
    (6, 'Window 7 lies outside 1 to 6: it is 6 here.')
    """

    least: int = 0
    most: int = 9999

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Read a whole number, as `Field.read`."""
        plain = ascii_number(text)
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
        if nearest == number or opening is None:
            return nearest, ""
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
        The labels on the page, by the options' words in code and link; or only the words, which
        then are the labels too.
    once : mapping of str to str
        Further texts in links of earlier versions, with the option that each stands for.

    Examples
    --------
    >>> Choice("Padding", {"zero": "zeros", "edge": "edge"}).read("zeros", "edge")
    ('zero', '')
    """

    options: Mapping[str, str] | Iterable[str] = ()
    once: Mapping[str, str] = field(default_factory=dict, kw_only=True)

    @property
    def labels(self) -> dict[str, str]:
        """The label of each option on the page."""
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
    """A text that a learner types; the field's state decides whether it can be shown.

    Attributes
    ----------
    longest : int
        The most characters that are taken.
    """

    longest: int = 1000

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Take a text unchanged, unless it is too long, as `Field.read`."""
        if len(text) <= self.longest:
            return text, ""
        told = f"{self.label} has {len(text):,} characters and may have {self.longest:,}"
        return opening, f"{told}: the lesson's own is here."


@dataclass(frozen=True)
class Place(Field):
    """The place of a chosen thing, as whole numbers with dots between them, such as 2.3.4.

    An empty text means that nothing was chosen. The state decides whether a place exists.
    """

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Read a place, as `Field.read`; nonsense stands for no place, without a sentence."""
        return (text if re.fullmatch(r"\d{1,4}(\.\d{1,4}){0,3}", text, re.ASCII) else ""), ""


@dataclass(frozen=True)
class Grid(Field):
    """Numbers in rows and columns, kept as they are typed.

    Attributes
    ----------
    rows, columns : int
        The most rows and columns that are taken.
    name : str
        The array's name in a refusal, for lessons with several arrays.
    """

    rows: int = 1
    columns: int = 1
    name: str = field(default="", kw_only=True)

    @property
    def most(self) -> tuple[int, int]:
        """The most rows and columns."""
        return self.rows, self.columns

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Take a text unchanged, with rows parted by semicolons, unless it is too long."""
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
            If the text holds no such numbers; one sentence says what to change.
        """
        return numbers(self._cells(text))

    def _cells(self, text: str) -> list[list[str]]:
        try:
            return read_grid(text, *self.most)
        except ValueError as error:
            told = self._told(str(error))
            if self.name:
                told = f"array {self.name}, {told[:1].lower()}{told[1:]}"
            raise ValueError(sentence(told)) from None

    def _told(self, error: str) -> str:
        return error


@dataclass(frozen=True)
class Row(Grid):
    """A sequence of at most `columns` numbers, kept as it is typed."""

    def numbers(self, text: str) -> Numbers:
        """Return the numbers that a text holds, of shape (n,), as `Grid.numbers`."""
        return numbers(self._cells(text)[0])

    def _told(self, error: str) -> str:
        return error.replace("Row 0, column", "number")


def sentence(error: Exception | str) -> str:
    """Return the text of an error as a sentence.

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
