"""The drawing pad: strokes from mouse, pen or finger, while they are being made."""

from typing import Any

from cnnlib.drawings.drawing import Drawing
from cnnlib.ui.components import register

_mount = register("pad")


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
        What the pad takes over when `load_id` is new to it; None while the pen is down.
    key : str
        The component's key: `st.session_state[key]` then holds `drawing`, a dict of `sequence`
        (int), `strokes` (what `Drawing.parse` takes) and `down` (whether the pen is), and
        `sample`, the digit whose sample was asked for in this run.
    load_id : int
        Number of the drawing given by Python. The pad's own strokes win until it changes.
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
