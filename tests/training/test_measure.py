"""The measurements of a report: histograms that count everything, filters as images."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.data import Dataset
from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.runs.events import BINS, MOST_FILTERS, MOST_WRONG
from cnnlib.training.measure import first_filters, layer_statistics, norm, read
from cnnlib.training.model import build, to_network

DIGITS = built_in(20, seed=3)
CPU = torch.device("cpu")


def built(text: str, seed: int = 0):
    return to_network(build(Architecture.from_text(text), seed=seed))


def test_a_layer_is_described_after_its_activation_and_with_its_weights_gradient():
    network = built("conv3x4-stride2_conv3x6-max_fc9_out10")
    rng = np.random.default_rng(0)
    gradients = {name: rng.normal(size=w.shape) for name, w in network.parameters.items()}
    names = [name for name, _ in network.layers]
    activations = network.forward(to_input(DIGITS.images))[1:]
    outputs = dict(zip(names, activations, strict=True))
    found = layer_statistics(network, DIGITS.images, gradients)
    assert [one.name for one in found] == ["conv1", "conv2", "fc3", "logits"]
    for one, after in zip(found, ["relu1", "relu2", "relu3", "logits"], strict=True):
        output, gradient = outputs[after], gradients[f"{one.name}.weight"]
        assert one.activation_counts.sum() == output.size
        assert one.activation_range == pytest.approx((output.min(), output.max()))
        assert one.zeros == (output == 0).mean()
        assert one.gradient_counts.sum() == gradient.size
        assert one.gradient_range == pytest.approx((gradient.min(), gradient.max()))
        assert one.gradient_norm == pytest.approx(np.linalg.norm(gradient))
        assert one.activation_counts.shape == one.gradient_counts.shape == (BINS,)
    assert found[0].zeros > 0.1
    assert found[-1].zeros == 0


@pytest.mark.parametrize("wild", [np.inf, -np.inf, np.nan, 3e38])
def test_a_gradient_out_of_bounds_is_counted_as_far_as_it_is_finite(wild):
    network = built("out10")
    gradient = np.ones((10, 784), np.float32)
    gradient[0, :5] = wild
    (found,) = layer_statistics(network, DIGITS.images, {"logits.weight": gradient})
    assert found.gradient_counts.sum() == np.isfinite(gradient).sum()
    assert np.isfinite(found.gradient_range).all()
    assert norm(np.full(4, 3e38, np.float32)) == pytest.approx(6e38)


@pytest.mark.parametrize(
    ("text", "shape"),
    [
        ("conv5x16-stride2_out10", (16, 1, 5, 5)),
        ("conv3x200-stride4_out10", (MOST_FILTERS, 1, 3, 3)),
        ("fc128_out10", (MOST_FILTERS, 1, 28, 28)),
        ("out10", (10, 1, 28, 28)),
        ("local3x8-stride2_out10", (8, 1, 3, 3)),
    ],
)
def test_first_filters_are_images_of_at_most_64(text, shape):
    filters = first_filters(built(text))
    assert filters.shape == shape
    assert filters.dtype == np.float32


def test_of_a_locally_connected_layer_the_middle_is_shown():
    network = built("local3x8-stride2_out10")
    weight = network.parameters["local1.weight"]
    assert np.array_equal(first_filters(network), weight[:, 7, 7])


def test_a_template_is_the_weights_of_one_unit():
    network = built("fc5_out10")
    assert np.array_equal(first_filters(network)[3, 0].ravel(), network.parameters["fc1.weight"][3])


class Oracle(torch.nn.Module):
    """A module that reads the digit from the first pixel, and its confidence from the second."""

    def forward(self, x: torch.Tensor) -> torch.Tensor:
        said = (x[:, 0, 0, 0] * 255).round().long()
        return torch.nn.functional.one_hot(said, 10) * x[:, 0, 0, 1, None] * 20


@given(seed=st.integers(0, 9), count=st.integers(1, 900))
def test_a_reading_counts_every_image_and_sorts_mistakes_by_confidence(seed, count):
    rng = np.random.default_rng(seed)
    labels, said = rng.integers(0, 10, (2, count), dtype=np.uint8)
    images = np.zeros((count, 28, 28), np.uint8)
    images[:, 0, 0], images[:, 0, 1] = said, rng.integers(1, 256, count)
    reading = read(Oracle(), Dataset(images, labels, ""), CPU)
    assert reading.accuracy == pytest.approx((said == labels).mean())
    expected = np.zeros((10, 10), int)
    for true, guess in zip(labels, said, strict=True):
        expected[true, guess] += 1
    assert np.array_equal(reading.confusion, expected)
    assert len(reading.wrong) == min(MOST_WRONG, (said != labels).sum())
    assert np.array_equal(reading.said, said[reading.wrong])
    assert (reading.said != labels[reading.wrong]).all()
    assert (np.diff(reading.confidence) <= 0).all()


def test_every_preset_has_filters():
    for architecture in PRESETS.values():
        filters = first_filters(to_network(build(architecture)))
        assert filters.ndim == 4
        assert 1 <= len(filters) <= MOST_FILTERS
