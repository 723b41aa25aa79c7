"""Between the core's description of a network and a PyTorch module, both ways."""

from collections import OrderedDict
from typing import Any

import torch
from torch import nn

from cnnlib import network as core


def digit_reader(seed: int, maps: tuple[int, int] = (12, 24)) -> nn.Sequential:
    """Build the network of the draw page, untrained.

    Two blocks of convolution, ReLU, convolution, ReLU and 2×2 max-pooling, then one linear layer:
    28×28 → 14×14 → 7×7 → 10 logits. Weights as K. He et al., "Delving deep into rectifiers"
    (2015): normal, of standard deviation √(2 / fan-in); biases 0.

    Parameters
    ----------
    seed : int
        Of the weights.
    maps : tuple of int
        Feature maps in the first and in the second block.
    """
    first, second = maps
    layers = OrderedDict(
        conv1=nn.Conv2d(1, first, 3, padding=1),
        relu1=nn.ReLU(),
        conv2=nn.Conv2d(first, first, 3, padding=1),
        relu2=nn.ReLU(),
        pool1=nn.MaxPool2d(2),
        conv3=nn.Conv2d(first, second, 3, padding=1),
        relu3=nn.ReLU(),
        conv4=nn.Conv2d(second, second, 3, padding=1),
        relu4=nn.ReLU(),
        pool2=nn.MaxPool2d(2),
        flatten=nn.Flatten(),
        logits=nn.Linear(second * 7 * 7, 10),
    )
    module = nn.Sequential(layers)
    generator = torch.Generator().manual_seed(seed)
    for name, parameter in module.named_parameters():
        if name.endswith("weight"):
            nn.init.kaiming_normal_(parameter, nonlinearity="relu", generator=generator)
        else:
            nn.init.zeros_(parameter)
    return module


def to_network(
    module: nn.Sequential, input_shape: tuple[int, int, int] = (1, 28, 28)
) -> core.Network:
    """Copy a module into a network that the NumPy core runs.

    Raises
    ------
    ValueError
        If the module holds a layer that the core doesn't have.
    """
    layers = [(name, _to_core(name, layer)) for name, layer in module.named_children()]
    return core.Network(layers, input_shape)


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
