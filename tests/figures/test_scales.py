import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlib.figures.scales import layer_scales, limit
from cnnlib.network import Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU


@given(arrays(float, (4, 3, 5), elements=st.floats(-100, 100)))
def test_a_limit_is_positive_and_hardly_any_value_is_beyond_it(values):
    end = limit(values)
    assert end > 0
    kept = np.abs(values[values != 0])
    assert np.sum(kept > end * (1 + 1e-12)) <= 1 + 0.005 * kept.size


@given(st.floats(0.1, 100))
def test_a_limit_grows_with_the_values(factor):
    values = np.linspace(-1, 1, 101)
    assert limit(factor * values) == pytest.approx(factor * limit(values))


def test_paper_does_not_count():
    values = np.array([2.0, -2.0])
    assert limit(np.concatenate([values, np.zeros(10_000)])) == limit(values)


def test_every_hidden_activation_has_its_scale():
    weight = np.array([[[[2.0]]], [[[-4.0]]]])
    network = Network(
        [
            ("conv", Conv2d(weight, np.zeros(2))),
            ("relu", ReLU()),
            ("pool", MaxPool2d(2)),
            ("flatten", Flatten()),
            ("hidden", Linear(np.ones((5, 2)), np.zeros(5))),
            ("logits", Linear(np.ones((3, 5)), np.zeros(3))),
        ],
        input_shape=(1, 2, 2),
    )
    scales = layer_scales(network, np.ones((1, 1, 2, 2)))
    assert [s.name for s in scales] == ["input", "conv", "relu", "pool", "hidden"]
    assert [s.activation for s in scales] == [0, 1, 2, 3, 5]
    assert [s.shape for s in scales] == [(1, 2, 2), (2, 2, 2), (2, 2, 2), (2, 1, 1), (5, 1, 1)]
    assert [s.signed for s in scales] == [False, True, True, True, True]
    assert [s.limit for s in scales[2:4]] == [2.0, 2.0]
    assert scales[1].limit == pytest.approx(4.0)


def test_a_network_whose_numbers_end_beyond_float32_is_refused():
    layers = [("flatten", Flatten())]
    layers += [(f"fc{i}", Linear(np.full((4, 4), 1e16), np.zeros(4))) for i in range(3)]
    network = Network(layers, input_shape=(1, 2, 2))
    with pytest.raises(ValueError, match=r"its activations reach .* use weights with which"):
        layer_scales(network, np.ones((1, 1, 2, 2), np.float32))
