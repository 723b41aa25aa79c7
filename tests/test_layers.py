"""Every layer computes what PyTorch's layer of that name computes, forward and backward."""

import re

import numpy as np
import pytest
import torch
from torch import nn

from cnnlib.layers import KINDS, AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, ReLU

RNG = np.random.default_rng(0)


def drawn(*shape):
    return RNG.normal(size=shape).astype(np.float32)


SETTINGS = {"stride": (2, 1), "padding": (0, 2), "dilation": (1, 2), "groups": 2}
CASES = [
    (
        Conv2d(drawn(6, 2, 3, 2), drawn(6), **SETTINGS),
        nn.Conv2d(4, 6, (3, 2), **SETTINGS),
        (4, 8, 7),
    ),
    (ReLU(), nn.ReLU(), (4, 8, 7)),
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
    assert {type(layer) for layer, _, _ in CASES} == set(KINDS.values())


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
            lambda: Linear(drawn(5, 2), drawn(5)).output_shape((3,)),
            "takes 2 flat inputs, and gets (3,)",
        ),
    ],
)
def test_layers_that_cannot_be_are_refused(make, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        make()
