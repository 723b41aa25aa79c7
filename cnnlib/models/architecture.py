"""The architecture of a network, before it has weights: blocks, their text in a link.

The pattern is [[Conv → ReLU]·N → Pool?]·M → [FC → ReLU]·Q → FC. From one description come the
table of the layers, the NumPy network and, in `training.model`, the PyTorch module.
"""

import re
from dataclasses import dataclass
from functools import cached_property
from math import prod
from typing import Literal

from cnnlib.layers import Layer
from cnnlib.models.block import (
    LARGEST_KERNEL,
    LARGEST_STRIDE,
    MOST_CONVS,
    MOST_MAPS,
    ArchitectureError,
    Block,
    one_of,
    read_block,
    within,
)
from cnnlib.models.layer_table import LayerTable, Row, blank_layer
from cnnlib.network import INPUT, Network

__all__ = [
    "ACTIVATIONS",
    "LARGEST_KERNEL",
    "LARGEST_STRIDE",
    "MOST_BLOCKS",
    "MOST_CONVS",
    "MOST_HIDDEN",
    "MOST_MAPS",
    "MOST_UNITS",
    "PRESETS",
    "Architecture",
    "ArchitectureError",
    "Block",
    "Row",
]

MOST_BLOCKS = 8
MOST_HIDDEN = 2
MOST_UNITS = 4096
MOST_CHANNELS = 4
LARGEST_INPUT = 64
MOST_CLASSES = 100
LONGEST_TEXT = 400
_BYTES = 4  # of one float32
_COPIES = 8  # of a weight while it is trained

ACTIVATIONS = ("relu", "sigmoid", "tanh")

_INPUT = re.compile(r"in(\d{1,6})x(\d{1,6})x(\d{1,6})", re.ASCII)
_HIDDEN = re.compile(r"fc(\d{1,6})", re.ASCII)
_OUTPUT = re.compile(r"out(\d{1,6})", re.ASCII)


@dataclass(frozen=True)
class Architecture:
    """Blocks, then fully connected layers. Every architecture that can be made can be built.

    Attributes
    ----------
    blocks : tuple of Block
        At most 8.
    hidden : tuple of int
        Units of the fully connected layers before the last: at most 2 of 1 to 4096.
    activation : {"relu", "sigmoid", "tanh"}
        The function after every layer with weights except the last.
    input_shape : (int, int, int)
        (C, n, n), the shape of one image.
    classes : int
        Number of logits, 2 to 100.

    Raises
    ------
    ArchitectureError
        If a value is out of range, a layer doesn't fit the one before it, or all layers together
        have over 5 million parameters or 500 million multiplications.

    Examples
    --------
    >>> digits = Architecture.from_text("2conv3x12-max_2conv3x24-max_out10")
    >>> [(row.name, row.shape, row.receptive_field) for row in digits.rows()][8:10]
    [('relu4', (24, 14, 14), 14), ('pool2', (24, 7, 7), 16)]
    >>> sum(row.parameters for row in digits.rows())
    21022
    """

    blocks: tuple[Block, ...] = ()
    hidden: tuple[int, ...] = ()
    activation: Literal["relu", "sigmoid", "tanh"] = "relu"
    input_shape: tuple[int, int, int] = (1, 28, 28)
    classes: int = 10

    def __post_init__(self) -> None:
        for name in ("blocks", "hidden", "input_shape"):
            object.__setattr__(self, name, tuple(getattr(self, name)))
        one_of("activation", self.activation, ACTIVATIONS)
        if len(self.hidden) > MOST_HIDDEN:
            raise ArchitectureError(
                None, f"{len(self.hidden)} hidden layers: use at most {MOST_HIDDEN}"
            )
        for units in self.hidden:
            within("hidden units", units, MOST_UNITS)
        if len(self.input_shape) != 3 or self.input_shape[1] != self.input_shape[2]:
            raise ArchitectureError(None, f"input {self.input_shape}: use (maps, n, n)")
        within("input maps", self.input_shape[0], MOST_CHANNELS)
        within("input rows", self.input_shape[1], LARGEST_INPUT)
        within("classes", self.classes, MOST_CLASSES, 2)
        self._rows  # noqa: B018 - raises where a layer does not fit

    def rows(self) -> tuple[Row, ...]:
        """Return the table of the layers, in the order in which they are computed."""
        return self._rows

    @cached_property
    def _rows(self) -> tuple[Row, ...]:
        table = LayerTable(self.input_shape)
        for table.block, block in enumerate(self.blocks):
            if table.block == MOST_BLOCKS:
                raise ArchitectureError(
                    table.block, f"{len(self.blocks)} blocks: use at most {MOST_BLOCKS}"
                )
            table.add_block(block, self.activation)
        table.add_head(self.hidden, self.activation, self.classes)
        return tuple(table.rows)

    @property
    def training_memory(self) -> tuple[int, int]:
        """The bytes that training holds for each image of a batch, and for the weights.

        Of each image: all activations, twice because the largest gradients come beside them, and
        the windows of locally connected layers. Of each weight: itself, its gradient, what an
        optimiser keeps of it, and copies for averaging and for falling back.
        """
        values = 2 * sum(prod(row.shape) for row in self._rows)
        # A locally connected layer multiplies each of its windows' values once for each map.
        values += 2 * sum(
            row.multiplications // row.shape[0] for row in self._rows if row.kind == "local2d"
        )
        return _BYTES * values, _COPIES * _BYTES * sum(row.parameters for row in self._rows)

    def network(self) -> Network:
        """Return the network in NumPy, with weights and biases of 0."""
        shapes = {INPUT: self.input_shape} | {row.name: row.shape for row in self._rows}
        layers = [(row.name, blank_layer(row, shapes[row.reads[0]])) for row in self._rows]
        wires = {
            row.name: row.reads
            for before, row in zip(shapes, self._rows, strict=False)
            if row.reads != (before,)
        }
        return Network(layers, self.input_shape, wires)

    def check(self, network: Network) -> None:
        """Raise ValueError, naming the first difference, unless a network is built like this."""
        if network.input_shape != self.input_shape:
            raise ValueError(
                f"it reads inputs {network.input_shape}, and this architecture {self.input_shape}"
            )
        blank = self.network()
        for (name, own), (other, layer) in zip(blank.layers, network.layers, strict=False):
            expected, found = _told(name, own, blank), _told(other, layer, network)
            if expected != found:
                raise ValueError(f"it has {found} where this architecture has {expected}")
        if len(network.layers) != len(blank.layers):
            raise ValueError(
                f"it has {len(network.layers)} layers, and this architecture {len(blank.layers)}"
            )

    def to_text(self) -> str:
        """Return the architecture's text in a link; `from_text` reads it.

        Examples
        --------
        >>> PRESETS["lenet"].to_text()
        'conv5x6-average_conv5x16-unpadded-average_fc120_fc84_tanh_out10'
        """
        parts = [] if self.input_shape == (1, 28, 28) else ["in{}x{}x{}".format(*self.input_shape)]
        parts += [block.text for block in self.blocks]
        parts += [f"fc{units}" for units in self.hidden]
        parts += [] if self.activation == "relu" else [self.activation]
        return "_".join([*parts, f"out{self.classes}"])

    @classmethod
    def from_text(cls, text: str) -> "Architecture":
        """Read a text that `to_text` wrote; a text from a stranger is safe to try.

        Raises
        ------
        ArchitectureError
            If the text is no architecture's, or describes one that cannot be built.
        """
        if len(text) > LONGEST_TEXT:
            raise ArchitectureError(
                None, f"the architecture's text has {len(text)} letters: use at most {LONGEST_TEXT}"
            )
        parts = text.split("_")
        output = _OUTPUT.fullmatch(parts.pop())
        if not output:
            raise ArchitectureError(
                None, f"“{text[-20:]}” doesn't end with the number of classes: write _out10 last"
            )
        settings: dict[str, object] = {"classes": int(output[1])}
        if parts and (shape := _INPUT.fullmatch(parts[0])):
            settings["input_shape"] = tuple(map(int, shape.groups()))
            parts.pop(0)
        if parts and parts[-1] in ACTIVATIONS:
            settings["activation"] = parts.pop()
        hidden: list[int] = []
        while parts and (units := _HIDDEN.fullmatch(parts[-1])):
            hidden.insert(0, int(units[1]))
            parts.pop()
        blocks = tuple(read_block(number, part) for number, part in enumerate(parts))
        return cls(blocks, tuple(hidden), **settings)  # type: ignore[arg-type]


def _told(name: str, layer: Layer, network: Network) -> str:
    """Describe everything that defines a layer, except its weights."""
    sizes = [f"{key} {value.shape}" for key, value in layer.parameters.items()]
    settings = [f"{key} {value}" for key, value in layer.settings.items()]
    wires = ["after " + " and ".join(network.wires[name])] if name in network.wires else []
    return ", ".join([f"{name} ({layer.kind})", *sizes, *settings, *wires])


# 22 convolutions, of which 21 in blocks of three with a shortcut around each.
_DEEP = "_".join(
    [
        "conv3x8-max",
        *["3conv3x8-residual"] * 3,
        "3conv3x16-stride2-residual",
        *["3conv3x16-residual"] * 3,
        "out10",
    ]
)

#: Architectures by name. LeNet-5: Y. LeCun et al., "Gradient-based learning applied to document
#: recognition", 1998, with logits as its last layer. "locally connected" is "tiny" with separate
#: weights at each position; "deep plain" is "residual" without shortcuts, and much harder to train.
PRESETS = {
    name: Architecture.from_text(text)
    for name, text in {
        "tiny": "conv3x8-max_conv3x16-max_out10",
        "lenet": "conv5x6-average_conv5x16-unpadded-average_fc120_fc84_tanh_out10",
        "digits": "2conv3x12-max_2conv3x24-max_out10",
        "fully connected": "fc128_fc64_out10",
        "locally connected": "local3x8-max_local3x16-max_out10",
        "deep plain": _DEEP.replace("-residual", ""),
        "residual": _DEEP,
    }.items()
}
