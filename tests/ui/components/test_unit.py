"""The panel shows any unit of any network that can be trained, with the core's own numbers."""

import json
from dataclasses import replace

import numpy as np
import pytest

from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.reading import read
from cnnlib.figures.unit import panel
from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.models.unit import explain
from cnnlib.training.model import build, to_network

SEVEN = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]
TEXTS = ["local5x3-stride2-residual_conv3x4-residual-average_fc12_fc7_sigmoid_out10", "out10"]
ALL = PRESETS | {text: Architecture.from_text(text) for text in TEXTS}


@pytest.mark.parametrize("name", ALL)
def test_a_unit_of_every_layer_is_shown(name):
    network = to_network(build(ALL[name], seed=1))
    reading = read(network, Drawing.parse(SEVEN))
    for at, (_, layer) in enumerate(network.layers):
        index = tuple(n // 2 for n in network.shapes[at + 1])
        unit = explain(network, reading.activations, at, index)
        shown = json.loads(json.dumps(panel(unit, network, reading), allow_nan=False))
        assert shown["title"].startswith(network.layers[at][0])
        assert shown["value"] == unit.value
        inputs = np.array(shown["terms"]["inputs"])
        assert sorted(inputs.ravel()) == sorted(unit.inputs.ravel())
        assert np.array(shown["outside"]).shape == inputs.shape
        values = {line["label"]: line["value"] for line in shown["lines"]}
        if layer.kind == "add":
            first, second = network.wires[unit.name]
            assert list(values) == [first, f"+ {second}", "= value"]
            assert sum(list(values.values())[:2]) == pytest.approx(unit.value, abs=1e-6)
        if unit.products is not None:
            assert len(shown["sums"]) == len(shown["maps"]) == len(inputs)
            total = sum(shown["sums"]) + values.get("+ bias", 0)
            assert total == pytest.approx(unit.value, abs=1e-5)


def test_a_linear_layer_shows_the_maps_that_were_flattened_and_a_hidden_one_its_inputs():
    network = to_network(build(PRESETS["lenet"]))
    reading = read(network, Drawing.parse(SEVEN))
    names = [name for name, _ in network.layers]
    shapes, titles = {}, []
    for name in ("fc3", "fc4", "logits"):
        unit = explain(network, reading.activations, names.index(name), (3,))
        shown = panel(unit, network, reading)
        shapes[name] = np.array(shown["terms"]["weights"]).shape
        titles.append(shown["title"])
    assert shapes == {"fc3": (16, 5, 5), "fc4": (120, 1, 1), "logits": (84, 1, 1)}
    assert titles == ["fc3, entry 3", "fc4, entry 3", "logits, class 3"]


@pytest.mark.parametrize(
    ("activation", "label"), [("sigmoid", "1 / (1 + e^−input)"), ("tanh", "tanh(input)")]
)
def test_an_activation_is_written_out(activation, label):
    network = to_network(build(Architecture.from_text(f"conv3x4_{activation}_out10")))
    reading = read(network, Drawing.parse(SEVEN))
    unit = explain(network, reading.activations, 1, (2, 14, 14))
    assert panel(unit, network, reading)["lines"] == [{"label": label, "value": unit.value}]


def test_logits_whose_powers_overflow_are_shown_as_differences_from_the_largest():
    network = to_network(build(PRESETS["tiny"]))
    reading = read(network, Drawing.parse(SEVEN))
    logits = np.array([[800, 799, *[-9_000] * 8]], np.float32)
    far = replace(reading, activations=[*reading.activations[:-1], logits])
    unit = explain(network, far.activations, len(network.layers) - 1, (1,))
    shown = json.loads(json.dumps(panel(unit, network, far), allow_nan=False))
    values = {line["label"]: line["value"] for line in shown["lines"]}
    assert values["e^(logit − largest)"] == pytest.approx(np.exp(-1))
    assert values["Σ e^(logit − largest) of all ten"] == pytest.approx(1 + np.exp(-1))
