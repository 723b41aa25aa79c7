"""The stage: presenter mode's keys, line, clock, spotlight and blank screen, in the browser."""

from collections.abc import Mapping
from typing import Any

from cnnlib.ui.components import register, said

KEY = "stage"
_mount = register("stage")


def heard(name: str) -> Any:
    """Return what the stage said in this run. Ask before `show`.

    "add": the link of a state that a talk is to take in; "speak": that a speaker view is wanted;
    "window": the name that this window had before it was closed.
    """
    return said(KEY, name)


def show(
    on: bool,
    *,
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
    beat, count : int
        The beat that is shown, from 1, and how many there are; if no beat is shown, the one
        before that which comes next.
    links : mapping of int to str
        Beats around this one, and where they are.
    line : str
        What is to be said.
    shown : bool
        Whether a beat is shown, and its number is.
    note : str
        A sentence for the lecturer.
    window : str
        By which this window hears what speaker views ask of it.
    code : str
        What a speaker types, in the moment in which it is to be read from the screen.
    """
    data = {
        "on": on,
        "beat": beat,
        "count": count,
        "links": dict(links),
        "line": line,
        "shown": shown,
        "note": note,
        "window": window,
        "code": code,
    }
    _mount(data, key=KEY)
