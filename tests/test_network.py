"""A network equals PyTorch's, is read back from its file, and refuses every other file."""

import json
import re

import numpy as np
import pytest
import torch
from torch import nn

from cnnlib.budget import Cost
from cnnlib.gradcheck import gradient_error
from cnnlib.losses import cross_entropy, cross_entropy_grad
from cnnlib.models import safetensors
from cnnlib.network import (
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    MaxPool2d,
    Network,
    ReLU,
    UnnamedError,
)


def drawn(rng, *shape):
    return (rng.normal(size=shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)


def small(seed=0):
    """Return a network with every kind of layer, on inputs of 2 maps of 11×9."""
    rng = np.random.default_rng(seed)
    return Network(
        [
            ("conv1", Conv2d(drawn(rng, 4, 2, 3, 3), drawn(rng, 4), padding=1)),
            ("relu1", ReLU()),
            ("pool1", MaxPool2d(2)),
            ("conv2", Conv2d(drawn(rng, 4, 2, 2, 2), drawn(rng, 4), groups=2, stride=(1, 2))),
            ("pool2", AvgPool2d(2)),
            ("flatten", Flatten()),
            ("logits", Linear(drawn(rng, 3, 8), drawn(rng, 3))),
        ],
        input_shape=(2, 11, 9),
    )


def in_torch(network):
    """Return the same network in PyTorch, with the same parameters."""
    modules = nn.Sequential(
        nn.Conv2d(2, 4, 3, padding=1),
        nn.ReLU(),
        nn.MaxPool2d(2),
        nn.Conv2d(4, 4, 2, groups=2, stride=(1, 2)),
        nn.AvgPool2d(2),
        nn.Flatten(),
        nn.Linear(8, 3),
    )
    for parameter, array in zip(modules.parameters(), network.parameters.values(), strict=True):
        parameter.data = torch.tensor(array)
    return modules


def test_every_activation_and_every_gradient_equals_pytorchs():
    network, modules = small(), in_torch(small())
    x = np.random.default_rng(1).normal(size=(5, 2, 11, 9)).astype(np.float32)
    labels = np.array([0, 1, 2, 0, 1])
    expected = [torch.tensor(x, requires_grad=True)]
    for module in modules:
        expected.append(module(expected[-1]))
        expected[-1].retain_grad()
    nn.functional.cross_entropy(expected[-1], torch.tensor(labels)).backward()

    activations = network.forward(x)
    gradients = network.backward(activations, cross_entropy_grad(activations[-1], labels))
    for ours, grad, theirs in zip(activations, gradients.activations, expected, strict=True):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs.detach(), atol=1e-5)
        np.testing.assert_allclose(grad, theirs.grad, atol=1e-6)
    assert set(gradients.parameters) == set(network.parameters)
    for name, parameter in zip(network.parameters, modules.parameters(), strict=True):
        np.testing.assert_allclose(gradients.parameters[name], parameter.grad, atol=1e-5)


def test_the_input_gradient_equals_finite_differences():
    network = small()
    x = np.random.default_rng(2).normal(size=(1, 2, 11, 9))
    activations = network.forward(x)
    grad = network.backward(activations, cross_entropy_grad(activations[-1], [2])).activations[0]
    loss = lambda v: cross_entropy(network.forward(v)[-1], [2])  # noqa: E731
    assert gradient_error(loss, x, grad, step=1e-6) < 1e-5


def test_parameters_are_counted_and_shapes_chained():
    network = small()
    assert network.parameter_count == (4 * 2 * 9 + 4) + (4 * 2 * 4 + 4) + (3 * 8 + 3)
    x = np.zeros((2, *network.input_shape), np.float32)
    assert [a.shape[1:] for a in network.forward(x)] == list(network.shapes)


@pytest.mark.parametrize("dtype", [np.float16, np.float32])
def test_a_file_gives_the_network_back(tmp_path, dtype):
    network = small()
    path = tmp_path / "small.npz"
    network.save(path, dtype=dtype)
    again = Network.load(path)
    assert again.input_shape == network.input_shape
    assert [name for name, _ in again.layers] == [name for name, _ in network.layers]
    for name, array in network.parameters.items():
        assert np.array_equal(again.parameters[name], array.astype(dtype))
        assert again.parameters[name].dtype == np.float32
    assert again.forward(np.ones((1, 2, 11, 9)))[-1].shape == (1, 3)
    assert [layer.settings for _, layer in again.layers] == [
        layer.settings for _, layer in network.layers
    ]


def test_the_same_network_gives_the_same_bytes(tmp_path):
    small().save(tmp_path / "a.npz")
    small().save(tmp_path / "b.npz")
    assert (tmp_path / "a.npz").read_bytes() == (tmp_path / "b.npz").read_bytes()


def test_weights_are_kept_in_no_other_type(tmp_path):
    with pytest.raises(ValueError, match="weights in float64: use float16 or float32"):
        small().save(tmp_path / "a.npz", dtype=float)


@pytest.fixture
def forged(tmp_path):
    """Write the small network's file with something changed, and return its path."""

    def write(change):
        path = tmp_path / "forged.npz"
        small().save(path)
        with np.load(path) as file:
            arrays = dict(file)
        architecture = json.loads(str(arrays["architecture"]))
        arrays["architecture"] = json.dumps(change(architecture, arrays) or architecture)
        np.savez(path, **arrays)
        return path

    return write


def layer(place=0, **changes):
    return lambda architecture, _: architecture["layers"][place].update(changes)


FORGERIES = {
    "version": (lambda a, _: a.update(version=2), "version 2 instead of 1"),
    "nothing": (lambda _a, _: {"version": 1}, "its architecture is malformed"),
    "a list": (lambda _a, _: [1], "its architecture is malformed"),
    "a number": (lambda _a, _: 7, "its architecture is malformed"),
    "no layers": (lambda a, arrays: a.update(layers=[]) or arrays.clear(), "0 layers"),
    "layers by name": (
        lambda a, _: a.update(layers={"conv1": {}}),
        "its architecture is malformed",
    ),
    "layer that is a word": (
        lambda a, _: a.update(layers=["conv2d"]),
        "forged.npz is not a network",
    ),
    "kind": (layer(kind="exec"), "layer conv1 is of unknown kind 'exec'"),
    "kind that is a list": (layer(kind=[]), "its architecture is malformed"),
    "setting": (layer(color="red"), "layer conv1 has color 'red': only whole numbers"),
    "setting that is a word": (
        layer(stride="two"),
        "layer conv1 has stride 'two': only whole numbers",
    ),
    "setting of half": (layer(stride=1.5), "stride 1.5"),
    "setting of none": (layer(padding=None), "layer conv1 has padding None"),
    "setting of many": (layer(stride=[1, [2, 3]]), "has stride [1, [2, 3]]"),
    "setting of nothing": (layer(stride=[]), "stride []"),
    "stride 0": (layer(stride=0), "stride 0"),
    "huge padding": (
        layer(padding=10**9),
        "layer conv1 has padding 1000000000: only whole numbers up to 256",
    ),
    "weight from inside": (layer(weight=[[1]]), "weight"),
    "name": (layer(1, name="../relu"), "layer name '../relu'"),
    "name without arrays": (layer(name="conv3"), "layer conv3 lacks weight, bias"),
    "endless name": (layer(1, name="r" * 200_000), "layer name 'rrrr"),
    "endless kind": (layer(kind="r" * 200_000), "layer conv1 is of unknown kind 'rrrr"),
    "name that is a number": (layer(1, name=1), "its architecture is malformed"),
    "name that is used": (layer(1, name="pool1"), "layer name 'pool1'"),
    "groups": (layer(groups=2), "do not span the input's 2 maps"),
    "input": (lambda a, _: a.update(input_shape=[1, 11, 9]), "layer conv1: filters of depth 2"),
    "flat input": (
        lambda a, _: a.update(input_shape=[198]),
        "use at least one layer, and an input",
    ),
    "input of words": (
        lambda a, _: a.update(input_shape=["a", 1, 1]),
        "forged.npz is not a network",
    ),
    "negative input": (
        lambda a, _: a.update(input_shape=[2, -11, 9]),
        "forged.npz is not a network",
    ),
    "huge input": (lambda a, _: a.update(input_shape=[2, 10**7, 10**7]), "layer logits"),
    "missing bias": (lambda _, arrays: arrays.__delitem__("conv1.bias"), "layer conv1 lacks bias"),
    "extra array": (
        lambda _, arrays: arrays.update(more=np.ones(1, "f")),
        "more belong to no layer",
    ),
    "flat weight": (
        lambda _, arrays: arrays.update({"conv1.weight": np.ones(4, "f")}),
        "needs 4 axes",
    ),
    "not a number": (
        lambda _, arrays: arrays["conv1.weight"].__setitem__((0, 1, 2, 0), np.nan),
        "weight holds nan at (0, 1, 2, 0)",
    ),
    "wire to nowhere": (layer(1, reads=["conv9"]), "layer relu1 takes 'conv9': wire it to 1 of"),
    "wire to a later layer": (layer(1, reads=["pool1"]), "layer relu1 takes 'pool1'"),
    "wire to itself": (layer(1, reads=["relu1"]), "layer relu1 takes 'relu1'"),
    "two wires": (layer(1, reads=["conv1", "input"]), "layer relu1 takes 'conv1', 'input'"),
    "no wire": (layer(1, reads=[]), "layer relu1 takes nothing"),
    "endless wires": (layer(1, reads=["conv1"] * 20_000), "layer relu1 takes 'conv1', 'conv1'"),
    "wire that is a word": (layer(1, reads="conv1"), "layer relu1 takes 'c', 'o', 'n', 'v', '1'"),
    "wire that is a number": (layer(1, reads=7), "its architecture is malformed"),
    "wires that are lists": (layer(1, reads=[["conv1"]]), "its architecture is malformed"),
    "wire to another shape": (layer(6, reads=["pool2"]), "layer logits: linear takes 8 flat"),
    "a sum of one": (layer(1, kind="add"), "layer relu1 takes 'conv1': wire it to 2 of"),
    "a sum of two shapes": (
        layer(1, kind="add", reads=["conv1", "input"]),
        "layer relu1: add needs two equal shapes, and gets (4, 11, 9) and (2, 11, 9)",
    ),
    "text": (
        lambda _, arrays: arrays.update({"conv1.bias": np.array(["a"] * 4)}),
        "bias holds <U1",
    ),
    "infinite input": (
        lambda tree, _: tree.update(input_shape=[1, float("inf"), 28]),
        "its input [1, inf, 28] is of no whole numbers",
    ),
    "object": (lambda _, arrays: arrays.update(more=np.ones(1, int)), "holds int64"),
}


@pytest.mark.parametrize("forgery", FORGERIES)
def test_every_other_file_is_refused_in_one_sentence(forged, forgery):
    change, reason = FORGERIES[forgery]
    with pytest.raises(ValueError, match=re.escape(reason)) as problem:
        Network.load(forged(change))
    assert re.fullmatch(r"forged.npz [^\n]{10,250}", str(problem.value))


def test_a_deep_architecture_is_refused(forged):
    path = forged(lambda *_: None)
    with np.load(path) as file:
        arrays = dict(file)
    np.savez(path, **arrays | {"architecture": "[" * 100_000})
    with pytest.raises(ValueError, match=r"forged.npz is not a network of this program"):
        Network.load(path)


def test_a_network_costs_its_products_and_what_it_holds_with_the_largest_windows():
    layers = [("conv", Conv2d(np.ones((4, 2, 3, 3)), np.zeros(4))), ("pool", MaxPool2d(2))]
    windows = (4 * 6) * (2 * 3 * 3), (2 * 3) * (4 * 2 * 2)
    held = 2 * 6 * 8 + 4 * 4 * 6 + 4 * 2 * 3
    cost = Network(layers, input_shape=(2, 6, 8)).cost
    assert cost == Cost(4 * windows[0] + windows[1], 4 * (held + windows[0]))
    assert Network(layers[1:], input_shape=(4, 4, 6)).cost.multiplications == windows[1]


@pytest.mark.parametrize("side", [3_000, 10**6])
def test_a_network_that_would_fill_the_memory_is_refused(tmp_path, side):
    path = tmp_path / "large.npz"
    Network([("relu", ReLU())], input_shape=(3, side, side)).save(path)
    with pytest.raises(ValueError, match="its layers need "):
        Network.load(path)


def test_windows_that_would_fill_the_memory_are_refused(tmp_path):
    path = tmp_path / "large.npz"
    weight = np.zeros((1, 1, 200, 200))
    Network([("conv", Conv2d(weight, [0]))], input_shape=(1, 700, 700)).save(path)
    with pytest.raises(ValueError, match="its layers need "):
        Network.load(path)


def test_windows_of_a_layer_further_on_are_counted_too(tmp_path):
    path = tmp_path / "large.npz"
    layers = [
        ("conv1", Conv2d(np.zeros((64, 1, 1, 1)), np.zeros(64))),
        ("conv2", Conv2d(np.zeros((1, 64, 30, 30)), [0])),
    ]
    Network(layers, input_shape=(1, 60, 60)).save(path)
    with pytest.raises(ValueError, match="its layers need "):
        Network.load(path)


def test_multiplications_that_would_hold_up_everybody_are_refused(tmp_path):
    path = tmp_path / "large.npz"
    weight = np.zeros((100, 100, 15, 15))
    layers = [(f"conv{i}", Conv2d(weight[:, : (1, 100)[i]], np.zeros(100), 1, 29)) for i in (0, 1)]
    Network(layers).save(path)
    told = "its layers need 30,393 million multiplications, and 1,000 are made here: use fewer maps"
    with pytest.raises(ValueError, match=told):
        Network.load(path)


def test_endless_layers_are_refused(tmp_path):
    path = tmp_path / "long.npz"
    Network([(f"relu{i}", ReLU()) for i in range(201)]).save(path)
    with pytest.raises(ValueError, match="201 layers, and 200 are allowed"):
        Network.load(path)


def test_as_many_layers_and_as_large_settings_as_are_allowed_are_read(tmp_path):
    path = tmp_path / "long.npz"
    layers = [("pool", MaxPool2d(256)), *((f"relu{i}", ReLU()) for i in range(199))]
    Network(layers, input_shape=(1, 256, 256)).save(path)
    assert len(Network.load(path).layers) == 200
    Network([("pool", MaxPool2d(257))], input_shape=(1, 257, 257)).save(path)
    with pytest.raises(ValueError, match=r"kernel_size \[257, 257\]: only whole numbers up to 256"):
        Network.load(path)


@pytest.mark.parametrize(
    ("layers", "message"),
    [
        ([], "0 layers on input (1, 28, 28)"),
        ([("a b", ReLU())], "layer name 'a b'"),
        ([("a", ReLU()), ("a", ReLU())], "layer name 'a': use up to 40"),
        ([("fc", Linear(np.ones((2, 3)), [0, 0]))], "layer fc: linear takes 3 flat inputs"),
        ([("sum", Add())], "layer sum takes 'input': wire it to 2 of the layers before it"),
        ([("p", MaxPool2d(29))], "layer p: kernel 29 does not fit input 28 with padding 0"),
    ],
)
def test_layers_that_do_not_chain_are_refused_by_name(layers, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Network(layers)


@pytest.mark.parametrize(
    ("x", "message"),
    [
        (
            np.ones((1, 2, 11, 9), np.uint8),
            "takes floating point, not uint8: for pixels use images.to_input",
        ),
        (np.ones((1, 1, 11, 9)), "input of shape (1, 1, 11, 9): use (N, 2, 11, 9)"),
        (np.ones((2, 11, 9)), "input has shape (2, 11, 9): it needs 4 axes"),
        (np.ones((0, 2, 11, 9)), "every axis needs at least 1 entry"),
        (np.full((1, 2, 11, 9), np.nan), "input holds nan"),
    ],
)
def test_inputs_of_another_kind_are_refused(x, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        small().forward(x)


def test_gradients_need_the_activations_of_this_network():
    network = small()
    activations = network.forward(np.ones((2, 2, 11, 9)))
    with pytest.raises(ValueError, match=re.escape("grad_output has shape (1, 3): use (2, 3)")):
        network.backward(activations, np.ones((1, 3)))
    for wrong in ([], activations[:-1], activations[::-1]):
        with pytest.raises(ValueError, match="not what forward returns"):
            network.backward(wrong, np.ones((2, 3)))


@pytest.mark.parametrize("ending", ["npz", "safetensors", "SAFETENSORS", "NPZ"])
@pytest.mark.parametrize("kind", [np.float16, np.float32, np.float64])
def test_weights_alone_are_read_by_a_plan_that_is_given(tmp_path, ending, kind):
    network, path = small(), tmp_path / f"WEIGHTS.{ending}"
    arrays = {name: array.astype(kind) for name, array in network.parameters.items()}
    if safetensors.is_name(path):
        path.write_bytes(safetensors.write(arrays, {}))
    else:
        with path.open("wb") as file:
            np.savez(file, **arrays)
    with pytest.raises(UnnamedError, match="it does not name its architecture"):
        Network.load(path)
    again = Network.load(path, network.plan)
    assert again.plan == network.plan
    for name, array in again.parameters.items():
        assert array.dtype == np.float32
        np.testing.assert_array_equal(array, network.parameters[name].astype(kind).astype("f4"))


def test_a_files_own_plan_goes_before_one_that_is_given(tmp_path):
    path = tmp_path / "a.SAFETENSORS"
    small().save(path)
    assert path.read_bytes()[:2] != b"PK"
    assert Network.load(path, "{}").plan == small().plan


def test_weights_beyond_float32_are_refused(tmp_path):
    path = tmp_path / "a.npz"
    arrays = {name: array.astype(float) for name, array in small().parameters.items()}
    np.savez(path, **arrays | {"conv1.bias": np.full(4, 1e300)})
    with pytest.raises(ValueError, match=r"a\.npz is not a network of this program: .*bias"):
        Network.load(path, small().plan)
