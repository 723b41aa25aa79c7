"""The network as small multiples: every map of every layer, one shared scale for each layer."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from cnnlib.drawings.images import Framed
from cnnlib.figures.scales import LayerScale
from cnnlib.models.unit import Unit
from cnnlib.ui.components import all_said, register
from cnnlib.ui.components.netview import packing
from cnnlib.ui.told import items, record, whole

_mount = register("netview")
_MOST = 10**5  # activations, maps, rows and columns


def take_choice(key: str) -> tuple[bool, tuple[int, tuple[int, ...]] | None]:
    """Return whether a unit was chosen or let go just now, and the unit. Ask before `show`.

    The unit is the number of its activation, as in its scale, and its (map, row, column).
    """
    told = all_said(key, "unit")
    if told and told[-1] is None:
        return True, None
    unit = record(told[-1], activation=whole(0, _MOST)) if told else None
    index = [whole(0, _MOST)(one) for one in items(told[-1].get("index"), 4)] if unit else []
    if unit is None or len(index) != 3 or None in index:
        return False, None
    return True, (unit["activation"], tuple(index))


def show(
    scales: Sequence[LayerScale],
    activations: Sequence[np.ndarray] | None,
    framed: Framed | None,
    *,
    key: str,
    sequence: int = 0,
    unit: Unit | None = None,
    resting: bool = True,
) -> None:
    """Show one moment of a network.

    Parameters
    ----------
    scales : sequence of LayerScale
        The layers to show and how each is painted; the first is the input.
    activations : sequence of ndarray of shape (C, H, W) or (K,), or None
        The values of each of `scales`; None while there is no drawing.
    framed : Framed or None
        The framing that led to the input.
    key : str
        The component's key.
    sequence : int
        Number of the drawing that these values answer.
    unit : cnnlib.models.unit.Unit or None
        The unit whose windows are outlined.
    resting : bool
        Whether values are fine enough to be told to a pointer. While the pen is down, the next
        values come soon, so the present ones are only as fine as they are painted.
    """
    empty = activations is None or framed is None
    packed, values = packing.exact(activations or [])
    if activations and not resting:
        packed, values = packing.coarse(scales, activations)
    pictures, framing = _framing(framed, resting)
    header = {
        "sequence": sequence,
        "empty": empty,
        "exact": resting,
        "layers": [
            {
                "activation": scale.activation,
                "name": scale.name,
                "shape": scale.shape,
                "limit": scale.limit,
                "scale": "signed" if scale.signed else "unsigned",
            }
            for scale in scales
        ],
        "values": packed,
        "framing": framing,
        "chosen": None if unit is None else {"activation": unit.layer + 1, "index": unit.index},
        "windows": [] if unit is None else [asdict(window) for window in unit.windows],
        "sentence": "" if unit is None else unit.sentence,
    }
    # Every map, then the framing's pictures, a byte for each pixel.
    _mount(header, key=key, body=values + b"".join(pictures))


def _framing(framed: Framed | None, resting: bool) -> tuple[list[bytes], list[dict[str, Any]]]:
    steps: list[dict[str, Any]] = [
        {"name": "drawn", "caption": "what you drew"},
        {"name": "boxed", "caption": "its box, scaled to 20"},
        {"name": "input", "caption": "centred by mass: the input, 28×28"},
    ]
    if framed is None:
        return [], steps
    steps[0] |= {"shape": framed.drawn.shape, "box": framed.box, "at": 0}
    steps[1] |= {"shape": framed.boxed.shape, "at": framed.drawn.size}
    return [packing.picture(framed.drawn, resting=resting), framed.boxed.tobytes()], steps
