"""A unit's story is true: its sum is its value, and its windows are what it depends on."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.network import AvgPool2d, Conv2d, Flatten, Linear, MaxPool2d, Network, ReLU
from cnnlib.unit import explain

RNG = np.random.default_rng(0)


def drawn(*shape):
    return RNG.normal(size=shape) / np.sqrt(np.prod(shape[1:]))


NETWORK = Network(
    [
        ("conv1", Conv2d(drawn(4, 2, 3, 3), drawn(4), padding=1)),
        ("relu1", ReLU()),
        ("pool1", MaxPool2d(3, 2, 1)),
        ("conv2", Conv2d(drawn(6, 2, 2, 3), drawn(6), groups=2, stride=(2, 1), dilation=(1, 2))),
        ("pool2", AvgPool2d(2, 1, 1)),
        ("flatten", Flatten()),
        ("logits", Linear(drawn(3, 6 * 4 * 4), drawn(3))),
    ],
    input_shape=(2, 12, 13),
)
X = RNG.random((2, *NETWORK.input_shape)).astype(np.float32)
ACTIVATIONS = NETWORK.forward(X)


@st.composite
def units(draw):
    layer = draw(st.integers(0, len(NETWORK.layers) - 1))
    index = tuple(draw(st.integers(0, n - 1)) for n in NETWORK.shapes[layer + 1])
    return layer, index


@given(units(), st.integers(0, 1))
def test_the_sum_of_the_products_is_what_the_network_computed(place, sample):
    layer, index = place
    unit = explain(NETWORK, ACTIVATIONS, layer, index, sample)
    assert unit.value == ACTIVATIONS[layer + 1][sample][index]
    inputs = unit.inputs[unit.inside]
    if unit.products is not None:
        assert np.array_equal(unit.products, unit.weights * unit.inputs)
        total = unit.products.sum() + (unit.bias or 0)
    elif unit.kind == "max_pool2d":
        total = inputs.max()
        assert ACTIVATIONS[layer][sample][index[0]][unit.winner] == unit.value
    elif unit.kind == "relu":
        total = max(0, inputs.item())
    else:
        total = inputs.item()
    assert total == pytest.approx(unit.value, abs=1e-6)
    assert not unit.inputs[~unit.inside].any()
    assert unit.sentence.startswith(f"{NETWORK.layers[layer][0]}, ")
    assert unit.sentence.endswith(f"= {unit.value:.3f}".replace("-", "−"))


@given(units())
@settings(max_examples=60)
def test_a_unit_depends_on_its_windows_and_on_nothing_else(place):
    """Its value stays when everything outside is changed, and every layer is recomputed."""
    layer, index = place
    unit = explain(NETWORK, ACTIVATIONS, layer, index)
    assert [window.activation for window in unit.windows] == list(range(layer, -1, -1))
    for window in unit.windows:
        kept = ACTIVATIONS[window.activation][:1].reshape(1, *_maps(window.activation))
        box = (slice(None), slice(*window.channels), slice(*window.rows), slice(*window.columns))
        for outside in (-3, 5):
            changed = np.full_like(kept, outside)
            changed[box] = kept[box]
            value = _recomputed(changed, window.activation, layer)[0][index]
            assert value == pytest.approx(unit.value, abs=1e-6)


@given(units())
@settings(max_examples=60)
def test_no_window_is_larger_than_it_must_be(place):
    """In a network of positive weights every outermost row and column matters."""
    layer, index = place
    network = _positive()
    activations = network.forward(X[:1])
    grads = _unit_gradients(network, activations, layer, index)
    for window in explain(network, activations, layer, index).windows:
        used = grads[window.activation].reshape(_maps(window.activation)) != 0
        for axis, span in enumerate((window.channels, window.rows, window.columns)):
            others = tuple(a for a in range(3) if a != axis)
            along = np.flatnonzero(used.any(others))
            assert (along.min(), along.max() + 1) == span


def test_a_corner_sees_padding_and_a_smaller_window():
    unit = explain(NETWORK, ACTIVATIONS, 0, (1, 0, 0))
    (window,) = unit.windows
    assert (window.full_rows, window.full_columns) == ((-1, 2), (-1, 2))
    assert (window.rows, window.columns, window.channels) == ((0, 2), (0, 2), (0, 2))
    assert unit.inside.tolist() == [[[False] * 3, [False, True, True], [False, True, True]]] * 2


def test_padding_adds_up_on_the_way_down():
    unit = explain(NETWORK, ACTIVATIONS, 3, (0, 0, 0))
    assert [w.full_rows for w in unit.windows] == [(0, 2), (-1, 4), (-1, 4), (-2, 5)]
    assert [w.full_columns for w in unit.windows] == [(0, 5), (-1, 10), (-1, 10), (-2, 11)]
    assert [w.rows for w in unit.windows] == [(0, 2), (0, 4), (0, 4), (0, 5)]


def test_groups_see_their_own_maps():
    first, last = (explain(NETWORK, ACTIVATIONS, 3, (c, 1, 1)) for c in (0, 5))
    assert first.windows[0].channels == (0, 2)
    assert last.windows[0].channels == (2, 4)


def test_sentences_are_written_out():
    sentences = [
        explain(NETWORK, ACTIVATIONS, layer, index).sentence
        for layer, index in [(0, (3, 5, 7)), (3, (2, 1, 0)), (4, (0, 0, 0)), (5, (17,)), (6, (2,))]
    ]
    stories = [re.fullmatch(r"(.+) = −?\d+\.\d{3}", s).group(1) for s in sentences]
    assert stories == [
        "conv1, map 3, row 5, column 7: 2 × 3 × 3 products + bias",
        "conv2, map 2, row 1, column 0: 2 × 2 × 3 products + bias",
        "pool2, map 0, row 0, column 0: mean of 2 × 2 values",
        "flatten, entry 17: map 1, row 0, column 1",
        "logits, entry 2: 96 products + bias",
    ]
    relu = explain(NETWORK, ACTIVATIONS, 1, (3, 5, 7))
    inside = f"{relu.inputs.item():.3f}".replace("-", "−")
    assert f"map 3, row 5, column 7: max(0, {inside}) = " in relu.sentence
    pool = explain(NETWORK, ACTIVATIONS, 2, (0, 2, 2))
    row, column = pool.winner
    assert f"largest of 3 × 3 values, in row {row}, column {column} = " in pool.sentence


def test_a_tie_goes_to_the_first_that_is_no_padding():
    network = Network([("pool", MaxPool2d(2, padding=1))], (1, 4, 4))
    activations = network.forward(np.full((1, 1, 4, 4), -1.0))
    assert explain(network, activations, 0, (0, 0, 0)).winner == (0, 0)
    assert explain(network, activations, 0, (0, 1, 1)).winner == (1, 1)


@given(units())
@settings(max_examples=20)
def test_a_unit_goes_through_json_whole(place):
    unit = explain(NETWORK, ACTIVATIONS, *place)
    told = json.loads(json.dumps(unit.as_dict(), allow_nan=False))
    assert told["value"] == unit.value
    assert told["inputs"] == unit.inputs.tolist()
    assert [w["rows"] for w in told["windows"]] == [list(w.rows) for w in unit.windows]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((7, (0,)), "layer 7: use 0 to 6"),
        ((-1, (0,)), "layer -1: use 0 to 6"),
        ((0, (0, 0)), "unit (0, 0) is not in conv1's shape (4, 12, 13)"),
        ((0, (4, 0, 0)), "unit (4, 0, 0) is not in conv1's shape (4, 12, 13)"),
        ((0, (0, -1, 0)), "unit (0, -1, 0) is not in conv1's shape"),
        ((6, (3,)), "unit (3,) is not in logits's shape (3,)"),
        ((0, (0, 0, 0), 2), "sample 2: use 0 to 1"),
    ],
)
def test_units_that_are_not_there_are_refused(arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        explain(NETWORK, ACTIVATIONS, *arguments)


def test_activations_of_another_network_are_refused():
    with pytest.raises(ValueError, match="not what forward returns"):
        explain(NETWORK, ACTIVATIONS[:-1], 0, (0, 0, 0))


def _maps(activation):
    shape = NETWORK.shapes[activation]
    return shape if len(shape) == 3 else (*shape, 1, 1)


def _recomputed(maps, start, layer):
    x = maps.reshape(1, *NETWORK.shapes[start])
    for _, operation in NETWORK.layers[start : layer + 1]:
        x = operation.forward(x)
    return x


def _positive():
    """The same network with positive weights, and averages where it takes the largest."""
    layers = []
    for name, layer in NETWORK.layers:
        parameters = {k: np.abs(v) + 0.1 for k, v in layer.parameters.items()}
        kind = AvgPool2d if isinstance(layer, MaxPool2d) else type(layer)
        layers.append((name, kind(**layer.settings, **parameters)))
    return Network(layers, NETWORK.input_shape)


def _unit_gradients(network, activations, layer, index):
    part = Network(network.layers[: layer + 1], network.input_shape)
    one = np.zeros_like(activations[layer + 1])
    one[0][index] = 1
    return part.backward(activations[: layer + 2], one).activations
