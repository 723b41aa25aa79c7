"""One unit written out, as data for a figure: its window's inputs, weights and products."""

from typing import Any

import numpy as np

from cnnlib.drawings.reading import Reading
from cnnlib.models.unit import Unit
from cnnlib.network import Network

_LARGEST_POWER = 700  # of e: beyond it float64 overflows, and JSON has no number
_ACTIVATIONS = {"relu": "max(0, input)", "sigmoid": "1 / (1 + e^−input)", "tanh": "tanh(input)"}


def panel(unit: Unit, network: Network, reading: Reading) -> dict[str, Any]:
    """Return the data of a unit's panel; `cnnlib` has computed every number in it.

    The inputs of a linear layer are shown as maps, if they are flattened maps.
    """
    shape = unit.inputs.shape
    if unit.kind == "linear" and unit.layer and network.layers[unit.layer - 1][1].kind == "flatten":
        shape = network.shapes[unit.layer - 1]
    stacks = {
        name: None if values is None else values.reshape(shape)
        for name, values in (
            ("inputs", unit.inputs),
            ("weights", unit.weights),
            ("products", unit.products),
        )
    }
    products = stacks["products"]
    first_map = unit.windows[0].channels[0] if len(unit.index) == 3 else 0
    return {
        "title": title(unit),
        "value": unit.value,
        "maps": list(range(first_map, first_map + shape[0])),
        "terms": {k: None if v is None else v.tolist() for k, v in stacks.items()},
        "sums": None if products is None else products.sum(axis=(1, 2)).tolist(),
        "outside": (~unit.inside.reshape(shape)).tolist(),
        "winner": _winner(unit),
        "lines": _lines(unit, network, reading),
    }


def title(unit: Unit) -> str:
    """Return the place of a unit, in words."""
    if len(unit.index) == 1:
        return f"{unit.name}, {'class' if unit.name == 'logits' else 'entry'} {unit.index[0]}"
    channel, row, column = unit.index
    return f"{unit.name}, map {channel}, row {row}, column {column}"


def _winner(unit: Unit) -> list[int] | None:
    """Return the winner's row and column within the window that is shown."""
    if unit.winner is None:
        return None
    window = unit.windows[0]
    return [unit.winner[0] - window.full_rows[0], unit.winner[1] - window.full_columns[0]]


def _lines(unit: Unit, network: Network, reading: Reading) -> list[dict[str, Any]]:
    if unit.kind in _ACTIVATIONS:
        return [{"label": _ACTIVATIONS[unit.kind], "value": unit.value}]
    if unit.kind == "add":
        first, second = unit.inputs.ravel().tolist()
        names = network.wires[unit.name]
        return [
            {"label": names[0], "value": first},
            {"label": f"+ {names[1]}", "value": second},
            {"label": "= value", "value": unit.value},
        ]
    if unit.kind == "max_pool2d":
        return [{"label": f"largest of {int(unit.inside.sum())}", "value": unit.value}]
    lines: list[dict[str, Any]] = []
    if unit.products is not None:
        lines.append(
            {"label": f"Σ of {unit.products.size} products", "value": float(unit.products.sum())}
        )
    if unit.bias is not None:
        lines.append({"label": "+ bias", "value": unit.bias})
    last = unit.layer == len(network.layers) - 1
    lines.append({"label": "= logit" if last else "= value", "value": unit.value})
    if last:
        # The definition as it is taught, unless its numbers overflow. Then the largest logit is
        # subtracted first, as in `losses.softmax`: that leaves the ratio as it is.
        logits = reading.activations[-1][0].astype(float)
        largest = logits.max()
        fits = largest < _LARGEST_POWER
        powers = np.exp(logits if fits else logits - largest)
        name = "e^logit" if fits else "e^(logit − largest)"
        (digit,) = unit.index
        lines += [
            {"label": name, "value": float(powers[digit])},
            {"label": f"Σ {name} of all ten", "value": float(powers.sum())},
            {"label": "softmax, the ratio", "value": float(reading.probabilities[digit])},
        ]
    return lines
