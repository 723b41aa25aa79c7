"""One unit of a network, explained down to one multiplication."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.geometry import Span, receptive_field, windows
from cnnlib.layers import AvgPool2d, Conv2d, Flatten, Layer, Linear, MaxPool2d, Shape
from cnnlib.network import Network


@dataclass(frozen=True)
class Window:
    """What a unit sees of one earlier activation; spans are half-open.

    A flat activation of K entries counts as K maps of one cell.

    Attributes
    ----------
    activation : int
        Which one: 0 is the network's input.
    channels, rows, columns : (int, int)
        The maps and cells that the unit depends on.
    full_rows, full_columns : (int, int)
        The same with the padding around the maps: below 0 or beyond the map's size.
    """

    activation: int
    channels: Span
    rows: Span
    columns: Span
    full_rows: Span
    full_columns: Span


@dataclass(frozen=True, eq=False)
class Unit:
    """One number of a network, and where it comes from.

    Attributes
    ----------
    layer : int
        Which layer; its output is activation `layer` + 1.
    name, kind : str
        The layer's.
    index : (int, int, int) or (int,)
        Map, row and column, or the entry of a flat activation; all count from 0.
    value : float
        What the network computed.
    bias : float or None
        Of a convolution or linear layer.
    inputs : ndarray of shape (C, kh, kw)
        What the unit reads, in float64; 0 in the padding. A linear layer's K inputs have
        shape (K, 1, 1).
    inside : ndarray of bool of shape (C, kh, kw)
        False where the input lies in the padding.
    weights, products : ndarray of shape (C, kh, kw), or None
        Each input's weight and their product, where the layer is a weighted sum. The sum
        of the products, plus the bias, is the value, but for float32 rounding.
    winner : (int, int) or None
        Row and column, in the map before, of a max pooling's largest value; the first
        one in row-major order where several are equal.
    sentence : str
        All this in one line.
    windows : tuple of Window
        What it sees of each earlier activation, from the one just before to the pixels.
    """

    layer: int
    name: str
    kind: str
    index: tuple[int, ...]
    value: float
    bias: float | None
    inputs: NDArray
    inside: NDArray
    weights: NDArray | None
    products: NDArray | None
    winner: tuple[int, int] | None
    sentence: str
    windows: tuple[Window, ...]

    def as_dict(self) -> dict[str, Any]:
        """Return the unit in plain lists and numbers, ready for JSON."""
        return {
            key: value.tolist() if isinstance(value, np.ndarray) else value
            for key, value in asdict(self).items()
        }


def explain(
    network: Network,
    activations: Sequence[NDArray],
    layer: int,
    index: tuple[int, ...],
    sample: int = 0,
) -> Unit:
    """Say what one unit computed and from what.

    Parameters
    ----------
    network : Network
    activations : sequence of ndarray
        What `network.forward` returned.
    layer : int
        Index into the network's layers.
    index : tuple of int
        (map, row, column), or (entry,) after `Flatten`; from 0.
    sample : int
        Which input of the batch.

    Returns
    -------
    Unit

    Raises
    ------
    ValueError
        If there is no such layer, unit or sample, or the activations are another network's.
    """
    index = tuple(map(int, index))
    _check(network, activations, layer, index, sample)
    name, operation = network.layers[layer]
    seen = _windows(network, layer, index)
    before = activations[layer][sample].reshape(_as_maps(network.shapes[layer]))  # (C, H, W)
    inputs, inside = _read(before.astype(float), operation, index, seen[0])
    weights = _weights(operation, index)
    bias = operation.parameters.get("bias")
    winner = _winner(inputs, inside, seen[0]) if isinstance(operation, MaxPool2d) else None
    value = float(activations[layer + 1][sample][index])
    story = _story(operation, inputs, winner, seen[0])
    return Unit(
        layer=layer,
        name=name,
        kind=operation.kind,
        index=index,
        value=value,
        bias=None if bias is None else float(bias[index[0]]),
        inputs=inputs,
        inside=inside,
        weights=weights,
        products=None if weights is None else weights * inputs,
        winner=winner,
        sentence=f"{name}, {_place(index)}: {story} = {_number(value)}",
        windows=seen,
    )


def _check(
    network: Network,
    activations: Sequence[NDArray],
    layer: int,
    index: tuple[int, ...],
    sample: int,
) -> None:
    if not 0 <= layer < len(network.layers):
        raise ValueError(f"layer {layer}: use 0 to {len(network.layers) - 1}")
    if [a.shape[1:] for a in activations] != list(network.shapes):
        raise ValueError("the activations are not what forward returns for this network")
    if not 0 <= sample < len(activations[0]):
        raise ValueError(f"sample {sample}: use 0 to {len(activations[0]) - 1}")
    shape = network.shapes[layer + 1]
    if len(index) != len(shape) or not all(0 <= i < n for i, n in zip(index, shape, strict=True)):
        raise ValueError(f"unit {index} is not in {network.layers[layer][0]}'s shape {shape}")


def _as_maps(shape: Shape) -> tuple[int, int, int]:
    channels, rows, columns = shape if len(shape) == 3 else (*shape, 1, 1)
    return channels, rows, columns


def _windows(network: Network, layer: int, index: tuple[int, ...]) -> tuple[Window, ...]:
    """Follow a unit down through all earlier activations, the nearest first."""
    channel, row, column = index if len(index) == 3 else (*index, 0, 0)
    across, down = (column, column + 1), (row, row + 1)
    window = Window(layer + 1, (channel, channel + 1), down, across, down, across)
    seen = []
    for i in reversed(range(layer + 1)):
        window = _below(network.layers[i][1], _as_maps(network.shapes[i]), window)
        seen.append(window)
    return tuple(seen)


def _below(operation: Layer, shape: tuple[int, int, int], above: Window) -> Window:
    """Return what a window of a layer's output depends on in its input of `shape`."""
    activation = above.activation - 1
    channels, rows, columns = above.channels, above.rows, above.columns
    if isinstance(operation, Linear):
        return Window(activation, (0, shape[0]), (0, 1), (0, 1), (0, 1), (0, 1))
    if isinstance(operation, Flatten):
        entries = np.unravel_index(np.arange(*channels), shape)
        channels, rows, columns = ((int(e.min()), int(e.max()) + 1) for e in entries)
        return Window(activation, channels, rows, columns, rows, columns)
    if isinstance(operation, Conv2d):
        filters_per_group = len(operation.weight) // operation.groups
        depth = operation.weight.shape[1]
        groups = channels[0] // filters_per_group, (channels[1] - 1) // filters_per_group
        channels = groups[0] * depth, (groups[1] + 1) * depth
    down, across = operation.sweeps
    return Window(
        activation,
        channels,
        receptive_field(rows, [down], [shape[1]])[0],
        receptive_field(columns, [across], [shape[2]])[0],
        receptive_field(above.full_rows, [down])[0],
        receptive_field(above.full_columns, [across])[0],
    )


def _read(
    before: NDArray, operation: Layer, index: tuple[int, ...], window: Window
) -> tuple[NDArray, NDArray]:
    """Return what the unit reads (C, kh, kw), 0 in the padding, and where it is not padding."""
    if isinstance(operation, (Flatten, Linear)):
        inputs = before[slice(*window.channels), slice(*window.rows), slice(*window.columns)]
        return inputs, np.ones(inputs.shape, bool)
    down, across = operation.sweeps
    rows = windows(before.shape[1], **vars(down))[index[1]]
    columns = windows(before.shape[2], **vars(across))[index[2]]
    inside = np.outer(
        (rows >= 0) & (rows < before.shape[1]), (columns >= 0) & (columns < before.shape[2])
    )
    maps = before[slice(*window.channels)]
    inputs = maps[:, rows.clip(0, before.shape[1] - 1)][..., columns.clip(0, before.shape[2] - 1)]
    inside = np.broadcast_to(inside, inputs.shape)  # (C, kh, kw)
    return inputs * inside, inside


def _weights(operation: Layer, index: tuple[int, ...]) -> NDArray | None:
    if isinstance(operation, (Conv2d, Linear)):
        weights = operation.weight[index[0]].astype(float)
        return weights.reshape(_as_maps(weights.shape))  # (C, kh, kw)
    if isinstance(operation, AvgPool2d):
        rows, columns = (sweep.kernel for sweep in operation.sweeps)
        return np.full((1, rows, columns), 1 / (rows * columns))
    return None


def _winner(inputs: NDArray, inside: NDArray, window: Window) -> tuple[int, int]:
    """Return the row and column, in its map, of the first largest input that is no padding."""
    best = np.where(inside, inputs, -np.inf)[0].argmax()
    row, column = np.unravel_index(best, inputs.shape[1:])
    return window.full_rows[0] + int(row), window.full_columns[0] + int(column)


def _place(index: tuple[int, ...]) -> str:
    if len(index) == 1:
        return f"entry {index[0]}"
    return "map {}, row {}, column {}".format(*index)


def _story(
    operation: Layer, inputs: NDArray, winner: tuple[int, int] | None, window: Window
) -> str:
    channels, rows, columns = inputs.shape
    if isinstance(operation, Conv2d):
        return f"{channels} × {rows} × {columns} products + bias"
    if isinstance(operation, Linear):
        return f"{channels} products + bias"
    if isinstance(operation, AvgPool2d):
        return f"mean of {rows} × {columns} values"
    if winner:
        return f"largest of {rows} × {columns} values, in row {winner[0]}, column {winner[1]}"
    if isinstance(operation, Flatten):
        return _place((window.channels[0], window.rows[0], window.columns[0]))
    return f"max(0, {_number(inputs.item())})"


def _number(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")
