"""The components' modules pass their own tests, which node runs."""

import base64
import json
import os
import shutil
import subprocess
from pathlib import Path

import numpy as np
import pytest

from cnnlib.figures.scales import layer_scales
from cnnlib.models.architecture import Architecture
from cnnlib.training.model import build, to_network
from cnnlib.ui.components.learning.packing import Arrays, Shown, pack_run
from cnnlib.ui.components.netview import packing
from cnnlib.walkthroughs import convolution, pooling, transposed
from tests.histories import history

HERE = Path(__file__).parent
HOW_TO_INSTALL = "no node here: install Debian's with `apt-get install nodejs`"
_NUMBERS = np.random.default_rng(0)
_DEEP = "local5x3-stride2-residual_conv3x4-residual-max_fc12_fc7_sigmoid_out10"


def walks():
    """Return walkthroughs as JSON, by lesson, one for each method."""
    methods = ("flip-and-filter", "translate-and-scale", "matrix form")
    line, kernel = np.array([1.0, -2, 3, 0, 5]), np.array([2.0, 0, -1])
    picture, square = _NUMBERS.integers(-3, 4, (5, 6)), _NUMBERS.integers(-2, 3, (3, 2))
    told = {
        "1D": [convolution(line, kernel, method) for method in methods],
        "1D, padded": [convolution(line, kernel, method, padding="same") for method in methods],
        "2D": [convolution(picture, square, method) for method in methods],
        "2D, strided": [convolution(picture, square, method, stride=2) for method in methods],
        "pooling": [pooling(picture, stride=1)],
        "transposed": [transposed(picture, square, stride=2)],
    }
    return {name: [json.loads(walk.to_json()) for walk in each] for name, each in told.items()}


def packets():
    """Return what the browser is told of a run as it goes on, with what it should hold then."""
    told = history(epochs=60, planned=64, reports=4, validation=300)
    found, have, points = [], 0, 0
    for count in (3, 40, 150, 240):
        arrays = Arrays()
        progress = told.progress[: len(told.progress) * count // len(told.reports)]
        reports = told.reports[:count]
        run = Shown("a", "A", "training", told.validation, told.begun, progress, reports)
        packed = pack_run(run, have, arrays, have_points=points)
        kept = [n for n in range(count) if n % packed["stride"] == 0 or n == count - 1]
        wrong = {int(index) for index in reports[-1].wrong}
        curve = packed["curve"]
        losses = [
            one.loss
            for n, one in enumerate(progress)
            if n % curve["stride"] == 0 or n == len(progress) - 1
        ]
        packed |= {"losses": losses}
        packed |= {"kept": kept, "labels": {n: int(told.validation.labels[n]) for n in wrong}}
        found.append({"run": packed, "body": base64.b64encode(arrays.to_bytes()).decode()})
        have, points = count, len(progress)
    return found


def maps():
    """Return a drawing's maps as a browser gets them, with what it should make of them."""
    network = to_network(build(Architecture.from_text(_DEEP), seed=1))
    scales = layer_scales(network, _NUMBERS.random((4, 1, 28, 28)))
    values = [one[0] for one in network.forward(_NUMBERS.random((1, 1, 28, 28)))]
    activations = [values[one.activation] for one in scales]
    layers = [{"name": one.name, "shape": one.shape} for one in scales]
    found: dict[str, object] = {}
    for kind, (packed, content) in (
        ("exact", packing.exact(activations)),
        ("coarse", packing.coarse(scales, activations)),
    ):
        body = base64.b64encode(content + b"behind").decode()
        found[kind] = {"layers": layers, "kinds": packed, "body": body}
    found["activations"] = [one.astype(float).ravel().tolist() for one in activations]
    return found


@pytest.fixture(scope="module")
def node():
    found = shutil.which("node")
    if found is None:
        if os.environ.get("REQUIRE_NODE") == "1":
            pytest.fail(HOW_TO_INSTALL)
        pytest.skip(HOW_TO_INSTALL)
    return found


@pytest.fixture(scope="module")
def fixtures(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fixtures")
    for name, content in (("walks", walks()), ("packets", packets()), ("maps", maps())):
        (folder / f"{name}.json").write_text(json.dumps(content), encoding="utf-8")
    return folder


def files():
    found = sorted(HERE.glob("*.test.mjs"))
    assert found, "the modules' tests were not found"
    return found


@pytest.mark.parametrize("file", files(), ids=lambda path: path.name)
def test_modules_pass_their_own_tests(node, fixtures, file):
    # A process for each file and none below it, which a loop that never ends cannot outlive.
    command = [node, "--test-reporter=tap", str(file)]
    environment = os.environ | {"FIXTURES": str(fixtures)}
    done = subprocess.run(
        command, env=environment, capture_output=True, text=True, timeout=120, check=False
    )
    assert done.returncode == 0, done.stdout + done.stderr
    assert "# SKIP" not in done.stdout
    assert "\nok 1 - " in done.stdout
