"""Layers that PyTorch does not have: wires to earlier layers, sums, local connections.

Maps lie in memory with a cell's channels side by side, because the CPU's convolutions are fastest
with that layout.
"""

from collections import OrderedDict
from collections.abc import Mapping
from math import prod

import torch
from torch import Tensor, nn
from torch.nn.functional import linear, pad

from cnnlib.checks import Pair, pair
from cnnlib.layers import Shape
from cnnlib.network import INPUT


class Wired(nn.Sequential):
    """Layers in a row, with wires to earlier layers as in `cnnlib.network.Network`."""

    def __init__(
        self, layers: "OrderedDict[str, nn.Module]", wires: Mapping[str, tuple[str, ...]]
    ) -> None:
        super().__init__(layers)
        self.wires = dict(wires)
        self._kept = {name for sources in wires.values() for name in sources}

    def forward(self, x: Tensor) -> Tensor:
        """Return the last layer's output."""
        kept = {INPUT: x}
        for name, layer in self.named_children():
            x = layer(*(kept[one] for one in self.wires[name])) if name in self.wires else layer(x)
            if name in self._kept:
                kept[name] = x
        return x


class Add(nn.Module):
    """The sum of two activations."""

    def forward(self, x: Tensor, other: Tensor) -> Tensor:
        """Return x + other."""
        return x + other


class FlattenCells(nn.Flatten):
    """Maps as one row, cell by cell. This is their order in memory, so nothing is copied."""

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, H·W·C)."""
        return x.permute(0, 2, 3, 1).flatten(1)


class LinearOfCells(nn.Linear):
    """A linear layer after `FlattenCells`; its weights are in the order of the maps (C, H, W).

    A `nn.Flatten` would hand a gradient back in the order of the maps too. Every layer before it
    would then work on two orders at once, which costs a fifth of a small network's time.
    """

    def __init__(self, maps: Shape, outputs: int, device: str | None = None) -> None:
        super().__init__(prod(maps), outputs, device=device)
        self._maps = maps

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, O)."""
        weight = self.weight.unflatten(1, self._maps).permute(0, 2, 3, 1)  # (O, H, W, C)
        return linear(x, weight.flatten(1), self.bias)


class Local2d(nn.Module):
    """A locally connected layer, see `cnnlib.local.local2d`: weight (O, Ho, Wo, C, kh, kw)."""

    def __init__(self, shape: tuple[int, ...], stride: Pair, padding: Pair) -> None:
        super().__init__()
        self.stride, self.padding = pair("stride", stride, 1), pair("padding", padding, 0)
        self.weight = nn.Parameter(torch.zeros(shape))
        self.bias = nn.Parameter(torch.zeros(shape[:3]))

    def forward(self, x: Tensor) -> Tensor:
        """Return (N, O, Ho, Wo)."""
        outputs, height, width, _, *kernel = self.weight.shape
        (down, across), (above, left) = self.stride, self.padding
        # With the samples last, every copy is of whole runs of memory, twice as fast as `unfold`.
        cells = pad(x, (left, left, above, above)).permute(2, 3, 1, 0).contiguous()  # (H, W, C, N)
        rows = (slice(s, s + down * height, down) for s in range(kernel[0]))
        shifted = [
            cells[part, t : t + across * width : across] for part in rows for t in range(kernel[1])
        ]
        windows = torch.stack(shifted, 3).reshape(height * width, -1, len(x))
        filters = self.weight.reshape(outputs, height * width, -1).transpose(0, 1)
        y = filters @ windows  # (Ho·Wo, O, N)
        return y.permute(2, 1, 0).reshape(len(x), *self.bias.shape) + self.bias
