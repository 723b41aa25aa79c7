"""Wires let layers take the outputs of earlier layers: forward, backward, in parts, from a file."""

import numpy as np
import pytest
import torch
from torch import nn

from cnnlib.losses import cross_entropy_grad
from cnnlib.network import Add, Conv2d, Flatten, Linear, Local2d, Network, ReLU, Sigmoid, Tanh


def drawn(rng, *shape):
    return (rng.normal(size=shape) / np.sqrt(np.prod(shape[1:]))).astype(np.float32)


def wired(seed=0):
    """Return a network with shortcuts: of the input, through a projection, around one another."""
    rng = np.random.default_rng(seed)
    return Network(
        [
            ("conv1", Conv2d(drawn(rng, 2, 2, 3, 3), drawn(rng, 2), padding=1)),
            ("add1", Add()),
            ("tanh1", Tanh()),
            ("conv2", Conv2d(drawn(rng, 3, 2, 3, 3), drawn(rng, 3), padding=1, stride=2)),
            ("shortcut2", Conv2d(drawn(rng, 3, 2, 1, 1), drawn(rng, 3), stride=2)),
            ("add2", Add()),
            ("sigmoid2", Sigmoid()),
            ("local3", Local2d(drawn(rng, 3, 3, 4, 3, 1, 1), drawn(rng, 3, 3, 4))),
            ("add3", Add()),
            ("flatten", Flatten()),
            ("logits", Linear(drawn(rng, 3, 36), drawn(rng, 3))),
        ],
        input_shape=(2, 5, 7),
        wires={
            "add1": ("conv1", "input"),
            "shortcut2": ("tanh1",),
            "add2": ("conv2", "shortcut2"),
            "add3": ("local3", "add2"),
        },
    )


def test_shortcuts_compute_what_pytorch_computes():
    network = wired()
    p = {name: torch.tensor(v, requires_grad=True) for name, v in network.parameters.items()}
    x = torch.tensor(np.random.default_rng(1).normal(size=(4, 2, 5, 7)), dtype=torch.float32)
    conv = nn.functional.conv2d
    layers = [x.requires_grad_()]
    layers.append(conv(x, p["conv1.weight"], p["conv1.bias"], padding=1))
    layers.append(layers[1] + x)
    layers.append(torch.tanh(layers[2]))
    layers.append(conv(layers[3], p["conv2.weight"], p["conv2.bias"], padding=1, stride=2))
    layers.append(conv(layers[3], p["shortcut2.weight"], p["shortcut2.bias"], stride=2))
    layers.append(layers[4] + layers[5])
    layers.append(torch.sigmoid(layers[6]))
    weight = p["local3.weight"][..., 0, 0]
    layers.append(torch.einsum("nchw,ohwc->nohw", layers[7], weight) + p["local3.bias"])
    layers.append(layers[8] + layers[6])
    layers.append(layers[9].flatten(1))
    layers.append(layers[10] @ p["logits.weight"].T + p["logits.bias"])
    labels = np.array([0, 1, 2, 0])
    for layer in layers:
        layer.retain_grad()
    nn.functional.cross_entropy(layers[-1], torch.tensor(labels)).backward()

    activations = network.forward(x.detach().numpy())
    gradients = network.backward(activations, cross_entropy_grad(activations[-1], labels))
    for ours, grad, theirs in zip(activations, gradients.activations, layers, strict=True):
        np.testing.assert_allclose(ours, theirs.detach(), atol=1e-6)
        np.testing.assert_allclose(grad, theirs.grad, atol=1e-7)
    for name, parameter in p.items():
        np.testing.assert_allclose(gradients.parameters[name], parameter.grad, atol=1e-6)


def test_what_nothing_depends_on_has_no_gradient():
    network = Network(
        [("aside", ReLU()), ("flatten", Flatten())], (1, 2, 2), wires={"flatten": ["input"]}
    )
    activations = network.forward(np.ones((1, 1, 2, 2)))
    gradients = network.backward(activations, np.ones((1, 4)))
    assert [grad.sum() for grad in gradients.activations] == [4, 0, 4]


def test_a_part_keeps_its_wires():
    network = wired()
    x = np.random.default_rng(1).normal(size=(2, 2, 5, 7))
    for layers in (1, 3, 9):
        part = network.part(layers)
        assert np.array_equal(part.forward(x)[-1], network.forward(x)[layers])


def test_wires_survive_the_file(tmp_path):
    wired().save(tmp_path / "wired.npz")
    again = Network.load(tmp_path / "wired.npz")
    assert again.wires == wired().wires
    x = np.random.default_rng(1).normal(size=(2, 2, 5, 7)).astype(np.float32)
    assert np.array_equal(again.forward(x)[-1], wired().forward(x)[-1])


def test_wires_lead_to_layers_that_are_there():
    with pytest.raises(ValueError, match="wires lead to relu9, which is no layer"):
        Network([("relu1", ReLU())], wires={"relu9": ["input"]})
