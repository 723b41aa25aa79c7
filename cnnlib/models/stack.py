"""A stack of convolutions and poolings: which cells of which map see which others.

All maps and kernels are square, so that one axis stands for both. Positions come from `geometry`.
Sets of cells are followed exactly: a dilated kernel leaves holes, and a border cuts cells off.
"""

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from cnnlib.checks import whole
from cnnlib.geometry import Sweep, output_size, windows
from cnnlib.layers import AvgPool2d, Conv2d, Layer, MaxPool2d, ReLU
from cnnlib.network import Network
from cnnlib.pool import pool_sweeps

MOST_LAYERS = 12
LARGEST_INPUT = 64
_LAYER = re.compile(r"(conv|pool)\s*(\d{1,2})((?:\s*[spd]\s*\d{1,2})*)")

Kind = Literal["conv", "pool"]


@dataclass(frozen=True)
class Stage:
    """One layer: a convolution, or a pooling without dilation."""

    kind: Kind
    sweep: Sweep

    @property
    def text(self) -> str:
        """The layer as `parse` reads it, such as conv3p1 or pool2."""
        sweep = self.sweep
        stride = sweep.kernel if self.kind == "pool" else 1
        said = f"{self.kind}{sweep.kernel}"
        said += f"s{sweep.stride}" if sweep.stride != stride else ""
        said += f"p{sweep.padding}" if sweep.padding else ""
        return said + (f"d{sweep.dilation}" if sweep.dilation > 1 else "")


def parse(text: str) -> tuple[Stage, ...]:
    """Read layers, such as "conv3p1, conv5s2d2, pool2".

    The number after the kind is the kernel's size; s is the stride, p the padding, d the dilation
    of a convolution. A stride that is not given is 1, or for a pooling the kernel's size.

    Raises
    ------
    ValueError
        If a layer can't be read or has sizes out of range, or there are no layers or too many.

    Examples
    --------
    >>> [stage.text for stage in parse("conv 3 p1, pool2")]
    ['conv3p1', 'pool2']
    """
    names = [name for name in re.split(r"[,;]", text.lower().strip()) if name.strip()]
    if not 1 <= len(names) <= MOST_LAYERS:
        raise ValueError(f"{len(names)} layers: use 1 to {MOST_LAYERS}, with commas between them")
    return tuple(_stage(name.strip()) for name in names)


def field_sizes(kernels: Sequence[int], strides: Sequence[int]) -> list[int]:
    """Return how wide a unit's receptive field in the input is, layer by layer.

    r_l = r_{l−1} + (k_l − 1) · ∏_{i<l} s_i, with r_0 = 1, because neighbours of layer l − 1 are
    the product of all strides before them apart, in the input's cells. A dilated kernel counts
    with its extent. L layers of stride 1 and kernel K give 1 + L(K − 1).

    Examples
    --------
    >>> field_sizes([5, 5], [1, 1]), field_sizes([3, 3, 2, 3, 3, 2], [1, 1, 2, 1, 1, 2])
    ([5, 9], [3, 5, 6, 10, 14, 16])
    """
    sizes, field, step = [], 1, 1
    for kernel, stride in zip(kernels, strides, strict=True):
        field += (kernel - 1) * step
        step *= stride
        sizes.append(field)
    return sizes


@dataclass(frozen=True)
class Stack:
    """Layers on a square input of `size` cells; depth 0 is the input, depth l layer l's output.

    Raises
    ------
    ValueError
        If the input is out of range, or a kernel does not fit.
    """

    size: int
    stages: tuple[Stage, ...]

    def __post_init__(self) -> None:
        if not 1 <= whole("input", self.size, 1) <= LARGEST_INPUT:
            raise ValueError(f"input of {self.size} cells: use 1 to {LARGEST_INPUT}")
        self.sizes  # noqa: B018 - raises where the layers do not chain

    @cached_property
    def sizes(self) -> tuple[int, ...]:
        """The cells along each map, from the input on."""
        sizes = [self.size]
        for number, stage in enumerate(self.stages, 1):
            try:
                sizes.append(output_size(sizes[-1], **vars(stage.sweep)))
            except ValueError as error:
                raise ValueError(f"layer {number}, {stage.text}: {error}") from None
        return tuple(sizes)

    @property
    def fields(self) -> list[int]:
        """How wide the field in the input is, layer by layer, if no border cuts cells off."""
        sweeps = [stage.sweep for stage in self.stages]
        return field_sizes([sweep.extent for sweep in sweeps], [sweep.stride for sweep in sweeps])

    @property
    def simple(self) -> tuple[int, int] | None:
        """(L, K) where all layers have stride 1 and the same kernel, undilated; else None."""
        first = self.stages[0].sweep
        plain = all(
            (s.sweep.kernel, s.sweep.stride, s.sweep.dilation) == (first.kernel, 1, 1)
            for s in self.stages
        )
        return (len(self.stages), first.kernel) if plain else None

    def reads(self, depth: int) -> list[list[int]]:
        """Return, for each cell of the map at `depth`, the cells that it reads one map before."""
        n = self.sizes[depth - 1]
        table = windows(n, **vars(self.stages[depth - 1].sweep)).tolist()
        return [[cell for cell in row if 0 <= cell < n] for row in table]

    def below(self, depth: int, cell: int) -> list[list[int]]:
        """Return the cells that one cell depends on: in its own map, then in each map before."""
        found = [[cell]]
        for at in range(depth, 0, -1):
            table = self.reads(at)
            found.append(_union(table[one] for one in found[-1]))
        return found

    def above(self, depth: int, cell: int) -> list[list[int]]:
        """Return the cells that one cell affects: in its own map, then in each map after."""
        found = [[cell]]
        for at in range(depth + 1, len(self.sizes)):
            reached = set(found[-1])
            table = self.reads(at)
            found.append([one for one, row in enumerate(table) if reached.intersection(row)])
        return found

    def connections(self) -> NDArray[np.bool_]:
        """Return which cells of the input each unit of the last layer sees.

        Returns
        -------
        ndarray of shape (units, cells)
        """
        seen = np.zeros((self.sizes[-1], self.size), bool)
        for unit, row in enumerate(seen):
            row[self.below(len(self.stages), unit)[-1]] = True
        return seen

    def even_network(self) -> Network:
        """Return a network of this stack in which every path counts: weights of 1, mean pooling."""
        return self._network(1, None)

    def random_network(self, maps: int = 4, seed: int = 0) -> Network:
        """Return a network of this stack with ReLU, max pooling and random weights.

        Weights are normal with variance 2 / fan-in (K. He et al., "Delving Deep into
        Rectifiers", 2015), so that activations and gradients keep their size with depth.
        """
        return self._network(maps, np.random.default_rng(seed))

    def _network(self, maps: int, random: np.random.Generator | None) -> Network:
        layers: list[tuple[str, Layer]] = []
        depth = 1
        for number, stage in enumerate(self.stages, 1):
            k, s, p, d = vars(stage.sweep).values()
            if stage.kind == "pool":
                layers.append((f"layer{number}", (MaxPool2d if random else AvgPool2d)(k, s, p)))
                continue
            shape = (maps, depth, k, k)
            weight = np.ones(shape) if random is None else random.normal(0, 1, shape)
            if random is not None:
                weight = weight * np.sqrt(2 / (depth * k * k))
            layers.append((f"layer{number}", Conv2d(weight, np.zeros(maps), s, p, d)))
            depth = maps
            if random is not None:
                layers.append((f"relu{number}", ReLU()))
        return Network(layers, input_shape=(1, self.size, self.size))

    def layer_of(self, network: Network, depth: int) -> int:
        """Return the number of the activation of a network that is the map at `depth`."""
        names = [name for name, _ in network.layers]
        return 0 if depth == 0 else names.index(f"layer{depth}") + 1


def cells_holding(strengths: NDArray, share: float = 0.9) -> int:
    """Return the smallest number of cells that together hold a share of the total.

    Examples
    --------
    >>> cells_holding(np.array([8.0, 1.0, 1.0, 0.0]))
    2
    """
    ordered = np.sort(strengths.ravel())[::-1]
    if not ordered.sum():
        return 0
    return int(np.searchsorted(np.cumsum(ordered), share * ordered.sum() * (1 - 1e-12))) + 1


# Layers and input size by name. LeNet-5: Y. LeCun et al., "Gradient-based learning applied to
# document recognition", 1998. VGG-16, configuration D, here on 64 cells instead of 224:
# K. Simonyan and A. Zisserman, "Very deep convolutional networks", 2015.
STACKS = {
    "two 5×5": ("conv5, conv5", 28),
    "the shipped network": ("conv3p1, conv3p1, pool2, conv3p1, conv3p1, pool2", 28),
    "LeNet-5": ("conv5, pool2, conv5, pool2, conv5", 32),
    "VGG-16, first blocks": (
        "conv3p1, conv3p1, pool2, conv3p1, conv3p1, pool2, conv3p1, conv3p1, conv3p1, pool2",
        64,
    ),
    "dilated": ("conv3p1, conv3p2d2, conv3p4d4", 28),
}


def _stage(name: str) -> Stage:
    found = _LAYER.fullmatch(name)
    if not found:
        raise ValueError(f"layer “{name[:20]}” can't be read: write conv3, conv5s2p1d2 or pool2")
    kind, kernel, rest = found[1], int(found[2]), found[3]
    said = [(letter, int(value)) for letter, value in re.findall(r"([spd])\s*(\d+)", rest)]
    given = dict(said)
    if len(given) < len(said):
        raise ValueError(f"layer “{name[:20]}” gives a number twice: write s, p and d once each")
    stride, padding = given.get("s"), given.get("p", 0)
    if kind == "conv":
        return Stage(
            "conv", Sweep(kernel, 1 if stride is None else stride, padding, given.get("d", 1))
        )
    if "d" in given:
        raise ValueError(f"layer “{name[:20]}”: a pooling has no dilation, leave out d{given['d']}")
    return Stage("pool", pool_sweeps(kernel, given.get("s"), padding)[0])


def _union(rows: Iterable[list[int]]) -> list[int]:
    return sorted({cell for row in rows for cell in row})
