"""The transposed convolution equals PyTorch's, and is the adjoint of its convolution."""

import re

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.conv import conv2d, conv2d_input_grad
from cnnlib.transposed import conv_transpose2d, conv_transpose2d_loops

pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@st.composite
def layers(draw):
    """Draw arrays and hyperparameters of a transposed convolution with a non-empty output."""
    groups, depth, per_group = (draw(st.integers(1, 2)) for _ in range(3))
    kernel, stride, dilation, size = (draw(pairs) for _ in range(4))
    padding = draw(st.tuples(st.integers(0, 2), st.integers(0, 2)))
    extra = tuple(draw(st.integers(0, step - 1)) for step in stride)
    left = [
        (n - 1) * s + d * (k - 1) + 1 + e - 2 * p
        for n, s, d, k, e, p in zip(size, stride, dilation, kernel, extra, padding, strict=True)
    ]
    assume(min(left) > 0)
    rng = np.random.default_rng(draw(st.integers(0, 2**16)))
    x = rng.normal(size=(draw(st.integers(1, 2)), groups * depth, *size))
    w = rng.normal(size=(groups * depth, per_group, *kernel))
    bias = rng.normal(size=groups * per_group)
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return x, w, bias, settings, extra


@given(layers())
def test_it_equals_its_definition_and_pytorch(layer):
    *arrays, settings, extra = layer
    tensors = map(torch.tensor, arrays)
    expected = torch.nn.functional.conv_transpose2d(*tensors, output_padding=extra, **settings)
    for form in (conv_transpose2d, conv_transpose2d_loops):
        y = form(*arrays, output_padding=extra, **settings)
        np.testing.assert_allclose(y, expected, atol=1e-10)


@given(layers(), st.integers(0, 2**16))
def test_it_is_the_adjoint_of_the_convolution(layer, seed):
    b, w, _, settings, extra = layer
    back = conv_transpose2d(b, w, output_padding=extra, **settings)
    a = np.random.default_rng(seed).normal(size=back.shape)
    there = conv2d(a, w, **settings)
    assert there.shape == b.shape
    assert np.vdot(there, b) == pytest.approx(np.vdot(a, back))


@given(layers())
def test_it_is_the_gradient_that_pytorch_sends_back(layer):
    b, w, _, settings, extra = layer
    back = conv_transpose2d(b, w, output_padding=extra, **settings)
    a = torch.zeros(back.shape, dtype=torch.float64, requires_grad=True)
    torch.nn.functional.conv2d(a, torch.tensor(w), **settings).backward(torch.tensor(b))
    np.testing.assert_allclose(back, a.grad, atol=1e-10)
    np.testing.assert_array_equal(back, conv2d_input_grad(a.shape, w, b, **settings))


def test_integers_stay_exact_and_types_meet():
    x, w = [[[[1, 2], [3, 4]]]], [[[[1, 0], [0, -1]]]]
    y = conv_transpose2d(x, w)
    assert y.dtype == np.int64
    assert y[0, 0].tolist() == [[1, 2, 0], [3, 3, -2], [0, -3, -4]]
    assert conv_transpose2d(np.ones((1, 1, 2, 2), "f4"), np.ones((1, 1, 1, 1))).dtype == np.float64


X, W = np.ones((1, 4, 2, 2)), np.ones((4, 2, 3, 3))


@pytest.mark.parametrize("form", [conv_transpose2d, conv_transpose2d_loops])
@pytest.mark.parametrize(
    ("arguments", "settings", "message"),
    [
        ((X[0], W), {}, "input has shape (4, 2, 2): it needs 4 axes"),
        ((X, W[:3]), {}, "weight for 3 maps, input of 4: use as many"),
        ((X, W), {"groups": 3}, "groups 3 does not divide 4 input maps"),
        ((X, W), {"groups": 0}, "groups 0: use a whole number of 1 or more"),
        ((X, W, [1.0]), {}, "bias of 1 for 2 output maps"),
        ((X, W), {"output_padding": 1}, "output padding 1 with stride 1: use at most 0"),
        ((X, W), {"padding": 2}, "padding 2 cuts off all 4 cells: use at most 1"),
        ((X, W), {"stride": 0}, "stride 0: use a whole number of 1 or more"),
        ((X, W), {"stride": -1}, "stride -1: use a whole number of 1 or more"),
        ((X * np.nan, W), {}, "input holds nan at (0, 0, 0, 0)"),
    ],
)
def test_what_does_not_fit_is_refused_with_the_numbers(form, arguments, settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        form(*arguments, **settings)
