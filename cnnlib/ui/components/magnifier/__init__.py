"""A picture, an editable kernel and the result; hovering shows the window and its products."""

from typing import Any

from cnnlib.figures.view import View
from cnnlib.ui.components import kept, register, said
from cnnlib.ui.told import items, text, whole

_mount = register("magnifier")
_LONGEST = 4000  # characters of a kernel
_LARGEST = 10**5  # rows and columns of a picture


def typed(key: str) -> str | None:
    """Return the kernel that was typed into the grid just now, or None. Ask before `show`."""
    return text(_LONGEST)(said(key, "kernel"))


def place(key: str) -> tuple[int, int] | None:
    """Return the output (row, column) that was chosen by a click since the link was opened."""
    found = [whole(0, _LARGEST)(one) for one in items(kept(key, "at"), 3)]
    return None if len(found) != 2 or None in found else (found[0], found[1])


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
        The reason why a typed kernel was refused.
    """
    written = ";".join(",".join(row) for row in view.kernel)
    data: dict[str, Any] = {
        "size": view.size,
        "pads": view.pads,
        "padded": view.padded.shape,
        "kernel": view.kernel,
        "weights": view.weights.tolist(),
        "text": written,
        "factors": view.factors and [factor.tolist() for factor in view.factors],
        "result": view.shades.shape[:2],
        "signed": view.signed,
        "captions": view.captions,
        "at": at,
        "most": most,
        "editable": editable,
        "note": note,
    }
    _mount(data, key=key, body=view.padded.tobytes() + view.shades.tobytes())
