"""The drawing pad: strokes from mouse, pen or finger, while they are being made."""

from dataclasses import dataclass
from typing import Any

from cnnlib.drawings.drawing import Drawing
from cnnlib.ui.components import kept, register, said
from cnnlib.ui.told import record, whole

_mount = register("pad")


@dataclass(frozen=True)
class Message:
    """One message of the pad, while the pad is drawn on.

    Attributes
    ----------
    sequence : int
        Grows with each message.
    strokes : object
        Strokes for `Drawing.parse`, which may refuse them.
    down : bool
        Whether the pen is down.
    """

    sequence: int
    strokes: Any
    down: bool


def message(key: str) -> Message | None:
    """Return what the pad told last, or None. Ask before `show`."""
    told = kept(key, "drawing")
    found = record(told, sequence=whole())
    if found is None:
        return None
    return Message(found["sequence"], told.get("strokes"), told.get("down") is True)


def sample(key: str) -> int | None:
    """Return the digit whose sample was asked for just now, or None. Ask before `show`."""
    return whole(0, 9)(said(key, "sample"))


def show(
    drawing: Drawing | None,
    *,
    key: str,
    load_id: int,
    write: bool = False,
    answered: int = 0,
    note: str = "",
) -> None:
    """Show the pad.

    Parameters
    ----------
    drawing : Drawing or None
        The drawing that the pad takes over when `load_id` is new; None while the pen is down.
    key : str
        The component's key.
    load_id : int
        Number of the drawing given by Python. The pad's own strokes win until this number changes.
    write : bool
        Whether the pad writes a new drawing stroke by stroke instead of showing it at once.
    answered : int
        The last `sequence` that Python has dealt with: the pad then sends the next.
    note : str
        One sentence to show below the pad, such as why a link's drawing was refused.
    """
    data: dict[str, Any] = {"answered": answered, "note": note}
    if drawing is not None:
        data["load"] = {"id": load_id, "strokes": drawing.to_list(), "write": write}
    _mount(data, key=key)
