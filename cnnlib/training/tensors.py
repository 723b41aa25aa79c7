"""A module's tensors, as a run keeps them."""

import torch
from numpy.typing import NDArray
from torch import Tensor, nn


def floats(module: nn.Module) -> list[Tensor]:
    """Return the module's weights and running means, live; not its counters of batches."""
    return [tensor for tensor in module.state_dict().values() if tensor.is_floating_point()]


def like(parameter: nn.Parameter, values: NDArray) -> Tensor:
    """Return the values in the order in which the parameter lies in memory.

    Fused optimisers go through the memory of both without looking where the axes are.
    """
    tensor = torch.tensor(values)
    return tensor if not tensor.ndim else torch.empty_like(parameter).copy_(tensor).detach()
