"""A module that begins with the weights of a network, in place of random ones."""

from typing import cast

import torch
from torch import Tensor, nn

from cnnlib.data import Dataset
from cnnlib.drawings.images import to_input
from cnnlib.network import Network

MEASURED = 512  # training images from which normalisations get their first values


@torch.no_grad()
def begin_from(module: nn.Module, network: Network, dataset: Dataset) -> None:
    """Copy a network's weights into the module of its architecture.

    The network has no batch normalisations, so those of the module begin as the identity. A
    normalisation's running mean μ and variance v are those of its inputs for the first training
    images; γ = √(v + ε) and β = μ. So the module computes the same as the network. In training
    mode, where a batch's own mean and variance take the place of μ and v, it does so very nearly.

    Parameters
    ----------
    module : nn.Module
        A module that `model.build` made.
    network : Network
        A network of the same architecture.
    dataset : Dataset
        The images that the module will learn from.
    """
    own = module.state_dict()
    for name, values in network.parameters.items():
        own[name].copy_(torch.tensor(values))
    norms = [one for one in module.modules() if isinstance(one, nn.BatchNorm1d | nn.BatchNorm2d)]
    if not norms:
        return
    hooks = [norm.register_forward_pre_hook(_become_identity) for norm in norms]
    training = module.training
    # In evaluation mode a normalisation uses its running values, which the hook has just set. So
    # it changes nothing, and the next normalisation is reached by the network's own values.
    module.eval()
    images = torch.tensor(to_input(dataset.images[:MEASURED]))
    module(images.to(next(module.parameters()).device))
    module.train(training)
    for hook in hooks:
        hook.remove()


def _become_identity(norm: nn.Module, inputs: tuple[Tensor, ...]) -> None:
    (x,) = inputs  # (N, C, H, W) or (N, C)
    x = x.double()
    axes = [0, *range(2, x.ndim)]
    mean, variance = x.mean(axes), x.var(axes, correction=0)
    for name, values in {
        "running_mean": mean,
        "running_var": variance,
        "weight": (variance + cast(float, norm.eps)).sqrt(),
        "bias": mean,
    }.items():
        cast(Tensor, getattr(norm, name)).copy_(values)
