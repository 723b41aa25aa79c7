"""The colour scale of a layer: one scale for all its maps, so that they may be compared."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from cnnlib.geometry import Span, Sweep, clip, windows
from cnnlib.layers import Flatten, Layer, MaxPool2d, ReLU, Shape
from cnnlib.network import Network

# The largest five values in a thousand may share the end colour, because a scale that ended at a
# single large value would fade all others.
_LARGEST = 1e30  # float32 ends at 3.4e38
_SHARE = 0.995


@dataclass(frozen=True)
class Largest:
    """A layer in which each value is the largest of several values of an earlier activation.

    Attributes
    ----------
    of : int
        The number of the earlier activation.
    rows, columns : tuple of (int, int), or None
        For each row (column) of the layer, the span of rows (columns) that it looks at; None if
        a value looks only at its own place.
    floor : float or None
        The least number that a value can be, if there is one.
    """

    of: int
    rows: tuple[Span, ...] | None = None
    columns: tuple[Span, ...] | None = None
    floor: float | None = None


@dataclass(frozen=True)
class LayerScale:
    """The colour scale of one layer's maps.

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
        The earlier activation that the values are the largest of, if they are.
    """

    activation: int
    name: str
    shape: tuple[int, ...]
    limit: float
    signed: bool
    follows: Largest | None = None


def layer_scales(network: Network, inputs: np.ndarray) -> tuple[LayerScale, ...]:
    """Return the colour scales of a network's maps, from its input to its last hidden layer.

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

    Raises
    ------
    ValueError
        If an activation is so large that other inputs could make it overflow.
    """
    with np.errstate(over="ignore", invalid="ignore"):
        first, *hidden, last = network.forward(inputs)
    largest = max(float(np.abs(values).max()) for values in (*hidden, last))
    if not largest < _LARGEST:
        raise ValueError(
            f"its activations reach {largest:.3g} on a sample digit: use weights with which "
            f"they stay below {_LARGEST:g}"
        )
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
