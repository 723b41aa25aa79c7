"""A picture, an editable kernel and the result; hovering shows the window and its products."""

from collections.abc import Mapping, Sequence
from typing import Any

from cnnlib.figures.view import View
from cnnlib.ui.components import register, said
from cnnlib.ui.session import visit

_mount = register("magnifier")


def typed(key: str) -> str | None:
    """Return the kernel that was typed into the grid in this run, or None. Ask before `show`."""
    told = said(key, "kernel")
    return str(told["text"]) if isinstance(told, Mapping) else None


def place(key: str) -> tuple[int, int] | None:
    """Return the output (row, column) that was chosen by a click since the link was opened."""
    told = said(key, "at")
    if not isinstance(told, Sequence) or list(told[2:]) not in ([], [visit().arrivals]):
        return None
    return int(told[0]), int(told[1])


def show(
    view: View,
    at: tuple[int, int],
    *,
    key: str,
    most: int,
    editable: bool = True,
    note: str = "",
) -> None:
    """Show picture, kernel and result.

    Parameters
    ----------
    view : View
    at : (int, int)
        The output that is written out while nothing is pointed at.
    key : str
    most : int
        The most rows and columns of the kernel.
    editable : bool
        Whether the weights can be typed into.
    note : str
        Why what was typed was refused.
    """
    text = ";".join(",".join(row) for row in view.kernel)
    told = said(key, "kernel")
    data: dict[str, Any] = {
        "size": view.size,
        "pads": view.pads,
        "padded": view.padded.shape,
        "kernel": view.kernel,
        "weights": view.weights.tolist(),
        "text": text,
        "factors": view.factors and [factor.tolist() for factor in view.factors],
        "result": view.shades.shape[:2],
        "signed": view.signed,
        "captions": view.captions,
        "at": at,
        "most": most,
        "editable": editable,
        "note": note,
        "heard": int(told["serial"]) if isinstance(told, Mapping) else 0,
    }
    _mount(data, key=key, body=view.padded.tobytes() + view.shades.tobytes())
