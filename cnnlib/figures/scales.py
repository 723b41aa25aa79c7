"""The colour scale of a layer: one scale for all its maps, so that they may be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnlib.geometry import Span, Sweep, clip, windows
from cnnlib.layers import Flatten, Layer, MaxPool2d, ReLU, Shape
from cnnlib.network import Network

# The largest five values in a thousand may share the end colour, because a scale that ended at a
# single large value would fade all others.
_SHARE = 0.995


@dataclass(frozen=True)
class Largest:
    """How a layer's values follow from an earlier activation's: each is the largest of several.

    Attributes
    ----------
    of : int
        Which of a network's activations it is.
    rows, columns : tuple of (int, int), or None
        For each row (column) of the layer the span of rows (columns) that it looks at; None
        where a value looks at its own place alone.
    floor : float or None
        What each value is at least, if anything.
    """

    of: int
    rows: tuple[Span, ...] | None = None
    columns: tuple[Span, ...] | None = None
    floor: float | None = None


@dataclass(frozen=True)
class LayerScale:
    """How one layer's maps are painted.

    Attributes
    ----------
    activation : int
        The number of the activation; 0 is the input.
    name : str
        The layer's name, or "input".
    shape : tuple of int
        (maps, rows, columns); a layer of K single units counts as K maps of one cell.
    limit : float
        The magnitude at the end of the colour scale.
    signed : bool
        Whether the scale has a negative side.
    follows : Largest or None
        How its values follow from an earlier activation's, where they are the largest of them.
    """

    activation: int
    name: str
    shape: tuple[int, ...]
    limit: float
    signed: bool
    follows: Largest | None = None


def layer_scales(network: Network, inputs: np.ndarray) -> tuple[LayerScale, ...]:
    """Return how a network's maps are painted, from its input to its last hidden layer.

    Parameters
    ----------
    network : Network
    inputs : float ndarray of shape (N, C, H, W)
        Typical inputs. They fix the scales, so that the scales stay when the drawing changes and
        a colour means the same from map to map and from stroke to stroke.

    Returns
    -------
    tuple of LayerScale
        One for each activation except the logits and except flattened maps, which hold the same
        numbers once more. The input is not signed.
    """
    first, *hidden, _ = network.forward(inputs)
    scales = [LayerScale(0, "input", first.shape[1:], limit(first), signed=False)]
    for at, ((name, layer), values) in enumerate(zip(network.layers, hidden, strict=False), 1):
        if not isinstance(layer, Flatten):
            shape = (*values.shape[1:], 1, 1)[:3]
            follows = _follows(layer, network.sources[at - 1][0], network.shapes)
            scales.append(LayerScale(at, name, shape, limit(values), True, follows))
    return tuple(scales)


def _follows(layer: Layer, of: int, shapes: Sequence[Shape]) -> Largest | None:
    if isinstance(layer, ReLU):
        return Largest(of, floor=0.0)
    if not isinstance(layer, MaxPool2d):
        return None
    rows, columns = (
        _spans(sweep, n) for sweep, n in zip(layer.sweeps, shapes[of][1:], strict=True)
    )
    return Largest(of, rows, columns)


def _spans(sweep: Sweep, n: int) -> tuple[Span, ...]:
    cells = windows(n, sweep.kernel, stride=sweep.stride, padding=sweep.padding)
    return tuple(clip((int(one[0]), int(one[-1]) + 1), n) for one in cells)


def limit(values: np.ndarray) -> float:
    """Return the magnitude that 99.5% of the values stay within.

    Zeros are left out, because most of a picture is paper. If all values are zeros, 1 is returned.

    Examples
    --------
    >>> limit(np.array([0.0, 0.0, -3.0, 3.0])), limit(np.zeros(4))
    (3.0, 1.0)
    """
    magnitudes = np.abs(values[values != 0])
    return float(np.quantile(magnitudes, _SHARE)) if magnitudes.size else 1.0
