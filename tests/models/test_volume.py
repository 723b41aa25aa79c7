"""The convolution layer's counts: every example by name, and real layers as referee."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.conv import conv2d
from cnnlib.layers import Conv2d
from cnnlib.models.volume import COUNTED, Volume

# Input, padding, kernel, stride, dilation and output, as printed in section 5's table.
KNOWN = "403112 524116 513115 523117 503212 513213 613213 703123"


@pytest.mark.parametrize("counted", COUNTED, ids=lambda counted: counted.title)
def test_every_example_by_name(counted):
    volume = counted.volume
    assert volume.output == counted.output
    if counted.parameters is not None:
        assert volume.parameters == counted.parameters
    x = np.zeros((1, volume.depth, volume.width, volume.width))
    w = np.zeros((volume.filters, volume.seen, volume.size, volume.size))
    settings = (volume.stride, volume.padding, volume.dilation, volume.groups)
    layer = Conv2d(w, np.zeros(volume.filters), *settings)
    assert layer.forward(x).shape == (1, volume.filters, counted.output, counted.output)


def test_the_known_good_table_is_whole():
    rows = {
        f"{v.width}{v.padding}{v.size}{v.stride}{v.dilation}{counted.output}"
        for counted in COUNTED
        for v in [counted.volume]
    }
    assert set(KNOWN.split()) <= rows


@given(*[st.integers(1, 9)] * 4, *[st.integers(1, 3)] * 2, st.integers(0, 3), st.integers(1, 2))
def test_counts_are_those_of_a_real_layer(width, depth, filters, size, stride, groups, pad, spread):
    try:
        volume = Volume(width, depth, filters, size, stride, pad, spread, groups)
    except ValueError:
        assume(False)
    w = np.ones((filters, volume.seen, size, size))
    assert w.size + filters == volume.parameters
    # If all values are ones, an output counts its products, except those on padding.
    ones = np.ones((1, depth, width + 2 * pad, width + 2 * pad))
    y = conv2d(ones, w, stride=stride, dilation=spread, groups=groups)
    assert y.shape[1:] == (filters, volume.output, volume.output)
    assert y.sum() == volume.multiplications
    values = depth * width**2 + y.size + volume.parameters
    assert volume.memory == 4 * values


def test_the_arithmetic_is_written_out():
    assert Volume(filters=10, padding=2).arithmetic() == {
        "output volume": "(32 − 5 + 2·2)/1 + 1 = 32, so 32×32×10",
        "parameters": "(5·5·3 + 1)·10 = 760",
        "multiplications": "32·32·10 · 5·5·3 = 768,000",
        "memory": "(32·32·3 + 32·32·10 + 760) · 4 bytes = 56,288 bytes",
    }
    depthwise = Volume(12, 4, 4, 3, 1, 1, 1, 4)
    assert depthwise.arithmetic()["parameters"] == "(3·3·4/4 + 1)·4 = 40"


def test_a_stride_that_does_not_fit_is_explained():
    notes = Volume(7, 1, 1, 3, 3).axis.notes("row")
    assert "2.33 outputs are rounded down to 2" in notes[0]
    assert notes[1] == "Input row 6 is never used."


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"groups": 2}, "2 groups do not divide depth 3"),
        ({"groups": 3, "filters": 4}, "3 groups do not divide filters 4"),
        ({"width": 4}, "kernel 5 does not fit input 4"),
        ({"depth": 0}, "depth"),
    ],
)
def test_what_does_not_fit_is_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        Volume(**arguments)
