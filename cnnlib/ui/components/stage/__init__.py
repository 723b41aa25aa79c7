"""The stage: presenter mode's keys, line, clock, spotlight and blank screen, in the browser."""

from collections.abc import Mapping

from cnnlib.ui.components import kept, register, said
from cnnlib.ui.told import text, whole

KEY = "stage"
_mount = register("stage")
_LONGEST = 20_000  # characters of a link


def added() -> str | None:
    """Return the link of a state that a talk is to take in, or None. Ask before `show`."""
    return text(_LONGEST)(said(KEY, "add"))


def speaks() -> int | None:
    """Return the age in seconds of a talk for which a speaker view is wanted now, or None."""
    return whole()(said(KEY, "speak"))


def window() -> str:
    """Return the name that this window had before it was closed, or ""."""
    return text(_LONGEST)(kept(KEY, "window", ever=True)) or ""


def show(
    on: bool,
    *,
    page: str,
    beat: int,
    count: int,
    links: Mapping[int, str],
    line: str = "",
    shown: bool = False,
    note: str = "",
    window: str = "",
    code: str = "",
) -> None:
    """Mount the stage.

    Parameters
    ----------
    on : bool
        Whether the page is presented. Otherwise the stage waits for the key that begins.
    page : str
        The page's path.
    beat, count : int
        The beat that is shown, from 1, and how many there are; if no beat is shown, `beat` is the
        one before the next.
    links : mapping of int to str
        Beats around this one, and where they are.
    line : str
        The line to be said.
    shown : bool
        Whether a beat and its number are shown.
    note : str
        A sentence for the lecturer.
    window : str
        The name by which speaker views reach this window.
    code : str
        The code that a speaker types, while the screen is to show the code; else "".
    """
    data = {
        "on": on,
        "page": page,
        "beat": beat,
        "count": count,
        "links": dict(links),
        "line": line,
        "shown": shown,
        "note": note,
        "window": window,
        "code": code,
    }
    _mount(data, key=KEY, lasting=True)
