"""A network's maps as bytes: exact once the pen rests, and before as fine as they are painted."""

from collections.abc import Sequence
from dataclasses import asdict
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.scales import LayerScale

# Half floats hold three significant digits of any activation, as many as a pointer is told.
_EXACT = "<f2"
# Steps from zero to the end of a scale: six bits a value. Finer shades can hardly be told apart
# while they change with the pen, and they would not deflate.
_SIGNED, _UNSIGNED = 31, 63

Packed = tuple[list[dict[str, Any]], bytes]


def exact(activations: Sequence[NDArray]) -> Packed:
    """Return how each of some activations is packed, and the bytes of all: half floats."""
    content = b"".join(np.asarray(values, _EXACT).tobytes() for values in activations)
    return [{"type": _EXACT[1:]} for _ in activations], content


def coarse(scales: Sequence[LayerScale], activations: Sequence[NDArray]) -> Packed:
    """Return the same in whole steps, a byte for each value: the steps from the row above.

    Layers whose values are the largest of an earlier layer's are left to the browser: the
    largest of rounded values is the largest value, rounded.
    """
    place = {scale.activation: at for at, scale in enumerate(scales)}
    reach = [scale.limit for scale in scales]
    for at in reversed(range(len(scales))):
        if (source := _source(scales[at], place)) is not None:
            reach[source] = max(reach[source], reach[at])
    packed: list[dict[str, Any]] = []
    parts = []
    for at, (scale, values) in enumerate(zip(scales, activations, strict=True)):
        source = _source(scale, place)
        if scale.follows is not None and source is not None:
            packed.append({"type": "largest", **asdict(scale.follows), "of": source})
            continue
        most = _SIGNED if scale.signed else _UNSIGNED
        step = reach[at] / most
        steps = np.clip(np.rint(values / step), -most, most).reshape(scale.shape)
        # Neighbouring rows are much alike, and the small steps between them deflate well.
        parts.append(np.diff(steps, axis=1, prepend=0).astype("i1").tobytes())
        packed.append({"type": "i1", "step": step})
    return packed, b"".join(parts)


def picture(shades: NDArray, *, resting: bool) -> bytes:
    """Return a picture's shades in [0, 1] as bytes; while the pen is down, 16 of them are told."""
    most = 255 if resting else 15
    return (255 // most * np.rint(most * shades)).astype(np.uint8).tobytes()


def _source(scale: LayerScale, place: dict[int, int]) -> int | None:
    """Return the place of the layer of which this one's values are the largest, if it is there."""
    return None if scale.follows is None else place.get(scale.follows.of)
