"""A picture, an editable kernel and the result; hovering shows the window and its products."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import browser_palette
from cnnlib.ui.components import register, said
from cnnlib.ui.session import visit

_mount = register("magnifier")


@dataclass(frozen=True, eq=False)
class View:
    """What is looked at.

    Attributes
    ----------
    size : (int, int)
        Rows and columns of the picture without its borders.
    pads : (int, int)
        How many rows and columns were added before its first ones.
    padded : uint8 ndarray of shape (H, W, C)
    kernel : sequence of sequence of str
        The weights as written.
    weights : ndarray of shape (kh, kw)
    factors : (ndarray of shape (kh,), ndarray of shape (kw,)) or None
        A column and a row whose outer product the weights are.
    shades : uint8 ndarray of shape (H − kh + 1, W − kw + 1, C)
        The result as it is shown; the browser works out the numbers of a place pointed at.
    signed : bool
        Whether shades run from 0 to 254 and 127 is zero, rather than from 0 to 255.
    captions : (str, str)
        Below the picture and below the result.
    """

    size: tuple[int, int]
    pads: tuple[int, int]
    padded: NDArray[np.uint8]
    kernel: Sequence[Sequence[str]]
    weights: NDArray
    factors: tuple[NDArray, NDArray] | None
    shades: NDArray[np.uint8]
    signed: bool
    captions: tuple[str, str]


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
        "palette": browser_palette(),
    }
    _mount(data, key=key, body=view.padded.tobytes() + view.shades.tobytes())
