"""A network's maps travel exact, or as fine as they are painted; then what follows stays here."""

import numpy as np
import pytest

from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.reading import read
from cnnlib.figures.scales import layer_scales
from cnnlib.lessons import reader
from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.training.model import build, to_network
from cnnlib.ui.components import pack
from cnnlib.ui.components.netview import packing

SEVEN = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]
ALL = PRESETS | {
    text: Architecture.from_text(text)
    for text in ("local5x3-stride2-residual_conv3x4-residual-average_fc12_fc7_sigmoid_out10",)
}


def read_by(network):
    scales = layer_scales(network, np.random.default_rng(0).random((4, 1, 28, 28)))
    reading = read(network, Drawing.parse(SEVEN))
    return scales, [reading.activations[one.activation][0] for one in scales]


@pytest.fixture(scope="module", params=ALL)
def told(request):
    return read_by(to_network(build(ALL[request.param], seed=1)))


def opened(scales, packed, content):
    """Return each layer's values as a browser gets them; None where they follow from others."""
    found, at = [], 0
    for scale, how in zip(scales, packed, strict=True):
        if how["type"] == "largest":
            found.append(None)
            continue
        size = int(np.prod(scale.shape))
        values = np.frombuffer(content, f"<{how['type']}", size, at).reshape(scale.shape)
        at += values.nbytes
        whole = values.astype(float)
        found.append(np.cumsum(whole, axis=1) * how["step"] if how["type"] == "i1" else whole)
    assert at == len(content)
    return found


def test_exact_values_keep_three_digits(told):
    scales, activations = told
    for values, exact in zip(opened(scales, *packing.exact(activations)), activations, strict=True):
        np.testing.assert_allclose(values.ravel(), exact.ravel(), rtol=1e-3, atol=1e-6)


def test_coarse_values_are_painted_hardly_otherwise(told):
    scales, activations = told
    found = opened(scales, *packing.coarse(scales, activations))
    for scale, values, exact in zip(scales, found, activations, strict=True):
        if values is None:
            continue
        shown = np.clip(exact.reshape(scale.shape), -scale.limit, scale.limit)
        beside = np.clip(values, -scale.limit, scale.limit)
        reach = max([scale.limit, *(one.limit for one in scales)])
        assert np.abs(shown - beside).max() <= reach / packing._SIGNED / 2 + 1e-9


def test_what_follows_is_the_largest_of_rounded_values(told):
    scales, activations = told
    packed, content = packing.coarse(scales, activations)
    found = opened(scales, packed, content)
    for at, (scale, how) in enumerate(zip(scales, packed, strict=True)):
        if how["type"] != "largest":
            continue
        source, floor = found[how["of"]], how["floor"]
        if how["rows"] is None:
            found[at] = np.maximum(source, floor)
        else:
            windows = [
                source[:, top:bottom, left:right].max(axis=(1, 2))
                for top, bottom in how["rows"]
                for left, right in how["columns"]
            ]
            found[at] = np.stack(windows, axis=1).reshape(scale.shape)
        step = packed[next(_sent(packed, at))]["step"]
        rounded = np.clip(np.rint(activations[at] / step), -packing._SIGNED, packing._SIGNED)
        np.testing.assert_array_equal(np.rint(found[at] / step).ravel(), rounded.ravel())


def _sent(packed, at):
    """Yield the place of the layer that was sent, of which the one at a place is the largest."""
    while packed[at]["type"] == "largest":
        at = packed[at]["of"]
    yield at


def test_of_the_shipped_network_its_convolutions_travel_alone():
    scales = reader.shipped().scales
    reading = read(reader.shipped_network(), Drawing.parse(SEVEN))
    activations = [reading.activations[one.activation][0] for one in scales]
    packed, content = packing.coarse(scales, activations)
    sent = [one.name for one, how in zip(scales, packed, strict=True) if how["type"] == "i1"]
    assert sent == ["input", "conv1", "conv2", "conv3", "conv4"]
    _, exact = packing.exact(activations)
    assert 3 * len(pack({}, content)) < len(pack({}, exact))


@pytest.mark.parametrize(("resting", "apart"), [(True, 0.5 / 255), (False, 0.5 / 15)])
def test_a_picture_is_told_in_256_shades_or_16(resting, apart):
    shades = np.random.default_rng(0).random((9, 7))
    told = np.frombuffer(packing.picture(shades, resting=resting), np.uint8).reshape(9, 7) / 255
    assert np.abs(told - shades).max() <= apart + 1e-9
    assert len(np.unique(told)) == (len(np.unique(np.rint(255 * shades))) if resting else 16)


def test_a_layer_whose_source_is_not_shown_is_sent():
    scales, activations = read_by(reader.shipped_network())
    kept = [at for at, one in enumerate(scales) if one.name in ("relu1", "pool2")]
    packed, content = packing.coarse([scales[at] for at in kept], [activations[at] for at in kept])
    assert [how["type"] for how in packed] == ["i1", "i1"]
    assert len(content) == sum(activations[at].size for at in kept)
