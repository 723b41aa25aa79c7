"""The network as small multiples: every map of every layer, one shared scale for each layer."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np

from cnnlib.drawings.images import Framed
from cnnlib.figures.scales import LayerScale
from cnnlib.models.unit import Unit
from cnnlib.ui.components import register
from cnnlib.ui.components.netview import packing

_mount = register("netview")


def show(
    scales: Sequence[LayerScale],
    activations: Sequence[np.ndarray] | None,
    framed: Framed | None,
    *,
    key: str,
    sequence: int = 0,
    unit: Unit | None = None,
    heard: int = 0,
    resting: bool = True,
) -> None:
    """Show one moment of a network.

    Choosing a unit makes the component say `unit` for one run: a dict of `activation`, as in
    its scale, or -1 to let go, `index`, a list of (map, row, column), and `number`, which
    grows with each choice.

    Parameters
    ----------
    scales : sequence of LayerScale
        What is shown and how it is painted; the first is the input.
    activations : sequence of ndarray of shape (C, H, W) or (K,), or None
        The values of each of `scales`; None while there is no drawing.
    framed : Framed or None
        The framing that led to the input.
    key : str
        The component's key.
    sequence : int
        Number of the drawing that this answers.
    unit : cnnlib.models.unit.Unit or None
        The unit whose windows are outlined.
    heard : int
        Number of the last choice of a unit that Python has dealt with.
    resting : bool
        Whether values are sent so that they can be told to a pointer. While the pen is down,
        the next ones come soon: then they are only as fine as they are painted.
    """
    empty = activations is None or framed is None
    packed, values = packing.exact(activations or [])
    if activations and not resting:
        packed, values = packing.coarse(scales, activations)
    pictures, framing = _framing(framed, resting)
    header = {
        "sequence": sequence,
        "heard": heard,
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
