"""A drawing as a network reads it: each step is the library's own, and no ink is no reading."""

import numpy as np

from cnnlib.drawings import reading
from cnnlib.drawings.drawing import Drawing, rasterize
from cnnlib.drawings.images import INK, frame, to_input
from cnnlib.losses import softmax
from cnnlib.network import Flatten, Linear, Network

SEVEN = Drawing.parse([{"points": [300, 300, 80, 700, 300, 80, 450, 760, 80]}])
WEIGHTS = np.random.default_rng(0).normal(size=(10, 784)) / 28
NETWORK = Network(
    [("flatten", Flatten()), ("dense", Linear(WEIGHTS, np.zeros(10)))], input_shape=(1, 28, 28)
)


def test_a_drawing_is_read_by_way_of_112_pixels_and_its_frame():
    found = reading.read(NETWORK, SEVEN)
    framed = frame(rasterize(SEVEN, 112))
    np.testing.assert_array_equal(found.framed.pixels, framed.pixels)
    activations = NETWORK.forward(to_input(framed.pixels[None]))
    assert [one.shape for one in found.activations] == [(1, 1, 28, 28), (1, 784), (1, 10)]
    np.testing.assert_array_equal(found.activations[-1], activations[-1])
    np.testing.assert_array_equal(found.probabilities, softmax(activations[-1])[0])
    assert found.guess == activations[-1][0].argmax()


def test_paper_and_ink_that_counts_as_paper_are_not_read(monkeypatch):
    assert reading.read(NETWORK, Drawing.parse([])) is None
    monkeypatch.setattr(reading, "rasterize", lambda *_: np.full((112, 112), INK))
    assert reading.read(NETWORK, SEVEN) is None
