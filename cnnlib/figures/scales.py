"""Which value the end of a colour scale stands for, so that maps may be compared."""

from collections.abc import Sequence

import numpy as np

# The largest five in a thousand may share the end colour: one of them would fade all others.
_SHARE = 0.995


def shared_limits(activations: Sequence[np.ndarray]) -> list[float]:
    """Return one limit for each activation: the magnitude that 99.5% of its values keep within.

    All maps of a layer, and all later inputs, are painted on the scale from -limit to limit,
    so that equal colours are equal values wherever they stand in a layer.

    Parameters
    ----------
    activations : sequence of ndarray
        What a network computed for a batch of typical inputs; zeros are left out, for most of
        a picture is paper.

    Returns
    -------
    list of float
        One for each activation, positive; 1 where there is nothing but zeros.

    Examples
    --------
    >>> shared_limits([np.array([0.0, 0.0, 2.0]), np.array([-3.0, 3.0]), np.zeros(4)])
    [2.0, 3.0, 1.0]
    """
    magnitudes = [np.abs(values[values != 0]) for values in activations]
    return [float(np.quantile(m, _SHARE)) if m.size else 1.0 for m in magnitudes]
