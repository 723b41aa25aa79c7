"""The tensors of a module that a run keeps."""

import torch
from numpy.typing import NDArray
from torch import Tensor, nn


def floats(module: nn.Module) -> list[Tensor]:
    """Return the module's own weights and running means, without its counters of batches."""
    return [tensor for tensor in module.state_dict().values() if tensor.is_floating_point()]


def like(parameter: nn.Parameter, values: NDArray) -> Tensor:
    """Return the values in the order in which the parameter lies in memory.

    The order matters because fused optimisers go through the memory of both without looking at
    the axes.
    """
    tensor = torch.tensor(values)
    return tensor if not tensor.ndim else torch.empty_like(parameter).copy_(tensor).detach()
