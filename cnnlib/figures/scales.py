"""How a layer's maps are painted: one scale for all of them, so that they may be compared."""

from dataclasses import dataclass

import numpy as np

from cnnlib.network import Network

# The largest five in a thousand may share the end colour: one of them would fade all others.
_SHARE = 0.995


@dataclass(frozen=True)
class LayerScale:
    """How one layer's maps are painted.

    Attributes
    ----------
    name : str
        The layer's name, or "input".
    shape : tuple of int
        (maps, rows, columns).
    limit : float
        The magnitude at the end of the colour scale.
    signed : bool
        Whether the scale has a negative side.
    """

    name: str
    shape: tuple[int, ...]
    limit: float
    signed: bool


def layer_scales(network: Network, inputs: np.ndarray) -> tuple[LayerScale, ...]:
    """Return how a network's maps are painted, from its input to its last layer with maps.

    Parameters
    ----------
    network : Network
    inputs : float ndarray of shape (N, C, H, W)
        Typical inputs. Scales fixed by them stay when the drawing changes, so that a colour
        means the same from map to map and from stroke to stroke.

    Returns
    -------
    tuple of LayerScale
        One for each activation with rows and columns. The input is not signed.
    """
    names = ["input", *(name for name, _ in network.layers)]
    return tuple(
        LayerScale(name, values.shape[1:], limit(values), signed=name != "input")
        for name, values in zip(names, network.forward(inputs), strict=True)
        if values.ndim == 4
    )


def limit(values: np.ndarray) -> float:
    """Return the magnitude that 99.5% of the values keep within.

    Zeros are left out, for most of a picture is paper; where there is nothing else, it is 1.

    Examples
    --------
    >>> limit(np.array([0.0, 0.0, -3.0, 3.0])), limit(np.zeros(4))
    (3.0, 1.0)
    """
    magnitudes = np.abs(values[values != 0])
    return float(np.quantile(magnitudes, _SHARE)) if magnitudes.size else 1.0
