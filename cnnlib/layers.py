"""The layers that a network is made of, each with its computation forward and backward.

`Layer` describes once what every layer can do. A shape is that of one sample: (C, H, W) or,
once flat, (K,). Arrays have the batch as their first axis.
"""
# ruff: noqa: D102 - the methods are documented in Layer

from dataclasses import dataclass, fields
from math import prod
from typing import Any, ClassVar

import numpy as np
from numpy.typing import NDArray

from cnnlib.activations import (
    relu,
    relu_derivative,
    sigmoid,
    sigmoid_derivative,
    tanh,
    tanh_derivative,
)
from cnnlib.checks import Pair, pair, real_array, whole
from cnnlib.columns import make_plan
from cnnlib.conv import conv2d, conv2d_bias_grad, conv2d_input_grad, conv2d_weight_grad
from cnnlib.geometry import Sweep, output_shape
from cnnlib.local import local2d, local2d_input_grad, local2d_weight_grad, local_sweeps
from cnnlib.pool import avg_pool2d, avg_pool2d_grad, max_pool2d, max_pool2d_grad, pool_sweeps

Shape = tuple[int, ...]
Gradients = dict[str, NDArray]


@dataclass(frozen=True, eq=False)
class Layer:
    """One layer: its parameters, its settings, and what it computes."""

    kind: ClassVar[str]
    inputs: ClassVar[int] = 1  # how many activations the layer takes: only `Add` takes two

    @property
    def parameters(self) -> dict[str, NDArray]:
        """The learned arrays by name: float32, read-only."""
        return {name: v for name, v in self._fields() if isinstance(v, np.ndarray)}

    @property
    def settings(self) -> dict[str, Any]:
        """The hyperparameters by name; kind, settings and parameters make up the whole layer."""
        return {name: v for name, v in self._fields() if not isinstance(v, np.ndarray)}

    @property
    def sweeps(self) -> tuple[Sweep, Sweep]:
        """How the layer's window moves down and across: cell by cell if there is no window."""
        return Sweep(1), Sweep(1)

    def output_shape(self, shape: Shape) -> Shape:
        """Return the output's shape for an input of `shape`, or raise ValueError."""
        return shape

    def forward(self, x: NDArray) -> NDArray:
        """Return the output for a batch."""
        raise NotImplementedError

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        """Return the gradients of the input `x` and of the parameters, given the output's.

        Where a layer takes several inputs, each of them has the gradient that is returned first.
        """
        raise NotImplementedError

    def _fields(self) -> list[tuple[str, Any]]:
        return [(field.name, getattr(self, field.name)) for field in fields(self)]

    def _set(self, **values: Any) -> None:
        for name, value in values.items():
            object.__setattr__(self, name, value)

    def _set_parameters(self, weight: NDArray, bias: NDArray, axes: str, outputs: int = 1) -> None:
        """Check and keep the parameters; the weight's first `outputs` axes are the bias's."""
        with np.errstate(over="ignore"):  # a weight too large for float32 is refused below
            weight = real_array("weight", weight, axes).astype(np.float32)
            bias = real_array("bias", bias, axes[:outputs]).astype(np.float32)
        real_array("weight", weight, axes)
        real_array("bias", bias, axes[:outputs])
        if weight.shape[:outputs] != bias.shape:
            sizes = ("×".join(map(str, shape)) for shape in (bias.shape, weight.shape[:outputs]))
            raise ValueError("bias of {} for {} outputs: use one for each".format(*sizes))
        for array in (weight, bias):
            array.setflags(write=False)  # everybody who looks at a network shares its arrays
        self._set(weight=weight, bias=bias)


@dataclass(frozen=True, eq=False)
class Conv2d(Layer):
    """A convolution layer, see `conv.conv2d`; weight (O, C / groups, kh, kw), bias (O,)."""

    weight: NDArray
    bias: NDArray
    stride: Pair = 1
    padding: Pair = 0
    dilation: Pair = 1
    groups: int = 1

    kind = "conv2d"

    def __post_init__(self) -> None:
        self._set_parameters(self.weight, self.bias, "OCHW")
        self._set(
            stride=pair("stride", self.stride, 1),
            padding=pair("padding", self.padding, 0),
            dilation=pair("dilation", self.dilation, 1),
            groups=whole("groups", self.groups, 1),
        )

    @property
    def sweeps(self) -> tuple[Sweep, Sweep]:
        plan = (self.weight.shape[2:], self.stride, self.padding, self.dilation)
        down, across = (Sweep(*axis) for axis in zip(*plan, strict=True))  # type: ignore[arg-type]
        return down, across

    def output_shape(self, shape: Shape) -> Shape:
        _needs_maps(self.kind, shape)
        return make_plan((1, *shape), self.weight.shape, **self.settings).output_shape[1:]

    def forward(self, x: NDArray) -> NDArray:
        return conv2d(x, self.weight, self.bias, **self.settings)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        weight = conv2d_weight_grad(x, self.weight.shape, grad, **self.settings)
        below = conv2d_input_grad(x.shape, self.weight, grad, **self.settings)
        return below, {"weight": weight, "bias": conv2d_bias_grad(grad)}


@dataclass(frozen=True, eq=False)
class Local2d(Layer):
    """A locally connected layer, see `local.local2d`; weight (O, Ho, Wo, C, kh, kw)."""

    weight: NDArray
    bias: NDArray
    stride: Pair = 1
    padding: Pair = 0

    kind = "local2d"

    def __post_init__(self) -> None:
        self._set_parameters(self.weight, self.bias, "OHWCST", 3)
        self._set(
            stride=pair("stride", self.stride, 1),
            padding=pair("padding", self.padding, 0),
        )

    @property
    def sweeps(self) -> tuple[Sweep, Sweep]:
        moves = zip(self.weight.shape[4:], self.stride, self.padding, strict=True)  # type: ignore[arg-type]
        down, across = (Sweep(*axis) for axis in moves)
        return down, across

    def output_shape(self, shape: Shape) -> Shape:
        _needs_maps(self.kind, shape)
        local_sweeps((1, *shape), self.weight.shape, **self.settings)
        return self.bias.shape

    def forward(self, x: NDArray) -> NDArray:
        return local2d(x, self.weight, self.bias, **self.settings)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        weight = local2d_weight_grad(x, self.weight.shape, grad, **self.settings)
        below = local2d_input_grad(x.shape, self.weight, grad, **self.settings)
        return below, {"weight": weight, "bias": grad.sum(0)}


@dataclass(frozen=True, eq=False)
class ReLU(Layer):
    """max(0, a), entry by entry; see `activations.relu`."""

    kind = "relu"

    def forward(self, x: NDArray) -> NDArray:
        return relu(x)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        return relu_derivative(x) * grad, {}


@dataclass(frozen=True, eq=False)
class Sigmoid(Layer):
    """1 / (1 + e^−a), entry by entry; see `activations.sigmoid`."""

    kind = "sigmoid"

    def forward(self, x: NDArray) -> NDArray:
        return sigmoid(x)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        return sigmoid_derivative(x) * grad, {}


@dataclass(frozen=True, eq=False)
class Tanh(Layer):
    """tanh a, entry by entry; see `activations.tanh`."""

    kind = "tanh"

    def forward(self, x: NDArray) -> NDArray:
        return tanh(x)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        return tanh_derivative(x) * grad, {}


@dataclass(frozen=True, eq=False)
class Add(Layer):
    """The sum of two activations, entry by entry: here a shortcut joins the main path again.

    The gradient goes to both activations undiminished: K. He et al., "Deep residual learning for
    image recognition", 2016.
    """

    kind = "add"
    inputs = 2

    def output_shape(self, shape: Shape, *others: Shape) -> Shape:
        if any(other != shape for other in others):
            raise ValueError(f"add needs two equal shapes, and gets {shape} and {others[0]}")
        return shape

    def forward(self, x: NDArray, *others: NDArray) -> NDArray:
        return sum(others, start=x)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:  # noqa: ARG002
        return grad, {}


@dataclass(frozen=True, eq=False)
class _Pool2d(Layer):
    kernel_size: Pair
    stride: Pair | None = None
    padding: Pair = 0

    def __post_init__(self) -> None:
        rows, columns = pool_sweeps(self.kernel_size, self.stride, self.padding)
        self._set(
            kernel_size=(rows.kernel, columns.kernel),
            stride=(rows.stride, columns.stride),
            padding=(rows.padding, columns.padding),
        )

    @property
    def sweeps(self) -> tuple[Sweep, Sweep]:
        return pool_sweeps(self.kernel_size, self.stride, self.padding)

    def output_shape(self, shape: Shape) -> Shape:
        _needs_maps(self.kind, shape)
        return output_shape(shape, *self.sweeps)


@dataclass(frozen=True, eq=False)
class MaxPool2d(_Pool2d):
    """The largest value of each window; see `pool.max_pool2d`."""

    kind = "max_pool2d"

    def forward(self, x: NDArray) -> NDArray:
        return max_pool2d(x, **self.settings)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        return max_pool2d_grad(x, grad, **self.settings), {}


@dataclass(frozen=True, eq=False)
class AvgPool2d(_Pool2d):
    """The mean of each window; see `pool.avg_pool2d`."""

    kind = "avg_pool2d"

    def forward(self, x: NDArray) -> NDArray:
        return avg_pool2d(x, **self.settings)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        return avg_pool2d_grad(x.shape, grad, **self.settings), {}


@dataclass(frozen=True, eq=False)
class Flatten(Layer):
    """The maps as one row of numbers: by map, then row, then column."""

    kind = "flatten"

    def output_shape(self, shape: Shape) -> Shape:
        return (prod(shape),)

    def forward(self, x: NDArray) -> NDArray:
        return x.reshape(len(x), -1)  # (N, K)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        return grad.reshape(x.shape), {}  # (N, C, H, W)


@dataclass(frozen=True, eq=False)
class Linear(Layer):
    """A fully connected layer, y = W x + b; weight (O, I), bias (O,)."""

    weight: NDArray
    bias: NDArray

    kind = "linear"

    def __post_init__(self) -> None:
        self._set_parameters(self.weight, self.bias, "OI")

    def output_shape(self, shape: Shape) -> Shape:
        outputs, inputs = self.weight.shape
        if shape != (inputs,):
            raise ValueError(f"linear takes {inputs} flat inputs, and gets {shape}")
        return (outputs,)

    def forward(self, x: NDArray) -> NDArray:
        return x @ self.weight.T + self.bias  # (N, O)

    def backward(self, x: NDArray, grad: NDArray) -> tuple[NDArray, Gradients]:
        return grad @ self.weight, {"weight": grad.T @ x, "bias": grad.sum(0)}


_LAYERS = (Conv2d, Local2d, ReLU, Sigmoid, Tanh, MaxPool2d, AvgPool2d, Add, Flatten, Linear)
KINDS: dict[str, type[Layer]] = {layer.kind: layer for layer in _LAYERS}


def _needs_maps(kind: str, shape: Shape) -> None:
    if len(shape) != 3:
        raise ValueError(f"{kind} needs maps (C, H, W), and gets {shape}: put it before flatten")
