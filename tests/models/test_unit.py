"""The explanation of a unit is true: its sum is its value, and it depends on its windows."""

import json
import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.models.unit import explain
from cnnlib.network import (
    Add,
    AvgPool2d,
    Conv2d,
    Flatten,
    Linear,
    Local2d,
    MaxPool2d,
    Network,
    ReLU,
    Sigmoid,
    Tanh,
)

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
# Shortcuts around one layer, around two and through a projection; weights for each place;
# hidden layers without maps.
WIRED = Network(
    [
        ("conv1", Conv2d(drawn(2, 2, 3, 3), drawn(2), padding=1)),
        ("add1", Add()),
        ("sigmoid1", Sigmoid()),
        ("local2", Local2d(drawn(3, 6, 7, 2, 3, 2), drawn(3, 6, 7), (2, 2), (1, 1))),
        ("tanh2", Tanh()),
        ("conv3", Conv2d(drawn(3, 3, 3, 3), drawn(3), padding=1)),
        ("shortcut3", Conv2d(drawn(3, 2, 1, 1), drawn(3), stride=2, padding=(0, 1))),
        ("add3", Add()),
        ("flatten", Flatten()),
        ("fc4", Linear(drawn(5, 126), drawn(5))),
        ("sigmoid4", Sigmoid()),
        ("logits", Linear(drawn(3, 5), drawn(3))),
    ],
    input_shape=(2, 12, 12),
    wires={"add1": ("conv1", "input"), "shortcut3": ("sigmoid1",), "add3": ("conv3", "shortcut3")},
)
NETWORKS = {"plain": NETWORK, "wired": WIRED}
FORWARD = {
    network: network.forward(RNG.random((2, *network.input_shape)).astype(np.float32))
    for network in NETWORKS.values()
}
ACTIVATIONS = FORWARD[NETWORK]


FUNCTIONS = {
    "relu": lambda a: max(0, a),
    "sigmoid": lambda a: 1 / (1 + np.exp(-a)),
    "tanh": np.tanh,
}


@st.composite
def units(draw):
    name = draw(st.sampled_from(list(NETWORKS)))
    layer = draw(st.integers(0, len(NETWORKS[name].layers) - 1))
    index = tuple(draw(st.integers(0, n - 1)) for n in NETWORKS[name].shapes[layer + 1])
    return name, layer, index


@given(units(), st.integers(0, 1))
def test_the_sum_of_the_products_is_what_the_network_computed(place, sample):
    name, layer, index = place
    network = NETWORKS[name]
    activations = FORWARD[network]
    unit = explain(network, activations, layer, index, sample)
    assert unit.value == activations[layer + 1][sample][index]
    inputs = unit.inputs[unit.inside]
    if unit.products is not None:
        assert np.array_equal(unit.products, unit.weights * unit.inputs)
        total = unit.products.sum() + (unit.bias or 0)
    elif unit.kind == "max_pool2d":
        total = inputs.max()
        assert activations[layer][sample][index[0]][unit.winner] == unit.value
    elif unit.kind in FUNCTIONS:
        total = FUNCTIONS[unit.kind](inputs.item())
    else:
        total = inputs.sum()
        assert inputs.size == (2 if unit.kind == "add" else 1)
    assert total == pytest.approx(unit.value, abs=1e-6)
    assert not unit.inputs[~unit.inside].any()
    assert unit.sentence.startswith(f"{network.layers[layer][0]}, ")
    assert unit.sentence.endswith(f"= {unit.value:.3f}".replace("-", "−"))


@given(units())
@settings(max_examples=60)
def test_a_unit_depends_on_its_windows_and_on_nothing_else(place):
    """The value stays when everything outside changes and every later layer is computed again."""
    name, layer, index = place
    network = NETWORKS[name]
    unit = explain(network, FORWARD[network], layer, index)
    seen = {window.activation: window for window in unit.windows}
    assert list(seen) == sorted(seen, reverse=True)
    assert len(seen) == layer + 1 or network is WIRED
    for activation in range(layer + 1):
        kept = FORWARD[network][activation][:1]
        box = _box(seen[activation]) if activation in seen else (slice(0),)
        for outside in (-3, 5):
            changed = np.full_like(kept, outside).reshape(1, *_maps(network, activation))
            changed[box] = kept.reshape(changed.shape)[box]
            value = _recomputed(network, changed, activation, layer)[0][index]
            assert value == pytest.approx(unit.value, abs=1e-6)


@given(units())
@settings(max_examples=60)
def test_no_window_is_larger_than_it_must_be(place):
    """In a network of positive weights every outermost row and column matters."""
    name, layer, index = place
    network = NETWORKS[name]
    positive = _positive(network)
    activations = positive.forward(FORWARD[network][0][:1])
    grads = _unit_gradients(positive, activations, layer, index)
    seen = {w.activation: w for w in explain(positive, activations, layer, index).windows}
    for activation in range(layer + 1):
        used = grads[activation].reshape(_maps(network, activation)) != 0
        window = seen.get(activation)
        if (
            window is None
            or window.rows[0] == window.rows[1]
            or window.columns[0] == window.columns[1]
        ):
            assert not used.any(), "around it, or of its padding alone"
            continue
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


def test_a_shortcut_widens_the_window_of_what_it_joins():
    unit = explain(WIRED, FORWARD[WIRED], 7, (1, 0, 0))
    seen = {window.activation: window for window in unit.windows}
    assert list(seen) == [7, 6, 5, 4, 3, 2, 1, 0]
    assert [seen[i].channels for i in (6, 7)] == [(1, 2), (1, 2)]
    # By local2 it sees a corner of sigmoid1 with its padding, by shortcut3 one cell of padding.
    assert (seen[3].rows, seen[3].columns) == ((0, 4), (0, 3))
    assert (seen[3].full_rows, seen[3].full_columns) == ((-3, 4), (-3, 3))
    aside = explain(WIRED, FORWARD[WIRED], 6, (1, 2, 2))
    assert [window.activation for window in aside.windows] == [3, 2, 1, 0]


def test_sentences_about_sums_and_curves_are_written_out():
    units = [(1, (1, 5, 7)), (2, (0, 1, 2)), (3, (2, 1, 0)), (4, (2, 1, 0)), (10, (3,))]
    sentences = [explain(WIRED, FORWARD[WIRED], *place).sentence for place in units]
    stories = [re.sub(r"−?\d+\.\d{3}", "…", sentence) for sentence in sentences]
    assert stories == [
        "add1, map 1, row 5, column 7: conv1 … + input … = …",
        "sigmoid1, map 0, row 1, column 2: σ(…) = …",
        "local2, map 2, row 1, column 0: 2 × 3 × 2 products with weights of its own + bias = …",
        "tanh2, map 2, row 1, column 0: tanh(…) = …",
        "sigmoid4, entry 3: σ(…) = …",
    ]


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
    name, layer, index = place
    network = NETWORKS[name]
    unit = explain(network, FORWARD[network], layer, index)
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


def _maps(network, activation):
    shape = network.shapes[activation]
    return shape if len(shape) == 3 else (*shape, 1, 1)


def _box(window):
    return slice(None), slice(*window.channels), slice(*window.rows), slice(*window.columns)


def _recomputed(network, maps, start, layer):
    """Return a layer's output after one activation was changed."""
    activations = [a[:1] for a in FORWARD[network]]
    activations[start] = maps.reshape(1, *network.shapes[start])
    for at in range(start, layer + 1):
        taken = [activations[source] for source in network.sources[at]]
        activations[at + 1] = network.layers[at][1].forward(*taken)
    return activations[layer + 1]


def _positive(network):
    """Return the network with positive weights, and with linear layers for those that are not."""
    linear = {MaxPool2d: AvgPool2d, Sigmoid: ReLU, Tanh: ReLU}
    layers = []
    for name, layer in network.layers:
        parameters = {k: np.abs(v) + 0.1 for k, v in layer.parameters.items()}
        kind = linear.get(type(layer), type(layer))
        layers.append((name, kind(**layer.settings, **parameters)))
    return Network(layers, network.input_shape, network.wires)


def _unit_gradients(network, activations, layer, index):
    one = np.zeros_like(activations[layer + 1])
    one[0][index] = 1
    return network.part(layer + 1).backward(activations[: layer + 2], one).activations
