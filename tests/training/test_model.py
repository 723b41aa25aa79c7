"""A network and its PyTorch module are the same function, with the same gradients."""

import re
from collections import OrderedDict

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from torch import nn

from cnnlib import network as core
from cnnlib.training.model import digit_reader, to_module, to_network


def batch(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def assert_same(network: core.Network, module: nn.Sequential, x: np.ndarray) -> None:
    """Logits within 1e-4, and every gradient of their weighted sum."""
    inputs = torch.from_numpy(x).requires_grad_()
    expected = module(inputs)
    weights = torch.linspace(-1, 1, expected.numel()).reshape(expected.shape)
    (expected * weights).sum().backward()

    activations = network.forward(x)
    np.testing.assert_allclose(activations[-1], expected.detach(), atol=1e-4)
    gradients = network.backward(activations, weights.numpy())
    np.testing.assert_allclose(gradients.activations[0], inputs.grad, atol=1e-4)
    parameters = dict(module.named_parameters())
    assert gradients.parameters.keys() == parameters.keys()
    for name, parameter in parameters.items():
        np.testing.assert_allclose(
            gradients.parameters[name], parameter.grad, rtol=1e-4, atol=1e-3, err_msg=name
        )


def used(module: nn.Sequential) -> nn.Sequential:
    """Give biases and batch normalisations values that a trained module could have."""
    generator = torch.Generator().manual_seed(1)
    with torch.no_grad():
        for name, values in module.state_dict().items():
            if name.endswith(("bias", "running_mean")):
                values.normal_(generator=generator)
            elif name.endswith("running_var") or (name.startswith("norm") and values.ndim):
                values.uniform_(0.5, 2, generator=generator)
    return module


@pytest.mark.parametrize("maps", [(12, 24), (3, 5)])
def test_the_digit_reader_computes_the_same_in_numpy_and_in_pytorch(maps):
    module = to_module(to_network(used(digit_reader(0, maps))))
    assert_same(to_network(module), module, batch(0, 3, 1, 28, 28))


def test_batch_normalisation_is_folded_into_the_convolution_before_it():
    module = used(digit_reader(0)).eval()
    x = batch(0, 3, 1, 28, 28)
    folded = to_network(module)
    np.testing.assert_allclose(
        folded.forward(x)[-1], module(torch.from_numpy(x)).detach(), atol=1e-4
    )
    assert not any(name.startswith("norm") for name, _ in folded.layers)


def test_the_digit_reader_has_the_layers_that_the_page_shows():
    network = to_network(digit_reader(0))
    names = "conv1 relu1 conv2 relu2 pool1 conv3 relu3 conv4 relu4 pool2 flatten logits"
    assert [name for name, _ in network.layers] == names.split()
    assert network.parameter_count == 21_022
    assert network.shapes[5] == (12, 14, 14)
    assert network.shapes[10] == (24, 7, 7)


@given(
    stride=st.sampled_from([1, 2, (1, 2)]),
    padding=st.sampled_from([0, 1, (2, 1)]),
    dilation=st.sampled_from([1, (2, 1)]),
    groups=st.sampled_from([1, 2]),
    kind=st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]),
    window=st.sampled_from([(2,), (3, 2, 1)]),
)
def test_every_setting_survives_both_ways(stride, padding, dilation, groups, kind, window):
    conv = nn.Conv2d(2, 4, (3, 2), stride, padding, dilation, groups)
    body = OrderedDict(conv=conv, relu=nn.ReLU(), pool=kind(*window), flat=nn.Flatten())
    flat = nn.Sequential(body)(torch.zeros(1, 2, 12, 11)).shape[1]
    module = nn.Sequential(body | {"logits": nn.Linear(flat, 3)})
    network = to_network(module, (2, 12, 11))
    x = batch(2, 2, 2, 12, 11)
    assert_same(network, module, x)
    assert_same(network, to_module(network), x)


def test_a_module_shares_no_memory_with_its_network():
    module = digit_reader(0)
    network = to_network(module)
    again = to_module(network)
    with torch.no_grad():
        for parameter in (*module.parameters(), *again.parameters()):
            parameter.fill_(7)
    assert all((values != 7).all() for values in network.parameters.values())


@pytest.mark.parametrize(
    "layer",
    [
        nn.Conv2d(1, 2, 3, bias=False),
        nn.Conv2d(1, 2, 3, padding="same"),
        nn.Conv2d(1, 2, 3, padding=1, padding_mode="reflect"),
        nn.MaxPool2d(2, ceil_mode=True),
        nn.MaxPool2d(2, dilation=2),
        nn.AvgPool2d(2, count_include_pad=False),
        nn.Flatten(2),
        nn.GELU(),
        nn.BatchNorm2d(3),
    ],
    ids=repr,
)
def test_what_the_core_cannot_run_is_refused_by_name(layer):
    with pytest.raises(ValueError, match=re.escape(f"layer odd is {layer}")):
        to_network(nn.Sequential(OrderedDict(odd=layer)))


def test_weights_begin_as_the_seed_says():
    first, again, other = (digit_reader(seed).state_dict() for seed in (3, 3, 4))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["conv2.weight"], other["conv2.weight"])
    spread = first["logits.weight"].std().item()
    assert spread == pytest.approx(np.sqrt(2 / (24 * 49)), rel=0.03)
    assert not first["conv1.bias"].any()
