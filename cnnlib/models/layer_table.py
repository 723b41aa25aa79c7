"""The table of an architecture's layers: their shapes, costs and receptive fields."""

from dataclasses import dataclass
from math import prod

import numpy as np

from cnnlib.geometry import Sweep, output_size, receptive_field
from cnnlib.layers import KINDS, Conv2d, Layer, Linear, Local2d, Shape
from cnnlib.models.block import LAYERS, POOLS, ArchitectureError, Block
from cnnlib.models.stack import field_sizes
from cnnlib.models.volume import Volume
from cnnlib.network import INPUT

MOST_PARAMETERS = 5_000_000
MOST_MULTIPLICATIONS = 500_000_000

_CELL = Sweep(1)
_MOST = {"parameters": MOST_PARAMETERS, "multiplications": MOST_MULTIPLICATIONS}


@dataclass(frozen=True)
class Row:
    """One layer in the table of an architecture.

    Attributes
    ----------
    name, kind : str
        As in `Network`: conv1 is a conv2d. Layers with weights are counted through the network,
        and an activation has its layer's number.
    block : int or None
        The layer's block, from 0; None after the blocks.
    shape : tuple of int
        Shape of the layer's output: (C, H, W), or (K,) once flat.
    parameters : int
        Weights and biases.
    multiplications : int
        Multiplications by weights for one image, those with padding included.
    receptive_field : int
        How many rows, and columns, of the input one unit depends on, padding included. In a
        layer without maps: how many the last maps depend on together.
    sweep : Sweep
        How the layer's window moves, in both directions.
    reads : tuple of str
        The layers whose outputs this layer takes, or "input".
    """

    name: str
    kind: str
    block: int | None
    shape: Shape
    parameters: int
    multiplications: int
    receptive_field: int
    sweep: Sweep
    reads: tuple[str, ...]


class LayerTable:
    """The rows of an architecture, layer by layer."""

    def __init__(self, input_shape: Shape) -> None:
        self.rows: list[Row] = []
        self.block: int | None = None
        self._shapes = {INPUT: input_shape}
        self._ways: dict[str, tuple[Sweep, ...]] = {INPUT: ()}  # the windows down to the input
        self._last = INPUT
        self._weighted = self._pools = 0

    def add_block(self, block: Block, activation: str) -> None:
        """Append a block's layers."""
        entry = self._last
        for i in range(block.convs):
            self._filters(block, block.stride if i == 0 else 1)
            if block.residual and i == block.convs - 1:
                self._shortcut(entry, block)
            self._activate(activation)
        if block.pool != "none":
            self._pool(*POOLS[block.pool])

    def add_head(self, hidden: tuple[int, ...], activation: str, classes: int) -> None:
        """Append the layers that follow the blocks."""
        self.block = None
        self._append("flatten", "flatten", (prod(self._shapes[self._last]),))
        for units in hidden:
            self._weighted += 1
            self._linear(f"fc{self._weighted}", units)
            self._activate(activation)
        self._linear("logits", classes)

    def _filters(self, block: Block, stride: int) -> None:
        self._weighted += 1
        padding = (block.kernel - 1) // 2 if block.padding == "same" else 0
        sweep = Sweep(block.kernel, stride, padding)
        name = f"{block.kind}{self._weighted}"
        self._sweep(name, LAYERS[block.kind], self._last, block.maps, sweep)

    def _sweep(self, name: str, kind: str, source: str, maps: int, sweep: Sweep) -> None:
        """Append a layer of filters; a local layer has weights for each of its positions."""
        depth, cells, _ = self._shapes[source]
        try:
            costs = Volume(cells, depth, maps, sweep.kernel, sweep.stride, sweep.padding)
        except ValueError as problem:
            raise ArchitectureError(self.block, str(problem)) from None
        out = costs.output
        self._append(
            name,
            kind,
            (maps, out, out),
            reads=(source,),
            sweep=sweep,
            parameters=costs.parameters * (out * out if kind == "local2d" else 1),
            multiplications=costs.multiplications,
        )

    def _shortcut(self, entry: str, block: Block) -> None:
        body = self._last
        if self._shapes[entry] != self._shapes[body]:
            name = f"skip{self._weighted}"
            self._sweep(name, "conv2d", entry, block.maps, Sweep(1, block.stride))
            entry = name
        self._append(f"add{self._weighted}", "add", self._shapes[body], reads=(body, entry))

    def _activate(self, kind: str) -> None:
        self._append(f"{kind}{self._weighted}", kind, self._shapes[self._last])

    def _pool(self, kind: str, size: int) -> None:
        maps, cells, _ = self._shapes[self._last]
        if cells < size:
            smaller = "windows of 2×2, or " if cells == 2 else ""
            raise ArchitectureError(
                self.block,
                f"maps of {cells}×{cells} can't be pooled by {size}×{size}: "
                f"use {smaller}no pooling in this block",
            )
        self._pools += 1
        out = output_size(cells, size, stride=size)
        self._append(f"pool{self._pools}", kind, (maps, out, out), sweep=Sweep(size, size))

    def _linear(self, name: str, units: int) -> None:
        (inputs,) = self._shapes[self._last]
        self._append(
            name,
            "linear",
            (units,),
            parameters=(inputs + 1) * units,
            multiplications=inputs * units,
        )

    def _append(
        self,
        name: str,
        kind: str,
        shape: Shape,
        *,
        reads: tuple[str, ...] = (),
        sweep: Sweep = _CELL,
        parameters: int = 0,
        multiplications: int = 0,
    ) -> None:
        reads = reads or (self._last,)
        # Where two ways meet, the second is a shortcut, so the first has the larger windows.
        way = self._ways[reads[0]] + ((sweep,) if sweep != _CELL else ())
        mixed = len(shape) == 1 and kind != "flatten"  # each unit then reads all maps
        field = self._whole(way) if mixed else _field(way)
        self.rows.append(
            Row(name, kind, self.block, shape, parameters, multiplications, field, sweep, reads)
        )
        self._shapes[name], self._ways[name], self._last = shape, way, name
        for what, most in _MOST.items():
            total = sum(getattr(row, what) for row in self.rows)
            if total > most:
                raise ArchitectureError(
                    self.block,
                    f"{name} brings the {what} to {total:,}: use fewer maps or units, "
                    f"smaller kernels or more pooling, for at most {most:,}",
                )

    def _whole(self, way: tuple[Sweep, ...]) -> int:
        """Return how many rows of the input all the last maps together see."""
        sizes = [self._shapes[INPUT][1]]
        for sweep in way:
            sizes.append(output_size(sizes[-1], **vars(sweep)))
        spans = receptive_field((0, sizes[-1]), way, sizes[:-1])
        return spans[-1][1] - spans[-1][0] if spans else sizes[0]


def _field(way: tuple[Sweep, ...]) -> int:
    return [1, *field_sizes([s.kernel for s in way], [s.stride for s in way])][-1]


def blank_layer(row: Row, before: Shape) -> Layer:
    """Return a row's layer with weights of 0, for an input of shape `before`."""
    kernel, stride, padding = row.sweep.kernel, row.sweep.stride, row.sweep.padding
    outputs = row.shape[0]
    match row.kind:
        case "conv2d":
            weight = np.zeros((outputs, before[0], kernel, kernel))
            return Conv2d(weight, np.zeros(outputs), stride, padding)
        case "local2d":
            weight = np.zeros((*row.shape, before[0], kernel, kernel))
            return Local2d(weight, np.zeros(row.shape), stride, padding)
        case "linear":
            return Linear(np.zeros((outputs, *before)), np.zeros(outputs))
        case "max_pool2d" | "avg_pool2d":
            return KINDS[row.kind](kernel, stride, padding)  # type: ignore[call-arg]
    return KINDS[row.kind]()
