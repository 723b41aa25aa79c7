"""Between the core's description of a network and a PyTorch module, both ways."""

from collections import OrderedDict
from dataclasses import replace
from typing import Any, cast

import numpy as np
import torch
from torch import nn

from cnnlib import network as core


def digit_reader(seed: int, maps: tuple[int, int] = (12, 24)) -> nn.Sequential:
    """Build the network of the draw page, untrained.

    Two blocks of convolution, ReLU, convolution, ReLU and 2×2 max-pooling, then one linear layer:
    28×28 → 14×14 → 7×7 → 10 logits. Weights as K. He et al., "Delving deep into rectifiers"
    (2015): normal, of standard deviation √(2 / fan-in); biases 0. While it trains, each
    convolution is batch-normalised (S. Ioffe and C. Szegedy, 2015); `to_network` folds that in.

    Parameters
    ----------
    seed : int
        Of the weights.
    maps : tuple of int
        Feature maps in the first and in the second block.
    """
    layers: OrderedDict[str, nn.Module] = OrderedDict()
    channels = 1
    for number, outputs in enumerate((maps[0], maps[0], maps[1], maps[1]), start=1):
        layers[f"conv{number}"] = nn.Conv2d(channels, outputs, 3, padding=1)
        layers[f"norm{number}"] = nn.BatchNorm2d(outputs)
        layers[f"relu{number}"] = nn.ReLU()
        if number % 2 == 0:
            layers[f"pool{number // 2}"] = nn.MaxPool2d(2)
        channels = outputs
    layers["flatten"] = nn.Flatten()
    layers["logits"] = nn.Linear(channels * 7 * 7, 10)

    generator = torch.Generator().manual_seed(seed)
    for layer in layers.values():
        if isinstance(layer, nn.Conv2d | nn.Linear):
            nn.init.kaiming_normal_(layer.weight, nonlinearity="relu", generator=generator)
            nn.init.zeros_(cast(nn.Parameter, layer.bias))
    return nn.Sequential(layers)


def to_network(
    module: nn.Sequential, input_shape: tuple[int, int, int] = (1, 28, 28)
) -> core.Network:
    """Copy a module into a network that the NumPy core runs.

    A batch normalisation right after a convolution becomes part of it: with the running mean μ,
    variance v and the learned γ and β, each output map's weights are multiplied by
    γ / √(v + ε), and its bias b becomes (b − μ) γ / √(v + ε) + β.

    Raises
    ------
    ValueError
        If the module holds a layer that the core doesn't have.
    """
    layers: list[tuple[str, core.Layer]] = []
    for name, layer in module.named_children():
        previous = layers[-1][1] if layers else None
        if isinstance(layer, nn.BatchNorm2d) and isinstance(previous, core.Conv2d):
            layers[-1] = (layers[-1][0], _fold(previous, layer))
        else:
            layers.append((name, _to_core(name, layer)))
    return core.Network(layers, input_shape)


def _fold(conv: core.Conv2d, norm: nn.BatchNorm2d) -> core.Conv2d:
    mean, variance, gamma, beta = (
        cast(torch.Tensor, values).detach().double().numpy()
        for values in (norm.running_mean, norm.running_var, norm.weight, norm.bias)
    )
    factor = gamma / np.sqrt(variance + norm.eps)  # (O,)
    return replace(
        conv,
        weight=conv.weight * factor[:, None, None, None],
        bias=(conv.bias - mean) * factor + beta,
    )


def to_module(network: core.Network) -> nn.Sequential:
    """Copy a network into a module that PyTorch trains."""
    return nn.Sequential(
        OrderedDict((name, _to_torch(name, layer)) for name, layer in network.layers)
    )


def _to_core(name: str, layer: nn.Module) -> core.Layer:
    match layer:
        case nn.Conv2d(bias=nn.Parameter(), padding_mode="zeros", padding=tuple()):
            names = ("stride", "padding", "dilation", "groups")
            return core.Conv2d(**_arrays(layer), **{name: getattr(layer, name) for name in names})
        case nn.Linear(bias=nn.Parameter()):
            return core.Linear(**_arrays(layer))
        case nn.MaxPool2d(dilation=1, ceil_mode=False):
            return core.MaxPool2d(layer.kernel_size, layer.stride, layer.padding)
        case nn.AvgPool2d(ceil_mode=False, count_include_pad=True, divisor_override=None):
            return core.AvgPool2d(layer.kernel_size, layer.stride, layer.padding)
        case nn.ReLU():
            return core.ReLU()
        case nn.Flatten(start_dim=1, end_dim=-1):
            return core.Flatten()
    raise ValueError(f"layer {name} is {layer}, which the NumPy core cannot run")


def _arrays(layer: nn.Module) -> dict[str, Any]:
    return {name: value.detach().numpy().copy() for name, value in layer.named_parameters()}


def _to_torch(name: str, layer: core.Layer) -> nn.Module:
    match layer:
        case core.Conv2d():
            outputs, channels, *kernel = layer.weight.shape
            inputs = channels * layer.groups
            return _filled(nn.Conv2d(inputs, outputs, tuple(kernel), **layer.settings), layer)
        case core.Linear():
            outputs, inputs = layer.weight.shape
            return _filled(nn.Linear(inputs, outputs), layer)
        case core.MaxPool2d():
            return nn.MaxPool2d(**layer.settings)
        case core.AvgPool2d():
            return nn.AvgPool2d(**layer.settings)
        case core.ReLU():
            return nn.ReLU()
        case core.Flatten():
            return nn.Flatten()
    raise ValueError(f"layer {name} is a {layer.kind}, which has no counterpart in PyTorch here")


def _filled(module: nn.Module, layer: core.Layer) -> nn.Module:
    # A copy: the core's arrays are read-only and shared.
    module.load_state_dict({k: torch.from_numpy(v.copy()) for k, v in layer.parameters.items()})
    return module
