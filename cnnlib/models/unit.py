"""One unit of a network, explained down to one multiplication."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.geometry import Span, receptive_field, windows
from cnnlib.layers import (
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    Local2d,
    MaxPool2d,
    Shape,
)
from cnnlib.network import INPUT, Network


@dataclass(frozen=True)
class Window:
    """The part of one earlier activation that a unit sees; spans are half-open.

    A flat activation of K entries counts as K maps of one cell.

    Attributes
    ----------
    activation : int
        The activation's number: 0 is the network's input.
    channels, rows, columns : (int, int)
        The maps and cells that the unit depends on. Where several ways lead to the activation,
        the smallest box around all of their cells.
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
    """One number of a network, with the numbers that it was computed from.

    Attributes
    ----------
    layer : int
        The layer's number; the layer's output is activation `layer` + 1.
    name, kind : str
        Name and kind of the layer.
    index : (int, int, int) or (int,)
        Map, row and column, or the entry of a flat activation; all count from 0.
    value : float
        The number that the network computed.
    bias : float or None
        The unit's bias, in a convolution, locally connected or linear layer.
    inputs : ndarray of shape (C, kh, kw)
        The numbers that the unit reads, in float64; 0 in the padding. A linear layer's K inputs
        have shape (K, 1, 1), the two inputs of a sum (1, 1, 2).
    inside : ndarray of bool of shape (C, kh, kw)
        False where the input lies in the padding.
    weights, products : ndarray of shape (C, kh, kw), or None
        Each input's weight, and input times weight, where the layer is a weighted sum. The sum
        of the products, plus the bias, is the value, except for rounding to float32.
    winner : (int, int) or None
        Row and column, in the map before, of a max pooling's largest value; where several are
        equal, the first one in row-major order.
    sentence : str
        The calculation in one line.
    windows : tuple of Window
        The unit's windows in the earlier activations, the last activation first and the pixels
        last. Activations that a shortcut leads around may be missing.
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
    """Explain one unit: its value, and the numbers that the value was computed from.

    Parameters
    ----------
    network : Network
    activations : sequence of ndarray
        The activations that `network.forward` returned.
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
        If there is no such layer, unit or sample, or the activations are of another network.
    """
    index = tuple(map(int, index))
    _check(network, activations, layer, index, sample)
    name, operation = network.layers[layer]
    seen = _windows(network, layer, index)
    sources = network.sources[layer]
    before = [
        activations[i][sample].reshape(_as_maps(network.shapes[i])).astype(float)  # (C, H, W)
        for i in sources
    ]
    inputs, inside = _read(before, operation, index, seen[0])
    weights = _weights(operation, index)
    bias = operation.parameters.get("bias")
    winner = _winner(inputs, inside, seen[0]) if isinstance(operation, MaxPool2d) else None
    value = float(activations[layer + 1][sample][index])
    names = [INPUT, *(name for name, _ in network.layers)]
    story = _story(operation, inputs, winner, seen[0], [names[i] for i in sources])
    return Unit(
        layer=layer,
        name=name,
        kind=operation.kind,
        index=index,
        value=value,
        bias=None if bias is None else float(bias[index[: bias.ndim]]),
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


def _as_cell(index: tuple[int, ...]) -> tuple[int, int, int]:
    channel, row, column = index if len(index) == 3 else (*index, 0, 0)
    return channel, row, column


def _windows(network: Network, layer: int, index: tuple[int, ...]) -> tuple[Window, ...]:
    """Follow a unit down through all earlier activations, the last one first."""
    channel, row, column = _as_cell(index)
    across, down = (column, column + 1), (row, row + 1)
    seen = {layer + 1: Window(layer + 1, (channel, channel + 1), down, across, down, across)}
    for at in reversed(range(layer + 1)):
        if at + 1 not in seen:
            continue
        for source in network.sources[at]:
            shape = _as_maps(network.shapes[source])
            window = _below(network.layers[at][1], source, shape, seen[at + 1])
            seen[source] = _around(window, seen.get(source, window))
    del seen[layer + 1]
    return tuple(seen[activation] for activation in sorted(seen, reverse=True))


def _around(a: Window, b: Window) -> Window:
    """Return the smallest window around two windows; a window in the padding counts as empty."""
    for one, other in ((a, b), (b, a)):
        if any(start == stop for start, stop in (one.channels, one.rows, one.columns)):
            return other
    spans = asdict(a) | {
        name: (min(span[0], getattr(b, name)[0]), max(span[1], getattr(b, name)[1]))
        for name, span in asdict(a).items()
        if name != "activation"
    }
    return Window(**spans)


def _below(operation: Layer, activation: int, shape: tuple[int, int, int], above: Window) -> Window:
    """Return the window of an activation that a window of the next layer's output depends on."""
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
    if isinstance(operation, Local2d):
        channels = 0, shape[0]
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
    sources: list[NDArray], operation: Layer, index: tuple[int, ...], window: Window
) -> tuple[NDArray, NDArray]:
    """Return the numbers that a unit reads (C, kh, kw), and where they lie outside the padding."""
    if isinstance(operation, Add):
        inputs = np.array([[[source[_as_cell(index)] for source in sources]]])
        return inputs, np.ones(inputs.shape, bool)
    (before,) = sources
    if isinstance(operation, (Flatten, Linear)):
        inputs = before[slice(*window.channels), slice(*window.rows), slice(*window.columns)]
        return inputs, np.ones(inputs.shape, bool)
    down, across = operation.sweeps
    _, row, column = _as_cell(index)
    rows = windows(before.shape[1], **vars(down))[row]
    columns = windows(before.shape[2], **vars(across))[column]
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
    if isinstance(operation, Local2d):
        return operation.weight[index].astype(float)
    if isinstance(operation, AvgPool2d):
        rows, columns = (sweep.kernel for sweep in operation.sweeps)
        return np.full((1, rows, columns), 1 / (rows * columns))
    return None


def _winner(inputs: NDArray, inside: NDArray, window: Window) -> tuple[int, int]:
    """Return row and column, in the map, of the first largest input outside the padding."""
    best = np.where(inside, inputs, -np.inf)[0].argmax()
    row, column = np.unravel_index(best, inputs.shape[1:])
    return window.full_rows[0] + int(row), window.full_columns[0] + int(column)


def _place(index: tuple[int, ...]) -> str:
    if len(index) == 1:
        return f"entry {index[0]}"
    return "map {}, row {}, column {}".format(*index)


def _story(
    operation: Layer,
    inputs: NDArray,
    winner: tuple[int, int] | None,
    window: Window,
    sources: list[str],
) -> str:
    channels, rows, columns = inputs.shape
    match operation:
        case Conv2d():
            return f"{channels} × {rows} × {columns} products + bias"
        case Local2d():
            return f"{channels} × {rows} × {columns} products with weights of its own + bias"
        case Linear():
            return f"{channels} products + bias"
        case AvgPool2d():
            return f"mean of {rows} × {columns} values"
        case Flatten():
            return _place((window.channels[0], window.rows[0], window.columns[0]))
        case Add():
            terms = zip(sources, inputs.ravel(), strict=True)
            return " + ".join(f"{name} {_number(value)}" for name, value in terms)
    if winner:
        return f"largest of {rows} × {columns} values, in row {winner[0]}, column {winner[1]}"
    value = _number(inputs.item())
    return {"relu": f"max(0, {value})", "sigmoid": f"σ({value})"}.get(
        operation.kind, f"{operation.kind}({value})"
    )


def _number(value: float) -> str:
    return f"{value:.3f}".replace("-", "−")
