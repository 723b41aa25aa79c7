"""A module and its NumPy network are the same function, with the same gradients."""

import re
from collections import OrderedDict

import numpy as np
import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st
from torch import nn

from cnnlib import network as core
from cnnlib.geometry import output_size
from cnnlib.models.architecture import PRESETS, Architecture, Block
from cnnlib.training.model import build, to_network
from cnnlib.training.modules import FlattenCells, LinearOfCells, Local2d
from tests.architectures import architectures


def batch(seed: int, *shape: int) -> np.ndarray:
    return np.random.default_rng(seed).random(shape, dtype=np.float32)


def assert_same(network: core.Network, module: nn.Sequential, x: np.ndarray) -> None:
    """Check that logits, and all gradients of their weighted sum, agree within 1e-4."""
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
            elif name.endswith("running_var") or ("_norm" in name and values.ndim):
                values.uniform_(0.5, 2, generator=generator)
    return module


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("order", [torch.contiguous_format, torch.channels_last])
def test_each_preset_computes_the_same_in_numpy_and_in_pytorch(name, order):
    module = used(build(PRESETS[name])).to(memory_format=order)
    network = to_network(module)
    PRESETS[name].check(network)
    assert_same(network, module, batch(0, 2, 1, 28, 28))


@given(architectures(), st.integers(0, 99))
@settings(max_examples=60)
def test_every_architecture_computes_the_same_in_numpy_and_in_pytorch(architecture, seed):
    module = used(build(architecture, seed=seed))
    network = to_network(module, architecture.input_shape)
    architecture.check(network)
    assert_same(network, module, batch(seed, 3, *architecture.input_shape))


def assert_folded(architecture: Architecture) -> None:
    module = used(build(architecture, batch_norm=True, dropout=0.5)).eval()
    x = batch(0, 3, *architecture.input_shape)
    folded = to_network(module, architecture.input_shape)
    architecture.check(folded)
    expected = module(torch.from_numpy(x)).detach().numpy()
    scale = max(1, np.abs(expected).max())
    np.testing.assert_allclose(folded.forward(x)[-1] / scale, expected / scale, atol=1e-4)


@pytest.mark.parametrize("name", PRESETS)
def test_batch_normalisation_becomes_part_of_the_layer_before_it(name):
    assert_folded(PRESETS[name])


@given(architectures())
@settings(max_examples=40)
def test_it_does_so_in_every_architecture(architecture):
    assert_folded(architecture)


def test_every_layer_with_weights_but_the_last_is_normalised():
    text = "conv3x4_local3x2-residual_fc9_tanh_out10"
    names = [
        name for name, _ in build(Architecture.from_text(text), batch_norm=True).named_children()
    ]
    normalised = [name.removesuffix("_norm") for name in names if name.endswith("_norm")]
    assert normalised == ["conv1", "local2", "skip2", "fc3"]
    assert all(names.index(f"{name}_norm") == names.index(name) + 1 for name in normalised)


@pytest.mark.parametrize(
    ("text", "dropped"),
    [
        ("conv3x4_fc9_out10", ["fc2", "logits"]),
        ("fc9_fc8_out10", ["fc2", "logits"]),
        ("conv3x4_out10", ["logits"]),
        ("out10", []),
    ],
)
def test_what_full_connections_take_is_dropped_but_never_pixels(text, dropped):
    architecture = Architecture.from_text(text)
    module = build(architecture, dropout=0.5)
    names = [name for name, layer in module.named_children() if isinstance(layer, nn.Dropout)]
    assert names == [f"{name}_dropout" for name in dropped]
    x = torch.from_numpy(batch(0, 32, 1, 28, 28))
    assert torch.equal(module(x), module(x)) == (not dropped)
    module.eval()
    assert torch.equal(module(x), module(x))
    assert not any("dropout" in name for name, _ in build(architecture).named_children())


@given(
    stride=st.sampled_from([1, 2, (1, 2)]),
    padding=st.sampled_from([0, 1, (2, 1)]),
    dilation=st.sampled_from([1, (2, 1)]),
    groups=st.sampled_from([1, 2]),
    kind=st.sampled_from([nn.MaxPool2d, nn.AvgPool2d]),
    window=st.sampled_from([(2,), (3, 2, 1)]),
)
def test_every_setting_comes_along(stride, padding, dilation, groups, kind, window):
    conv = nn.Conv2d(2, 4, (3, 2), stride, padding, dilation, groups)
    body = OrderedDict(conv=conv, relu=nn.ReLU(), pool=kind(*window), flat=nn.Flatten())
    flat = nn.Sequential(body)(torch.zeros(1, 2, 12, 11)).shape[1]
    module = nn.Sequential(body | {"logits": nn.Linear(flat, 3)})
    assert_same(to_network(module, (2, 12, 11)), module, batch(2, 2, 2, 12, 11))


def test_maps_and_their_gradients_keep_one_order_in_memory():
    """Maps become a row without a copy, and gradients come back in the same order in memory."""
    maps = torch.rand(3, 4, 5, 6).contiguous(memory_format=torch.channels_last)
    row = FlattenCells()(maps.requires_grad_())
    assert row.data_ptr() == maps.data_ptr()
    (gradient,) = torch.autograd.grad(LinearOfCells((4, 5, 6), 7)(row).square().sum(), maps)
    assert gradient.is_contiguous(memory_format=torch.channels_last)


@given(
    stride=st.tuples(st.integers(1, 3), st.integers(1, 3)),
    padding=st.tuples(st.integers(0, 2), st.integers(0, 2)),
)
def test_local_connections_move_down_and_across(stride, padding):
    places = [
        output_size(n, kernel, stride=s, padding=p)
        for n, kernel, s, p in zip((6, 7), (3, 2), stride, padding, strict=True)
    ]
    module = nn.Sequential(OrderedDict(local=Local2d((3, *places, 2, 3, 2), stride, padding)))
    with torch.no_grad():
        for parameter in module.parameters():
            parameter.normal_(generator=torch.Generator().manual_seed(2))
    assert_same(to_network(module, (2, 6, 7)), module, batch(2, 2, 2, 6, 7))


def test_a_module_shares_no_memory_with_its_network():
    module = build(PRESETS["tiny"])
    network = to_network(module)
    with torch.no_grad():
        for parameter in module.parameters():
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
    first, again, other = (build(PRESETS["residual"], seed=s).state_dict() for s in (3, 3, 4))
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["conv2.weight"], other["conv2.weight"])
    assert not torch.equal(first["skip13.weight"], other["skip13.weight"])


def test_weights_begin_as_pytorch_draws_them():
    """The order and the generator are kept, so that the shipped network can be made again."""
    generator = torch.Generator().manual_seed(5)
    module = build(PRESETS["digits"], batch_norm=True, seed=5)
    shapes = [(12, 1, 3, 3), (12, 12, 3, 3), (24, 12, 3, 3), (24, 24, 3, 3), (10, 24 * 49)]
    layers = [layer for layer in module if isinstance(layer, nn.Conv2d | nn.Linear)]
    for layer, shape in zip(layers, shapes, strict=True):
        expected = torch.empty(shape)
        nn.init.kaiming_normal_(expected, nonlinearity="relu", generator=generator)
        assert torch.equal(layer.weight, expected)
        assert not layer.bias.any()


@pytest.mark.parametrize(
    ("activation", "gain"), [("relu", 2**0.5), ("tanh", 5 / 3), ("sigmoid", 1)]
)
def test_weights_keep_the_size_of_activations(activation, gain):
    blocks = (Block(maps=20, pool="none"), Block("local", 8, kernel=5, stride=2))
    module = build(Architecture(blocks, (60,), activation))
    for name, inputs in (("local2", 20 * 25), ("fc3", 8 * 49)):
        weight = module.get_submodule(name).get_parameter("weight")
        assert weight.std().item() == pytest.approx(gain / inputs**0.5, rel=0.03)


@pytest.mark.parametrize(("batch_norm", "factor"), [(False, 7**-0.5), (True, 1)])
def test_what_seven_shortcuts_go_around_begins_smaller_where_nothing_normalises_it(
    batch_norm, factor
):
    module = build(PRESETS["residual"], batch_norm=batch_norm)
    spread = (2 / (16 * 9)) ** 0.5
    for name, expected in (("conv18", spread), ("conv19", spread * factor)):
        weight = module.get_submodule(name).get_parameter("weight")
        assert weight.std().item() == pytest.approx(expected, rel=0.05)


def test_building_leaves_the_random_numbers_of_others_alone():
    torch.manual_seed(1)
    expected = torch.rand(3)
    torch.manual_seed(1)
    build(PRESETS["tiny"])
    assert torch.equal(torch.rand(3), expected)
