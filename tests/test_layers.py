"""Every layer computes what PyTorch's layer of that name computes, forward and backward."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from cnnlib.layers import (
    KINDS,
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    Local2d,
    MaxPool2d,
    ReLU,
    Sigmoid,
    Tanh,
)

RNG = np.random.default_rng(0)


def drawn(*shape):
    return RNG.normal(size=shape).astype(np.float32)


class Unshared(nn.Module):
    """A locally connected layer by its definition: every window times a filter of its own."""

    def __init__(self, *, stride, padding):
        super().__init__()
        self.move = {"stride": stride, "padding": padding}
        self.weight, self.bias = nn.Parameter(torch.zeros(0)), nn.Parameter(torch.zeros(0))

    def forward(self, x):
        windows = nn.functional.unfold(x, self.weight.shape[4:], **self.move)  # (N, K, L)
        products = torch.einsum("nkl,olk->nol", windows, self.weight.flatten(3).flatten(1, 2))
        return products.reshape(len(x), *self.bias.shape) + self.bias


MOVES = {"stride": (2, 1), "padding": (0, 2)}
SETTINGS = {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 2), "groups": 2}
CASES = [
    (
        Conv2d(drawn(6, 2, 3, 2), drawn(6), **SETTINGS),
        nn.Conv2d(4, 6, (3, 2), **SETTINGS),
        (4, 8, 7),
    ),
    (Local2d(drawn(3, 3, 10, 4, 3, 2), drawn(3, 3, 10), **MOVES), Unshared(**MOVES), (4, 8, 7)),
    (ReLU(), nn.ReLU(), (4, 8, 7)),
    (Sigmoid(), nn.Sigmoid(), (4, 8, 7)),
    (Tanh(), nn.Tanh(), (12,)),
    (MaxPool2d(2), nn.MaxPool2d(2), (4, 8, 7)),
    (MaxPool2d((3, 2), (1, 2), (1, 0)), nn.MaxPool2d((3, 2), (1, 2), (1, 0)), (4, 8, 7)),
    (AvgPool2d(3, 2, 1), nn.AvgPool2d(3, 2, 1), (4, 8, 7)),
    (Flatten(), nn.Flatten(), (4, 8, 7)),
    (Linear(drawn(5, 12), drawn(5)), nn.Linear(12, 5), (12,)),
]


@pytest.mark.parametrize(("layer", "module", "shape"), CASES, ids=lambda case: type(case).__name__)
def test_layers_equal_pytorchs(layer, module, shape):
    for name, array in layer.parameters.items():
        getattr(module, name).data = torch.tensor(array)
    x = drawn(3, *shape)
    tensor = torch.tensor(x, requires_grad=True)
    expected = module(tensor)
    y = layer.forward(x)
    assert y.shape[1:] == layer.output_shape(shape)
    assert y.dtype == np.float32
    np.testing.assert_allclose(y, expected.detach(), atol=1e-5)
    grad = drawn(*y.shape)
    expected.backward(torch.tensor(grad))
    below, parameters = layer.backward(x, grad)
    np.testing.assert_allclose(below, tensor.grad, atol=1e-5)
    assert set(parameters) == set(layer.parameters) == {n for n, _ in module.named_parameters()}
    for name, value in parameters.items():
        np.testing.assert_allclose(value, getattr(module, name).grad, atol=1e-4)


def test_every_kind_is_tried():
    assert {type(layer) for layer, _, _ in CASES} | {Add} == set(KINDS.values())


def test_a_sum_gives_its_gradient_to_both():
    a, b, grad = drawn(3, 4, 8, 7), drawn(3, 4, 8, 7), drawn(3, 4, 8, 7)
    assert np.array_equal(Add().forward(a, b), a + b)
    assert np.array_equal(Add().backward(a, grad)[0], grad)
    assert Add().output_shape((4, 8, 7), (4, 8, 7)) == (4, 8, 7)


def test_kind_settings_and_parameters_are_the_whole_layer():
    for layer, _, shape in CASES:
        again = KINDS[layer.kind](**layer.settings, **layer.parameters)
        x = drawn(1, *shape)
        assert np.array_equal(again.forward(x), layer.forward(x))


def test_weights_cannot_be_changed_from_outside():
    weight = drawn(5, 12)
    layer = Linear(weight, drawn(5))
    before = layer.weight.copy()
    weight[:] = 0
    assert np.array_equal(layer.weight, before)
    with pytest.raises(ValueError, match="read-only"):
        layer.weight[0, 0] = 1


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: Linear(drawn(5, 2), drawn(4)), "bias of 4 for 5 outputs: use one for each"),
        (lambda: Linear(drawn(5), drawn(5)), "weight has shape (5,): it needs 2 axes (O, I)"),
        (lambda: Conv2d(drawn(2, 1, 3, 3) * np.nan, drawn(2)), "weight holds nan"),
        (lambda: Conv2d(drawn(2, 1, 3, 3), drawn(2), stride=0), "stride 0"),
        (lambda: Conv2d(np.full((2, 1, 3, 3), 1e300), drawn(2)), "weight holds inf"),
        (lambda: MaxPool2d(2, padding=2), "padding 2 is more than half of kernel 2"),
        (lambda: MaxPool2d(2).output_shape((9,)), "max_pool2d needs maps (C, H, W), and gets (9,)"),
        (lambda: MaxPool2d(2).output_shape((1, 1, 1)), "kernel 2 does not fit input 1"),
        (
            lambda: Local2d(drawn(2, 3, 3, 1, 2, 2), drawn(2)),
            "bias has shape (2,): it needs 3 axes",
        ),
        (
            lambda: Local2d(drawn(2, 3, 3, 1, 2, 2), drawn(2, 3, 4)),
            "bias of 2×3×4 for 2×3×3 outputs: use one for each",
        ),
        (lambda: Local2d(drawn(2, 3, 3, 1, 2, 2), drawn(2, 3, 3), stride=0), "stride 0"),
        (
            lambda: Local2d(drawn(2, 3, 3, 1, 2, 2), drawn(2, 3, 3)).output_shape((1, 5, 5)),
            "weights for 3×3 positions of 1 maps, and the input has 4×4 of 1",
        ),
        (
            lambda: Local2d(drawn(2, 3, 3, 1, 2, 2), drawn(2, 3, 3)).output_shape((9,)),
            "local2d needs maps",
        ),
        (
            lambda: Add().output_shape((4, 7, 7), (8, 7, 7)),
            "add needs two equal shapes, and gets (4, 7, 7) and (8, 7, 7)",
        ),
        (
            lambda: Linear(drawn(5, 2), drawn(5)).output_shape((3,)),
            "takes 2 flat inputs, and gets (3,)",
        ),
    ],
)
def test_layers_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()


def test_what_is_left_out_is_one_step_no_padding_no_gaps_and_one_group():
    plain = Conv2d(drawn(2, 1, 3, 3), drawn(2))
    assert plain.settings == {"stride": (1, 1), "padding": (0, 0), "dilation": (1, 1), "groups": 1}
    plain = Local2d(drawn(2, 3, 3, 1, 2, 2), drawn(2, 3, 3))
    assert plain.settings == {"stride": (1, 1), "padding": (0, 0)}
    for pool in (MaxPool2d, AvgPool2d):
        assert pool(3).output_shape((1, 6, 9)) == (1, 2, 3)


def test_a_sum_alone_takes_two():
    assert {kind: layer.inputs for kind, layer in KINDS.items() if layer.inputs != 1} == {"add": 2}


@pytest.mark.parametrize(
    "wrong", [{"stride": 0}, {"stride": (1, 0)}, {"padding": -1}, {"dilation": 0}, {"groups": 0}]
)
def test_each_setting_of_a_convolution_has_its_least(wrong):
    with pytest.raises(ValueError, match="use a whole number of"):
        Conv2d(drawn(2, 1, 3, 3), drawn(2), **wrong)
