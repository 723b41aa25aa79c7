"""From the core's description of a network to a PyTorch module, and back."""

import math
from collections import OrderedDict
from collections.abc import Mapping
from typing import Any, cast

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.nn.utils import skip_init

from cnnlib import network as core
from cnnlib.models.architecture import Architecture
from cnnlib.training.modules import Add, FlattenCells, LinearOfCells, Local2d, Wired

# Layers that have neither weights nor settings.
_PLAIN: dict[type[nn.Module], type[core.Layer]] = {
    nn.ReLU: core.ReLU,
    nn.Sigmoid: core.Sigmoid,
    nn.Tanh: core.Tanh,
    Add: core.Add,
}


def build(
    architecture: Architecture, *, batch_norm: bool = False, dropout: float = 0.0, seed: int = 0
) -> Wired:
    """Build the module of an architecture, untrained.

    Weights are normal, of standard deviation gain / √(fan-in), with a gain of √2 for ReLU
    (K. He et al., "Delving deep into rectifiers", 2015), 5/3 for tanh and 1 for sigmoid;
    biases are 0. If there are B shortcuts and no batch normalisation, the last layer that each
    shortcut goes around begins with weights √B times smaller, so that the sums do not grow from
    block to block (A. Radford et al., "Language models are unsupervised multitask learners", 2019).

    Parameters
    ----------
    architecture : Architecture
    batch_norm : bool
        Whether every layer with weights except the last is batch-normalised (S. Ioffe and
        C. Szegedy, 2015) before its activation. `to_network` folds the normalisation in.
    dropout : float
        Share of the inputs of each fully connected layer that is dropped while it trains, in
        [0, 1); pixels are never dropped.
    seed : int
        The seed of the weights.
    """
    network = architecture.network()
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    for name, layer in network.layers:
        flat, last = isinstance(layer, core.Linear), name == network.layers[-1][0]
        if dropout and flat and any(hasattr(module, "weight") for module in layers.values()):
            layers[f"{name}_dropout"] = nn.Dropout(dropout)
        layers[name] = _to_torch(layer)
        if batch_norm and layer.parameters and not last:
            norm = nn.BatchNorm1d if flat else nn.BatchNorm2d
            layers[f"{name}_norm"] = norm(len(layer.parameters["bias"]))
    if not dropout:  # dropout is drawn in the order of a row, which `FlattenCells` would change
        at = [layer.kind for _, layer in network.layers].index("flatten")
        (flatten, _), (first, linear) = network.layers[at : at + 2]
        outputs = len(linear.parameters["bias"])
        layers[flatten] = FlattenCells()
        layers[first] = skip_init(LinearOfCells, network.shapes[at], outputs)
    wires = {
        name: tuple(f"{one}_norm" if f"{one}_norm" in layers else one for one in sources)
        for name, sources in network.wires.items()
    }
    gains = dict.fromkeys(layers, nn.init.calculate_gain(architecture.activation))
    joined = [network.wires[name][0] for name, layer in network.layers if layer.inputs == 2]
    if not batch_norm:
        gains |= {name: gains[name] / math.sqrt(len(joined)) for name in joined}
    _begin(layers, gains, seed)
    return Wired(layers, wires)


def _begin(layers: Mapping[str, nn.Module], gains: Mapping[str, float], seed: int) -> None:
    generator = torch.Generator().manual_seed(seed)
    for name, layer in layers.items():
        if isinstance(layer, nn.Conv2d | Local2d | nn.Linear):
            weight, bias = layer.get_parameter("weight"), layer.get_parameter("bias")
            fan_in = weight.numel() // bias.numel()
            with torch.no_grad():
                weight.normal_(0, gains[name] / math.sqrt(fan_in), generator=generator)
                bias.zero_()


def to_network(
    module: nn.Sequential, input_shape: tuple[int, int, int] = (1, 28, 28)
) -> core.Network:
    """Copy a module into a network that the NumPy core runs.

    A batch normalisation right after a layer with weights becomes part of that layer: with the
    running mean μ, variance v and the learned γ and β, the weights of each output map are
    multiplied by γ / √(v + ε), and its bias b becomes (b − μ) γ / √(v + ε) + β. Dropout is left
    out.

    Parameters
    ----------
    module : nn.Sequential
        A `Wired` module keeps its wires.
    input_shape : (int, int, int)

    Raises
    ------
    ValueError
        If the module holds a layer that the core doesn't have.
    """
    layers: dict[str, core.Layer] = {}
    folded: dict[str, str] = {}  # the name of its layer, by each normalisation's name
    for name, layer in module.named_children():
        before = next(reversed(layers), "")
        if isinstance(layer, nn.Dropout):
            continue
        follows_weights = before and layers[before].parameters
        if isinstance(layer, nn.BatchNorm1d | nn.BatchNorm2d) and follows_weights:
            layers[before] = _fold(layers[before], layer)
            folded[name] = before
        else:
            layers[name] = _to_core(name, layer)
    wires = module.wires if isinstance(module, Wired) else {}
    unfolded = {
        name: tuple(folded.get(one, one) for one in sources) for name, sources in wires.items()
    }
    return core.Network(list(layers.items()), input_shape, unfolded)


def _fold(layer: core.Layer, norm: nn.BatchNorm1d | nn.BatchNorm2d) -> core.Layer:
    mean, variance, gamma, beta = (
        cast(Tensor, values).detach().cpu().double().numpy()
        for values in (norm.running_mean, norm.running_var, norm.weight, norm.bias)
    )
    factor = gamma / np.sqrt(variance + norm.eps)  # (O,)

    def along(values: NDArray, array: NDArray) -> NDArray:
        return values.reshape(-1, *[1] * (array.ndim - 1))

    weight, bias = layer.parameters["weight"], layer.parameters["bias"]
    parameters = {
        "weight": weight * along(factor, weight),
        "bias": (bias - along(mean, bias)) * along(factor, bias) + along(beta, bias),
    }
    return type(layer)(**layer.settings, **parameters)


def _to_core(name: str, layer: nn.Module) -> core.Layer:
    match layer:
        case nn.Conv2d(bias=nn.Parameter(), padding_mode="zeros", padding=tuple()):
            names = ("stride", "padding", "dilation", "groups")
            return core.Conv2d(**_arrays(layer), **{name: getattr(layer, name) for name in names})
        case Local2d():
            return core.Local2d(**_arrays(layer), stride=layer.stride, padding=layer.padding)
        case nn.Linear(bias=nn.Parameter()):
            return core.Linear(**_arrays(layer))
        case nn.MaxPool2d(dilation=1, ceil_mode=False):
            return core.MaxPool2d(layer.kernel_size, layer.stride, layer.padding)
        case nn.AvgPool2d(ceil_mode=False, count_include_pad=True, divisor_override=None):
            return core.AvgPool2d(layer.kernel_size, layer.stride, layer.padding)
        case nn.Flatten(start_dim=1, end_dim=-1):
            return core.Flatten()
    if type(layer) in _PLAIN:
        return _PLAIN[type(layer)]()
    raise ValueError(f"layer {name} is {layer}, which the NumPy core cannot run")


def _arrays(layer: nn.Module) -> dict[str, Any]:
    return {name: value.detach().cpu().numpy().copy() for name, value in layer.named_parameters()}


def _to_torch(layer: core.Layer) -> nn.Module:
    """Return the module of a layer, whose weights are not drawn yet."""
    match layer:
        case core.Conv2d():
            outputs, channels, rows, columns = layer.weight.shape
            kernel = (rows, columns)
            return skip_init(nn.Conv2d, channels, outputs, kernel, layer.stride, layer.padding)
        case core.Local2d():
            return Local2d(layer.weight.shape, layer.stride, layer.padding)
        case core.Linear():
            outputs, inputs = layer.weight.shape
            return skip_init(nn.Linear, inputs, outputs)
        case core.MaxPool2d():
            return nn.MaxPool2d(**layer.settings)
        case core.AvgPool2d():
            return nn.AvgPool2d(**layer.settings)
        case core.Flatten():
            return nn.Flatten()
    return next(module for module, plain in _PLAIN.items() if plain is type(layer))()
