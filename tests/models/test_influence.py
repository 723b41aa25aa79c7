"""How strongly pixels move a unit: as the whole network's gradient says, at a cost of the field."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.budget import Cost
from cnnlib.layers import Conv2d, MaxPool2d
from cnnlib.models.influence import cost, gradient
from cnnlib.models.stack import Stack, cells_holding, parse
from cnnlib.network import Network

TAPS = st.builds(
    "conv{}s{}p{}d{}".format,
    st.sampled_from([1, 3, 6, 7]),
    st.integers(1, 2),
    st.integers(0, 8),
    st.integers(1, 2),
)
POOLS = st.builds("pool{}s{}p{}".format, st.integers(2, 3), st.integers(1, 3), st.integers(0, 1))


def whole(network, x, activation, row, column):
    """Measure through the whole network, with all maps and all gradients."""
    part = network.part(activation)
    activations = part.forward(x)
    total = np.zeros(x.shape[2:])
    for channel in range(activations[-1].shape[1]):
        seed = np.zeros_like(activations[-1])
        seed[:, channel, row, column] = 1
        total += np.abs(part.backward(activations, seed).activations[0]).sum((0, 1))
    return total / (len(x) * activations[-1].shape[1])


@given(
    st.integers(3, 16),
    st.lists(TAPS | POOLS, min_size=1, max_size=4),
    st.integers(0, 10**6),
    st.booleans(),
)
def test_the_unit_alone_gives_what_the_whole_network_gives(size, layers, at, even):
    try:
        stack = Stack(size, parse(",".join(layers)))
    except ValueError:
        assume(False)
    assume(max(stack.sizes) <= 40)
    network = stack.even_network() if even else stack.random_network()
    depth = len(layers)
    row, column = at % stack.sizes[-1], at // 7 % stack.sizes[-1]
    x = np.random.default_rng(at).normal(size=(2, 1, size, size))
    asked = (network, x, stack.layer_of(network, depth), row, column)
    expected = whole(*asked)
    scale = expected.max() or 1
    np.testing.assert_allclose(gradient(*asked) / scale, expected / scale, atol=1e-5)


def test_the_effective_field_lies_in_the_theoretical_one_and_is_smaller():
    stack = Stack(28, parse("conv5p2, conv5p2, conv5p2"))
    network = stack.random_network()
    x = np.random.default_rng(1).normal(size=(4, 1, 28, 28))
    strengths = gradient(network, x, stack.layer_of(network, 3), 14, 14)
    theory = np.zeros((28, 28), bool)
    theory[np.ix_(stack.below(3, 14)[-1], stack.below(3, 14)[-1])] = True
    assert not strengths[~theory].any()
    assert 0 < cells_holding(strengths) < 0.8 * theory.sum()


@pytest.mark.parametrize(
    ("layers", "millions"),
    [
        (", ".join(["conv11p5"] * 12), 400),
        (", ".join(["conv3p99"] * 12), 20),
        ("conv99p99", 100),
        ("conv63p31, conv63p31", 200),
    ],
)
def test_a_dear_stack_costs_what_its_field_costs(layers, millions):
    stack = Stack(64, parse(layers))
    network = stack.random_network()
    depth, middle = len(stack.stages), stack.sizes[-1] // 2
    dear = cost(network, stack.layer_of(network, depth), middle, middle, 8)
    assert dear.multiplications < millions * 10**6
    assert dear.memory < 20 * 2**20


def test_a_units_cost_is_that_of_the_cells_of_its_field():
    # The unit reads 2×2 cells of three maps, and these read 4×4 pixels.
    layers = [("conv", Conv2d(np.ones((3, 1, 3, 3)), np.zeros(3))), ("pool", MaxPool2d(2))]
    network = Network(layers, input_shape=(1, 8, 8))
    products = (2 * 2) * (3 * 3 * 3) + (2 * 2) * 3
    held, largest = (4 * 4) * 1 + (2 * 2) * 3, (4 * 4) * (1 + 3)
    once_and_back = 1 + 3  # forwards, and backwards from each map
    assert cost(network, 2, 1, 2, 5) == Cost(
        5 * once_and_back * products, 4 * (held + 4 * once_and_back * largest)
    )


def test_what_costs_too_much_is_refused_with_its_numbers():
    stack = Stack(64, parse(", ".join(["conv99p99"] * 12)))
    network = stack.random_network()
    told = "The gradients of this unit need 30,693 million multiplications, and 1,000 are made"
    with pytest.raises(ValueError, match=re.escape(told)) as refusal:
        gradient(network, np.zeros((8, 1, 64, 64)), stack.layer_of(network, 12), 632, 632)
    assert str(refusal.value).endswith("use smaller kernels, fewer layers or a smaller input")


def test_a_gradient_is_the_mean_over_maps_and_samples():
    # 1×1 weights: the pixel moves the first layer's maps by 2 and −4, and the second's three
    # maps by 1·2 + 1·(−4), 1·2 and 3·(−4).
    two = Conv2d(np.array([2.0, -4.0]).reshape(2, 1, 1, 1), np.zeros(2))
    three = Conv2d(np.array([[1, 1], [1, 0], [0, 3.0]]).reshape(3, 2, 1, 1), np.zeros(3))
    network = Network([("layer1", two), ("layer2", three)], input_shape=(1, 2, 2))
    x = np.random.default_rng(0).normal(size=(5, 1, 2, 2))
    for activation, expected in ((1, (2 + 4) / 2), (2, (2 + 2 + 12) / 3)):
        found = gradient(network, x, activation, 1, 0)
        np.testing.assert_allclose(found, [[0, 0], [expected, 0]])
