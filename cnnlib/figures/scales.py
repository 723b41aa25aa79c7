"""Which value the end of a colour scale stands for, so that maps may be compared."""

from collections.abc import Sequence

import numpy as np

# A layer with weights begins a new quantity; what follows it only drops or picks its values.
_WITH_WEIGHTS = {"conv2d", "linear"}


def shared_limits(kinds: Sequence[str], activations: Sequence[np.ndarray]) -> list[float]:
    """Return one limit for each activation, shared where the values are the same quantity.

    A convolution, its ReLU and their pooling share the largest magnitude that any of them
    reaches: then the ReLU's picture is the convolution's without the negative colours.

    Parameters
    ----------
    kinds : sequence of str
        The kind of each layer, such as "conv2d" or "relu".
    activations : sequence of ndarray
        The input, then the output of each layer, for a batch of typical inputs.

    Returns
    -------
    list of float
        One for each activation, positive.

    Examples
    --------
    >>> maps = [np.ones(2), np.array([-3.0, 2.0]), np.array([0.0, 2.0]), np.array([0.5])]
    >>> shared_limits(["conv2d", "relu", "linear"], maps)
    [1.0, 3.0, 3.0, 0.5]
    """
    if len(activations) != len(kinds) + 1:
        raise ValueError(
            f"{len(activations)} activations for {len(kinds)} layers: give the input's too, "
            f"{len(kinds) + 1} in all"
        )
    groups = np.cumsum([0, *(kind in _WITH_WEIGHTS for kind in kinds)])
    reach = np.array([np.abs(values).max() for values in activations])
    limits = [float(reach[groups == group].max()) for group in groups]
    return [limit if limit > 0 else 1.0 for limit in limits]
