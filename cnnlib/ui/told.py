"""Shapes of a component's words, which come from a browser and so may be anything.

A kind is a function that returns a value in the right type, or None for a value of another kind; so
no browser can send a value that makes a reader raise.
"""

from collections.abc import Callable, Collection, Mapping
from typing import Any

Kind = Callable[[object], Any]
_LARGEST = 2**53  # whole numbers up to there are exact in a browser


def whole(least: int = 0, most: int = _LARGEST) -> Kind:
    """Return the kind of whole numbers in [least, most], also as 3.0.

    Examples
    --------
    >>> whole(0, 9)(3.0), whole(0, 9)(10), whole()(float("nan")), whole()(True)
    (3, None, None, None)
    """

    def kind(given: object) -> int | None:
        if isinstance(given, bool) or not isinstance(given, int | float):
            return None
        # The limits come first, because turning infinity into an int fails.
        return int(given) if least <= given <= most and given == int(given) else None

    return kind


def text(longest: int) -> Kind:
    """Return the kind of texts of at most `longest` characters."""
    return lambda given: given if isinstance(given, str) and len(given) <= longest else None


def one_of(options: Collection[str]) -> Kind:
    """Return the kind of some texts."""
    return lambda given: given if isinstance(given, str) and given in options else None


def nothing_or(kind: Kind) -> Callable[[object], tuple[Any] | None]:
    """Return a kind that also takes None, as a field of `record`."""

    def wrapped(given: object) -> tuple[Any] | None:
        if given is None:
            return (None,)
        found = kind(given)
        return None if found is None else (found,)

    return wrapped


def items(given: object, most: int) -> list[Any]:
    """Return a list's first `most` items, and none of anything else."""
    return given[:most] if isinstance(given, list) else []


def record(given: object, **kinds: Kind) -> dict[str, Any] | None:
    """Return the named fields of a mapping, checked; None unless it has all of them.

    Examples
    --------
    >>> record({"row": 2, "column": "x"}, row=whole(), column=nothing_or(text(4)))
    {'row': 2, 'column': 'x'}
    >>> record({"row": -1}, row=whole()), record([2], row=whole())
    (None, None)
    """
    if not isinstance(given, Mapping):
        return None
    found: dict[str, Any] = {}
    for name, kind in kinds.items():
        value = kind(given.get(name))
        if value is None:
            return None
        found[name] = value[0] if isinstance(value, tuple) else value
    return found
