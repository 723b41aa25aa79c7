"""A network: named layers, every activation forward, every gradient backward, one file."""

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import MISSING, dataclass, field, fields
from functools import cached_property
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from cnnlib.budget import Cost, afford
from cnnlib.checks import real_array
from cnnlib.layers import (
    KINDS,
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    Local2d,
    MaxPool2d,
    ReLU,
    Shape,
    Sigmoid,
    Tanh,
)
from cnnlib.models import safetensors
from cnnlib.models.archive import read_arrays

__all__ = [
    "INPUT",
    "Add",
    "AvgPool2d",
    "Conv2d",
    "Flatten",
    "Gradients",
    "Layer",
    "Linear",
    "Local2d",
    "MaxPool2d",
    "Network",
    "ReLU",
    "Sigmoid",
    "Tanh",
    "UnnamedError",
]

INPUT = "input"  # what a wire calls the network's input

VERSION = 1
LARGEST_SETTING = 256
MOST_LAYERS = 200
_SHORT = re.compile(r"([a-z0-9_-]{0,400}out\d+)?", re.ASCII)  # an architecture's text in links
_BYTES = 4  # of one float32


class UnnamedError(ValueError):
    """A file of weights that does not hold the plan of its network.

    Attributes
    ----------
    architecture : str
        The short text of an architecture that the file has in place of a plan, or "".
    """

    def __init__(self, name: str, architecture: str) -> None:
        super().__init__(
            f"{name} is not a network of this program: it does not name its architecture"
        )
        self.architecture = architecture


@dataclass(frozen=True, eq=False)
class Gradients:
    """The gradient of one loss with respect to everything in a network.

    Attributes
    ----------
    activations : list of ndarray
        One for each activation that `Network.forward` returned, of the same shape.
    parameters : dict of str to ndarray
        By the name in the file, such as "conv1.weight".
    """

    activations: list[NDArray]
    parameters: dict[str, NDArray]


@dataclass(frozen=True, eq=False)
class Network:
    """Layers in a row, each with its own name; a layer takes the output of the one before it.

    A wire is a shortcut: it lets a layer take the output of an earlier layer.

    Parameters
    ----------
    layers : sequence of (str, Layer)
        Names of letters, digits and underscores; the first layer first.
    input_shape : tuple of int
        (C, H, W) of one input.
    wires : mapping of str to sequence of str
        By a layer's name, the names of the earlier layers whose outputs it takes instead of its
        neighbour's; "input" names the network's input.

    Raises
    ------
    ValueError
        If a name is used twice, a wire names no earlier layer, or a layer cannot take its input.

    Examples
    --------
    >>> network = Network([("flatten", Flatten()), ("logits", Linear(np.ones((2, 4)), [0, 1]))],
    ...                   input_shape=(1, 2, 2))
    >>> network.forward(np.ones((1, 1, 2, 2)))[-1]
    array([[4., 5.]])
    >>> network.parameter_count
    10
    """

    layers: Sequence[tuple[str, Layer]]
    input_shape: tuple[int, int, int] = (1, 28, 28)
    wires: Mapping[str, Sequence[str]] = field(default_factory=dict)

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple((name, layer) for name, layer in self.layers))
        object.__setattr__(self, "input_shape", tuple(map(int, self.input_shape)))
        wires = {name: tuple(sources) for name, sources in self.wires.items()}
        object.__setattr__(self, "wires", wires)
        names = [name for name, _ in self.layers]
        for name in names:
            if not re.fullmatch(r"\w{1,40}", name) or names.count(name) > 1:
                raise ValueError(
                    f"layer name {name!r:.50}: use up to 40 letters, digits and underscores, "
                    "and each name once"
                )
        if not names or len(self.input_shape) != 3 or min(self.input_shape) < 1:
            raise ValueError(
                f"{len(names)} layers on input {self.input_shape}: "
                "use at least one layer, and an input (C, H, W) of at least 1 each"
            )
        self.shapes  # noqa: B018 - raises where the layers do not chain

    @cached_property
    def sources(self) -> tuple[tuple[int, ...], ...]:
        """The numbers of the activations that each layer takes; 0 is the input."""
        names = [INPUT, *(name for name, _ in self.layers)]
        for name in self.wires.keys() - set(names[1:]):
            raise ValueError(f"wires lead to {name!s:.40}, which is no layer")
        sources = []
        for before, (name, layer) in enumerate(self.layers):
            wanted = self.wires.get(name, (names[before],))
            if len(wanted) != layer.inputs or not set(wanted) <= set(names[: before + 1]):
                said = ", ".join(map(repr, wanted[:5])) or "nothing"
                raise ValueError(
                    f"layer {name} takes {said:.100}: "
                    f"wire it to {layer.inputs} of the layers before it"
                )
            sources.append(tuple(names.index(one) for one in wanted))
        return tuple(sources)

    @cached_property
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of each activation for one sample; the first one is the input's."""
        shapes: list[Shape] = [self.input_shape]
        for (name, layer), sources in zip(self.layers, self.sources, strict=True):
            try:
                shapes.append(layer.output_shape(*(shapes[i] for i in sources)))
            except ValueError as problem:
                raise ValueError(f"layer {name}: {problem}") from None
        return tuple(shapes)

    @property
    def parameters(self) -> dict[str, NDArray]:
        """Every learned array by its name in the file, such as "conv1.weight"."""
        return {
            f"{name}.{parameter}": array
            for name, layer in self.layers
            for parameter, array in layer.parameters.items()
        }

    @property
    def parameter_count(self) -> int:
        """How many numbers were learned."""
        return sum(array.size for array in self.parameters.values())

    def part(self, layers: int) -> "Network":
        """Return the network of the first `layers` layers."""
        kept = self.layers[:layers]
        wires = {name: self.wires[name] for name, _ in kept if name in self.wires}
        return Network(kept, self.input_shape, wires)

    def forward(self, x: ArrayLike) -> list[NDArray]:
        """Return every activation: first the input itself, last the logits.

        Parameters
        ----------
        x : array_like of shape (N, C, H, W)
            Floating point; float32 stays float32. `images.to_input` makes it from pixels.

        Returns
        -------
        list of ndarray
            Entry i + 1 is the output of layer i.

        Raises
        ------
        ValueError
            If the input is of another shape, of integers, or not finite.
        """
        activations = [self._input(x)]
        for (_, layer), sources in zip(self.layers, self.sources, strict=True):
            activations.append(layer.forward(*(activations[i] for i in sources)))
        return activations

    def backward(self, activations: Sequence[NDArray], grad_output: ArrayLike) -> Gradients:
        """Return every gradient, from that of the last activation back to the input.

        Parameters
        ----------
        activations : sequence of ndarray
            The activations that `forward` returned.
        grad_output : array_like
            The loss's gradient with respect to the last activation, of its shape.

        Returns
        -------
        Gradients

        Raises
        ------
        ValueError
            If the activations or the gradient are not of this network's shapes.
        """
        samples = len(activations[0]) if activations else 0
        expected = [(samples, *shape) for shape in self.shapes]
        if [a.shape for a in activations] != expected:
            raise ValueError("the activations are not what forward returns for this network")
        grad = np.asarray(grad_output)
        if grad.shape != expected[-1]:
            raise ValueError(f"grad_output has shape {grad.shape}: use {expected[-1]}")
        grads, parameters = [*map(np.zeros_like, activations[:-1]), grad], {}
        for at in reversed(range(len(self.layers))):
            (name, layer), sources = self.layers[at], self.sources[at]
            below, own = layer.backward(activations[sources[0]], grads[at + 1])
            for source in sources:  # an activation gets a gradient from each layer that takes it
                grads[source] = grads[source] + below
            parameters.update({f"{name}.{key}": value for key, value in own.items()})
        return Gradients(grads, parameters)

    def save(self, path: str | Path, *, dtype: DTypeLike = np.float32) -> None:
        """Write the network to a .npz or .safetensors file, weights in float32 or float16.

        The same network gives the same bytes. The names of the arrays are those in the state
        dict of a PyTorch module whose layers have the same names.

        Raises
        ------
        ValueError
            If the dtype is neither float32 nor float16.
        """
        if np.dtype(dtype) not in (np.float16, np.float32):
            raise ValueError(f"weights in {np.dtype(dtype)}: use float16 or float32")
        arrays: dict[str, Any] = {k: v.astype(dtype) for k, v in self.parameters.items()}
        if safetensors.is_name(path):
            # "pt" tells other programs that the arrays are laid out as in PyTorch.
            metadata = {"architecture": self.plan, "format": "pt"}
            Path(path).write_bytes(safetensors.write(arrays, metadata))
        else:
            with Path(path).open("wb") as file:
                np.savez_compressed(file, architecture=self.plan, **arrays)

    @property
    def plan(self) -> str:
        """Everything but the weights, as the text that a file keeps."""
        layers = [
            {"name": name, "kind": layer.kind, **layer.settings}
            | ({"reads": self.wires[name]} if name in self.wires else {})
            for name, layer in self.layers
        ]
        return json.dumps({"version": VERSION, "input_shape": self.input_shape, "layers": layers})

    @classmethod
    def load(cls, path: str | Path, plan: str = "") -> "Network":
        """Read a network that `save` wrote; a file from a stranger is safe to try.

        A name that ends in .safetensors, in small letters or capitals, says what the file is;
        every other file is read as .npz. Weights of float64 are rounded to float32.

        Parameters
        ----------
        path : str or Path
        plan : str, optional
            The `plan` of the network, for a file that holds only weights.

        Raises
        ------
        UnnamedError
            If the file holds no plan, and none is given.
        ValueError
            If the file is anything else, with the reason in one sentence.
        """
        path = Path(path)
        if safetensors.is_name(path):
            arrays, metadata = safetensors.read_file(path)
            own = metadata.get("architecture", "")
        else:
            arrays = read_arrays(path)
            own = str(arrays.pop("architecture", ""))
        plan = plan if _SHORT.fullmatch(own) else own
        if not plan:
            raise UnnamedError(path.name, own)
        try:
            return cls._build(plan, _rounded(arrays))
        except (TypeError, KeyError, AttributeError, RecursionError):
            reason = "its architecture is malformed"
        except ValueError as problem:
            reason = str(problem)
        raise ValueError(f"{path.name} is not a network of this program: {reason}")

    @classmethod
    def _build(cls, text: str, arrays: dict[str, NDArray]) -> "Network":
        architecture = json.loads(text)
        if architecture["version"] != VERSION:
            raise ValueError(f"version {architecture['version']} instead of {VERSION}")
        if len(architecture["layers"]) > MOST_LAYERS:
            raise ValueError(f"{len(architecture['layers'])} layers, and {MOST_LAYERS} are allowed")
        wires = {e["name"]: e.pop("reads") for e in architecture["layers"] if "reads" in e}
        layers = [_layer(entry, arrays) for entry in architecture["layers"]]
        if arrays:
            raise ValueError(f"{', '.join(arrays)} belong to no layer")
        shape = architecture["input_shape"]
        if not all(type(n) is int for n in shape):
            raise ValueError(f"its input {shape!s:.40} is of no whole numbers")
        network = cls(layers, shape, wires)
        afford(network.cost, "its layers", "use fewer maps, smaller kernels or a smaller input")
        return network

    @cached_property
    def cost(self) -> Cost:
        """The cost of one input: its multiplications by weights, and all its activations."""
        work, most = 0, 0
        for at, (_, layer) in enumerate(self.layers):
            before, after = self.shapes[self.sources[at][0]], self.shapes[at + 1]
            windows = prod(s.kernel for s in layer.sweeps) * before[0] * prod(after[1:])
            most = max(most, windows)
            if "weight" not in layer.parameters:
                work += windows
            else:
                shared = prod(after[1:]) if isinstance(layer, Conv2d) else 1
                work += layer.parameters["weight"].size * shared
        return Cost(work, _BYTES * (sum(map(prod, self.shapes)) + most))

    def _input(self, x: ArrayLike) -> NDArray:
        x = np.asarray(x)
        if x.dtype.kind != "f":
            raise ValueError(
                f"the network takes floating point, not {x.dtype}: for pixels use images.to_input"
            )
        x = real_array("input", x, "NCHW")
        if x.shape[1:] != self.input_shape:
            raise ValueError(
                f"input of shape {x.shape}: use (N, {', '.join(map(str, self.input_shape))})"
            )
        return x


def _rounded(arrays: dict[str, NDArray]) -> dict[str, NDArray]:
    with np.errstate(over="ignore"):  # layers refuse what is not finite, and name it
        return {
            name: array.astype(np.float32) if array.dtype == np.float64 else array
            for name, array in arrays.items()
        }


def _layer(settings: dict[str, Any], arrays: dict[str, NDArray]) -> tuple[str, Layer]:
    """Make one layer from its entry in a file's architecture and from its arrays."""
    name, kind = settings.pop("name"), settings.pop("kind")
    if kind not in KINDS:
        raise ValueError(f"layer {name!s:.40} is of unknown kind {str(kind)!r:.40}")
    known = {field.name: field.default for field in fields(KINDS[kind])}
    for key, value in settings.items():
        numbers = value if isinstance(value, list) else [value]
        if key not in known or not all(type(n) is int and n <= LARGEST_SETTING for n in numbers):
            raise ValueError(
                f"layer {name!s:.40} has {key:.40} {value!r:.40}: "
                f"only whole numbers up to {LARGEST_SETTING} are allowed, for {', '.join(known)}"
            )
    own = [key for key in arrays if key.rpartition(".")[0] == name]
    given = settings | {key.rpartition(".")[2]: arrays.pop(key) for key in own}
    lacking = [key for key, default in known.items() if default is MISSING and key not in given]
    if lacking:
        raise ValueError(f"layer {name!s:.40} lacks {', '.join(lacking)}")
    return name, KINDS[kind](**given)
