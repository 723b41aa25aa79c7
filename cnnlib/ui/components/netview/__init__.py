"""The network as small multiples: every map of every layer, one shared scale for each layer."""

import json
import struct
import zlib
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from cnnlib.figures.palette import browser_palette
from cnnlib.images import Framed
from cnnlib.ui.components import register
from cnnlib.unit import Unit

_mount = register("netview")

# Half floats hold three significant digits of any activation: what a hovering pointer is told.
_FLOAT = "<f2"


@dataclass(frozen=True)
class Layer:
    """How one layer's maps are shown.

    Attributes
    ----------
    name : str
        The layer's name.
    shape : tuple of int
        (maps, rows, columns).
    limit : float
        The value at the end of the colour scale, shared by all of the layer's maps.
    signed : bool
        Whether the scale has a negative side.
    """

    name: str
    shape: tuple[int, int, int]
    limit: float
    signed: bool


def packet(
    layers: Sequence[Layer],
    activations: Sequence[np.ndarray] | None,
    framed: Framed | None,
    *,
    sequence: int = 0,
    unit: Unit | None = None,
    heard: int = 0,
) -> bytes:
    """Pack one moment of the network for the browser.

    Parameters
    ----------
    layers : sequence of Layer
        What is shown; the first is the input.
    activations : sequence of ndarray of shape (C, H, W), or None
        The values of each of `layers`; None while there is no drawing.
    framed : Framed or None
        The framing that led to the input.
    sequence : int
        Number of the drawing that this answers.
    unit : cnnlib.unit.Unit or None
        The unit whose windows are outlined.
    heard : int
        Number of the last choice of a unit that Python has dealt with.

    Returns
    -------
    bytes
        Four bytes with the header's length, little-endian; the header as JSON; deflated, the
        half floats of every map, then the bytes of the framing's pictures.
    """
    empty = activations is None or framed is None
    arrays = [] if activations is None else [np.asarray(a, _FLOAT).tobytes() for a in activations]
    pictures, framing = _framing(framed)
    header = {
        "sequence": sequence,
        "heard": heard,
        "empty": empty,
        "palette": browser_palette(),
        "layers": [
            {
                "name": layer.name,
                "shape": layer.shape,
                "limit": layer.limit,
                "scale": "signed" if layer.signed else "unsigned",
            }
            for layer in layers
        ],
        "framing": framing,
        "chosen": None if unit is None else {"activation": unit.layer + 1, "index": unit.index},
        "windows": [] if unit is None else [asdict(window) for window in unit.windows],
        "sentence": "" if unit is None else unit.sentence,
    }
    text = json.dumps(header, separators=(",", ":"), allow_nan=False).encode()
    return struct.pack("<I", len(text)) + text + zlib.compress(b"".join(arrays + pictures), 1)


def show(data: bytes, *, key: str) -> None:
    """Show a packet. Choosing a unit makes the component say `unit` for one run.

    That is a dict of `activation`, the row's number or -1 to let go, `index`, a list, and
    `number`, which grows with each choice.
    """
    _mount(data=data, key=key)


def _framing(framed: Framed | None) -> tuple[list[bytes], list[dict[str, Any]]]:
    steps: list[dict[str, Any]] = [
        {"name": "drawn", "caption": "what you drew"},
        {"name": "boxed", "caption": "its box, scaled to 20"},
        {"name": "input", "caption": "centred by mass: the input, 28×28"},
    ]
    if framed is None:
        return [], steps
    drawn = np.rint(255 * framed.drawn).astype(np.uint8)
    steps[0] |= {"shape": drawn.shape, "box": framed.box, "at": 0}
    steps[1] |= {"shape": framed.boxed.shape, "at": drawn.size}
    return [drawn.tobytes(), framed.boxed.tobytes()], steps
