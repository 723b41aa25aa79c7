"""A network: named layers, every activation forward, every gradient backward, one file."""

import json
import re
from collections.abc import Sequence
from dataclasses import MISSING, dataclass, fields
from functools import cached_property
from itertools import pairwise
from math import prod
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import ArrayLike, DTypeLike, NDArray

from cnnlib.archive import read_arrays
from cnnlib.checks import real_array
from cnnlib.layers import (
    KINDS,
    AvgPool2d,
    Conv2d,
    Flatten,
    Layer,
    Linear,
    MaxPool2d,
    ReLU,
    Shape,
)

__all__ = [
    "AvgPool2d",
    "Conv2d",
    "Flatten",
    "Gradients",
    "Layer",
    "Linear",
    "MaxPool2d",
    "Network",
    "ReLU",
]

VERSION = 1
# Bounds for a network that comes from a file: what one sample may need.
MOST_VALUES = 2**24  # in all activations together, or in one layer's windows
LARGEST_SETTING = 256
MOST_LAYERS = 200


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
    """Layers in a row, each with a name of its own.

    Parameters
    ----------
    layers : sequence of (str, Layer)
        Names of letters, digits and underscores; the first layer first.
    input_shape : tuple of int
        (C, H, W) of one input.

    Raises
    ------
    ValueError
        If a name is used twice, or a layer does not take what the one before it gives.

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

    def __post_init__(self) -> None:
        object.__setattr__(self, "layers", tuple((name, layer) for name, layer in self.layers))
        object.__setattr__(self, "input_shape", tuple(map(int, self.input_shape)))
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
    def shapes(self) -> tuple[Shape, ...]:
        """The shape of each activation for one sample; the first one is the input's."""
        shapes: list[Shape] = [self.input_shape]
        for name, layer in self.layers:
            try:
                shapes.append(layer.output_shape(shapes[-1]))
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

    def forward(self, x: ArrayLike) -> list[NDArray]:
        """Return every activation: first the input itself, last the logits.

        Parameters
        ----------
        x : array_like of shape (N, C, H, W)
            Floating point; float32 stays float32. For pixels see `images.to_input`.

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
        for _, layer in self.layers:
            activations.append(layer.forward(activations[-1]))
        return activations

    def backward(self, activations: Sequence[NDArray], grad_output: ArrayLike) -> Gradients:
        """Return every gradient, from that of the last activation back to the input.

        Parameters
        ----------
        activations : sequence of ndarray
            What `forward` returned.
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
        grads, parameters = [grad], {}
        for (name, layer), x in zip(reversed(self.layers), activations[-2::-1], strict=True):
            grad, own = layer.backward(x, grad)
            grads.append(grad)
            parameters.update({f"{name}.{key}": value for key, value in own.items()})
        return Gradients(grads[::-1], parameters)

    def save(self, path: str | Path, *, dtype: DTypeLike = np.float32) -> None:
        """Write the network to a .npz file, weights in float32 or float16.

        The same network gives the same bytes.

        Raises
        ------
        ValueError
            If the dtype is another one.
        """
        if np.dtype(dtype) not in (np.float16, np.float32):
            raise ValueError(f"weights in {np.dtype(dtype)}: use float16 or float32")
        architecture = {
            "version": VERSION,
            "input_shape": self.input_shape,
            "layers": [
                {"name": name, "kind": layer.kind, **layer.settings} for name, layer in self.layers
            ],
        }
        arrays: dict[str, Any] = {k: v.astype(dtype) for k, v in self.parameters.items()}
        with Path(path).open("wb") as file:
            np.savez_compressed(file, architecture=json.dumps(architecture), **arrays)

    @classmethod
    def load(cls, path: str | Path) -> "Network":
        """Read a network that `save` wrote; a file from anybody is safe to try.

        Raises
        ------
        ValueError
            If the file is anything else, with the reason in one sentence.
        """
        path = Path(path)
        arrays = read_arrays(path)
        try:
            return cls._build(arrays)
        except (TypeError, KeyError, AttributeError, RecursionError):
            reason = "its architecture is malformed"
        except ValueError as problem:
            reason = str(problem)
        raise ValueError(f"{path.name} is not a network of this program: {reason}")

    @classmethod
    def _build(cls, arrays: dict[str, NDArray]) -> "Network":
        architecture = json.loads(str(arrays.pop("architecture")))
        if architecture["version"] != VERSION:
            raise ValueError(f"version {architecture['version']} instead of {VERSION}")
        if len(architecture["layers"]) > MOST_LAYERS:
            raise ValueError(f"{len(architecture['layers'])} layers, and {MOST_LAYERS} are allowed")
        layers = [_layer(entry, arrays) for entry in architecture["layers"]]
        if arrays:
            raise ValueError(f"{', '.join(arrays)} belong to no layer")
        network = cls(layers, architecture["input_shape"])
        if network._values() > MOST_VALUES:
            raise ValueError(f"it needs {network._values()} values at once, over {MOST_VALUES}")
        return network

    def _values(self) -> int:
        """Return how many numbers all activations hold, or one layer's windows if more."""
        most = sum(map(prod, self.shapes))
        for (_, layer), (before, after) in zip(self.layers, pairwise(self.shapes), strict=True):
            window = prod(sweep.kernel for sweep in layer.sweeps)
            most = max(most, window * before[0] * prod(after[1:]))
        return most

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
