"""Convolutions equal SciPy's, layers and their gradients PyTorch's, and both the definition."""

import re

import numpy as np
import pytest
import scipy.signal
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.columns import BLOCK
from cnnlib.conv import (
    conv2d,
    conv2d_bias_grad,
    conv2d_input_grad,
    conv2d_loops,
    conv2d_weight_grad,
    convolve,
    convolve2d,
    correlate,
    correlate2d,
)
from cnnlib.gradcheck import gradient_error

MODES = ["full", "same", "valid"]
seeds = st.integers(0, 2**32 - 1)
lengths = st.integers(1, 7)

# Sections 2, 3 and 5 of the curriculum.
A = [[1, 3, 1], [0, -1, 1], [2, 2, -1]]
B = [[1, 2], [0, -1]]
A_B = [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]]


def integers(rng, *shape):
    return rng.integers(-9, 10, shape)


@pytest.mark.parametrize("mode", MODES)
@given(seeds, lengths, lengths)
def test_one_dimension_equals_scipy(mode, seed, m, n):
    rng = np.random.default_rng(seed)
    a, v = integers(rng, m), integers(rng, n)
    assert np.array_equal(convolve(a, v, mode), scipy.signal.convolve(a, v, mode))
    assert np.array_equal(correlate(a, v, mode), scipy.signal.correlate(a, v, mode))


@pytest.mark.parametrize("mode", MODES)
@given(seeds, lengths, lengths)
def test_numpy_agrees_but_for_the_same_length_of_a_shorter_first_argument(mode, seed, m, n):
    rng = np.random.default_rng(seed)
    a, v = integers(rng, m), integers(rng, n)
    if mode != "same" or m >= n:
        assert np.array_equal(convolve(a, v, mode), np.convolve(a, v, mode))
        assert np.array_equal(correlate(a, v, mode), np.correlate(a, v, mode))
    else:
        assert len(convolve(a, v, mode)) == m < len(np.convolve(a, v, mode)) == n


@pytest.mark.parametrize("mode", MODES)
@given(seeds, lengths, lengths, lengths, lengths)
def test_two_dimensions_equal_scipy(mode, seed, height, width, kh, kw):
    rng = np.random.default_rng(seed)
    a, v = integers(rng, height, width), integers(rng, kh, kw)
    for ours, theirs in (
        (convolve2d, scipy.signal.convolve2d),
        (correlate2d, scipy.signal.correlate2d),
    ):
        if mode == "valid" and (height - kh) * (width - kw) < 0:
            with pytest.raises(ValueError, match=re.escape(f"{v.shape} on {a.shape}")):
                ours(a, v, mode)
        else:
            assert np.array_equal(ours(a, v, mode), theirs(a, v, mode))


def test_the_lectures_sequence():
    assert convolve([2, -1, 1], [1, 1, 2]).tolist() == [2, 1, 4, -1, 2]


def test_the_lectures_pictures():
    assert convolve2d(A, B).tolist() == A_B
    assert correlate2d(A, np.flip(B), "full").tolist() == A_B


def test_figure_9_1_slides_without_a_flip():
    a, b, c, d, e, f, g, h, i, j, k, m = range(1, 13)
    w, x, y, z = 2, 3, 5, 7
    assert correlate2d([[a, b, c, d], [e, f, g, h], [i, j, k, m]], [[w, x], [y, z]]).tolist() == [
        [
            a * w + b * x + e * y + f * z,
            b * w + c * x + f * y + g * z,
            c * w + d * x + g * y + h * z,
        ],
        [
            e * w + f * x + i * y + j * z,
            f * w + g * x + j * y + k * z,
            g * w + h * x + k * y + m * z,
        ],
    ]


@given(seeds, lengths, lengths, lengths)
def test_convolution_commutes_and_associates(seed, m, n, k):
    rng = np.random.default_rng(seed)
    a, b, c = integers(rng, m), integers(rng, n), integers(rng, k)
    assert np.array_equal(convolve(a, b), convolve(b, a))
    assert np.array_equal(convolve(a, convolve(b, c)), convolve(convolve(a, b), c))


def test_cross_correlation_does_neither():
    a, b, c = [2, -1, 1], [1, 1, 2], [1, 0, 3]
    ab = correlate(a, b, "full")
    assert ab.tolist() == correlate(b, a, "full")[::-1].tolist() != correlate(b, a, "full").tolist()
    assert not np.array_equal(
        correlate(a, correlate(b, c, "full"), "full"), correlate(ab, c, "full")
    )


def test_bytes_of_a_picture_do_not_wrap_around():
    picture = np.full((2, 2), 200, np.uint8)
    assert correlate2d(picture, picture).tolist() == [[4 * 200 * 200]]


@pytest.mark.parametrize("function", [convolve, correlate])
def test_bad_sequences_are_refused_by_name(function):
    with pytest.raises(ValueError, match=r"a has shape \(0,\)"):
        function([], [1])
    with pytest.raises(ValueError, match=r"v holds nan at \(0,\)"):
        function([1], [np.nan])
    with pytest.raises(ValueError, match="mode 'half': use 'full', 'same' or 'valid'"):
        function([1], [1], "half")


@st.composite
def layers(draw):
    """Draw a layer that fits, with all its hyperparameters, which often leave cells over."""
    groups = draw(st.integers(1, 3))
    depth, filters_per_group = draw(st.integers(1, 2)), draw(st.integers(1, 2))
    kernel, stride, padding, dilation, extra = (
        (draw(st.integers(low, high)), draw(st.integers(low, high)))
        for low, high in ((1, 3), (1, 3), (0, 2), (1, 2), (0, 5))
    )
    height, width = (
        max(1, d * (k - 1) + 1 - 2 * p) + more
        for k, p, d, more in zip(kernel, padding, dilation, extra, strict=True)
    )
    rng = np.random.default_rng(draw(seeds))
    x = rng.normal(size=(draw(st.integers(1, 3)), groups * depth, height, width))
    w = rng.normal(size=(groups * filters_per_group, depth, *kernel))
    bias = rng.normal(size=len(w))
    settings = {"stride": stride, "padding": padding, "dilation": dilation, "groups": groups}
    return x, w, bias, settings


@given(layers())
def test_the_layer_equals_its_definition_and_pytorch(layer):
    x, w, bias, hyperparameters = layer
    expected = torch.nn.functional.conv2d(*map(torch.tensor, (x, w, bias)), **hyperparameters)
    np.testing.assert_allclose(conv2d(x, w, bias, **hyperparameters), expected, atol=1e-10)
    np.testing.assert_allclose(conv2d_loops(x, w, bias, **hyperparameters), expected, atol=1e-10)


@given(layers(), seeds)
def test_the_gradients_equal_pytorchs(layer, seed):
    arrays, hyperparameters = layer[:3], layer[3]
    tensors = [torch.tensor(array, requires_grad=True) for array in arrays]
    y = torch.nn.functional.conv2d(*tensors, **hyperparameters)
    grad = np.random.default_rng(seed).normal(size=y.shape)
    y.backward(torch.tensor(grad))
    x, w, _ = arrays
    ours = (
        conv2d_input_grad(x.shape, w, grad, **hyperparameters),
        conv2d_weight_grad(x, w.shape, grad, **hyperparameters),
        conv2d_bias_grad(grad),
    )
    for gradient, tensor in zip(ours, tensors, strict=True):
        np.testing.assert_allclose(gradient, tensor.grad, atol=1e-10)


@given(layers(), seeds)
@settings(max_examples=15)
def test_the_gradients_equal_finite_differences(layer, seed):
    x, w, bias, hyperparameters = layer
    weigh = np.random.default_rng(seed).normal(size=conv2d(x, w, bias, **hyperparameters).shape)

    def loss(x=x, w=w, bias=bias):
        return float((weigh * conv2d(x, w, bias, **hyperparameters)).sum())

    input_grad = conv2d_input_grad(x.shape, w, weigh, **hyperparameters)
    weight_grad = conv2d_weight_grad(x, w.shape, weigh, **hyperparameters)
    assert gradient_error(lambda v: loss(x=v), x, input_grad) < 1e-6
    assert gradient_error(lambda v: loss(w=v), w, weight_grad) < 1e-6
    assert gradient_error(lambda v: loss(bias=v), bias, conv2d_bias_grad(weigh)) < 1e-6


@pytest.mark.parametrize(
    ("shape", "kernel", "hyperparameters"),
    [
        ((2, 12, 28, 28), (12, 12, 3, 3), {"padding": 1}),
        ((1, 4, 40, 50), (6, 2, 7, 9), {"padding": (3, 0), "groups": 2}),
        ((1, 3, 80, 80), (2, 3, 5, 5), {"stride": 2, "dilation": 3}),
    ],
)
def test_pictures_of_several_blocks_equal_pytorch_in_float32(shape, kernel, hyperparameters):
    rng = np.random.default_rng(0)
    x, w = (rng.normal(size=s).astype(np.float32) for s in (shape, kernel))
    tensors = [torch.tensor(array, requires_grad=True) for array in (x, w)]
    y = torch.nn.functional.conv2d(*tensors, **hyperparameters)
    assert shape[1] * kernel[2] * kernel[3] * y[0, 0].numel() > BLOCK
    y.sum().backward()
    grad = np.ones(y.shape, np.float32)
    for ours, theirs in (
        (conv2d(x, w, **hyperparameters), y.detach()),
        (conv2d_input_grad(shape, w, grad, **hyperparameters), tensors[0].grad),
        (conv2d_weight_grad(x, kernel, grad, **hyperparameters), tensors[1].grad),
    ):
        assert ours.dtype == np.float32
        np.testing.assert_allclose(ours, theirs, rtol=1e-4, atol=1e-3)


def test_a_memory_order_of_the_callers_own_is_read_right():
    rng = np.random.default_rng(0)
    x, w = rng.normal(size=(2, 3, 6, 7)), rng.normal(size=(4, 3, 2, 3))
    turned = (
        np.asfortranarray(x)[::-1, :, ::-1],
        w.transpose(1, 0, 3, 2).copy().transpose(1, 0, 3, 2),
    )
    expected = conv2d_loops(x[::-1, :, ::-1].copy(), w)
    np.testing.assert_allclose(conv2d(*turned), expected, atol=1e-12)


@pytest.mark.parametrize("width", [1, 2, 3])
def test_padding_may_be_wider_than_the_input(width):
    x, w = np.arange(1.0, 3 * width + 1).reshape(1, 1, 3, width), np.arange(9.0).reshape(1, 1, 1, 9)
    expected = torch.nn.functional.conv2d(torch.tensor(x), torch.tensor(w), padding=(0, 4))
    np.testing.assert_allclose(conv2d(x, w, padding=(0, 4)), expected)


@pytest.mark.parametrize("types", [("f4", "f8", "f4"), ("f4", "f4", "f8"), ("i8", "f4", "f4")])
def test_types_meet_in_the_one_that_holds_them_all(types):
    arrays = [np.ones(s, t) for s, t in zip([(1, 1, 3, 3), (1, 1, 2, 2), (1,)], types, strict=True)]
    y = conv2d(*arrays)
    assert y.dtype == np.float64
    assert np.array_equal(y, np.full((1, 1, 2, 2), 5.0))
    grad = y.astype(types[2])
    assert np.array_equal(
        conv2d_weight_grad(arrays[0], (1, 1, 2, 2), grad), np.full((1, 1, 2, 2), 20)
    )
    assert conv2d_input_grad((1, 1, 3, 3), arrays[1], grad).sum() == 80


def test_integers_stay_exact():
    y = conv2d([[A]], np.flip([[B]], (2, 3)), padding=1)
    assert y.dtype == np.int64
    assert y[0, 0].tolist() == A_B


@pytest.mark.parametrize(
    ("shape", "filters", "hyperparameters", "output", "parameters"),
    [
        ((3, 32, 32), (1, 3, 5, 5), {}, (1, 28, 28), 76),
        ((3, 32, 32), (6, 3, 5, 5), {}, (6, 28, 28), 456),
        ((3, 32, 32), (10, 3, 5, 5), {"padding": 2}, (10, 32, 32), 760),
        ((1, 7, 7), (1, 1, 3, 3), {"stride": 3}, (1, 2, 2), 10),
        ((1, 7, 7), (1, 1, 3, 3), {"padding": 1}, (1, 7, 7), 10),
    ],
)
def test_the_layers_of_the_lectures(shape, filters, hyperparameters, output, parameters):
    w, bias = np.ones(filters), np.ones(filters[0])
    y = conv2d(np.ones((1, *shape)), w, bias, **hyperparameters)
    assert y.shape[1:] == output
    assert w.size + bias.size == parameters
    middle = y[0, 0, output[1] // 2, output[2] // 2]
    assert middle == filters[1] * filters[2] * filters[3] + 1  # a window of ones, and the bias


X, W = np.ones((1, 4, 5, 5)), np.ones((2, 4, 3, 3))


@pytest.mark.parametrize("layer", [conv2d, conv2d_loops])
@pytest.mark.parametrize(
    ("arguments", "hyperparameters", "message"),
    [
        ((X[0], W), {}, "input has shape (4, 5, 5): it needs 4 axes (N, C, H, W), not 3"),
        ((X, W[0]), {}, "weight has shape (4, 3, 3): it needs 4 axes"),
        ((X[:0], W), {}, "input has shape (0, 4, 5, 5): every axis needs at least 1 entry"),
        ((X * np.nan, W), {}, "input holds nan at (0, 0, 0, 0): every value must be a finite"),
        ((X, W * np.inf), {}, "weight holds inf at (0, 0, 0, 0)"),
        ((X, W, [1.0, np.nan]), {}, "bias holds nan at (1,)"),
        ((X, W, [1.0]), {}, "bias of 1 for 2 filters: use one for each filter"),
        ((X, np.ones((2, 4, 6, 3))), {}, "kernel 6 does not fit input 5 with padding 0"),
        ((X, W), {"dilation": 3}, "kernel 3 with dilation 3 (spanning 7) does not fit input 5"),
        ((X, W), {"stride": 0}, "stride 0: use a whole number of 1 or more"),
        ((X, W), {"stride": [1, 0]}, "stride 0: use a whole number of 1 or more"),
        ((X, W), {"padding": -1}, "padding -1: use a whole number of 0 or more"),
        ((X, W), {"padding": (1, 2, 3)}, "padding (1, 2, 3): use one number, or two"),
        ((X, W), {"groups": 0}, "groups 0: use a whole number of 1 or more"),
        ((X, W), {"groups": 3}, "groups 3 does not divide both 4 input maps and 2 filters"),
        ((X, W), {"groups": 2}, "filters of depth 4 in 2 group(s) do not span the input's 4 maps"),
        ((X, W[:, :3]), {}, "do not span the input's 4 maps: use filters of depth 4"),
    ],
)
def test_bad_layers_are_refused_with_the_numbers(layer, arguments, hyperparameters, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        layer(*arguments, **hyperparameters)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(
        ValueError, match=re.escape("has shape (1, 2, 2, 3), the layer's output (1, 2, 3, 3)")
    ):
        conv2d_input_grad(X.shape, W, np.ones((1, 2, 2, 3)))
    with pytest.raises(ValueError, match=re.escape("the layer's output (1, 2, 3, 3)")):
        conv2d_weight_grad(X, W.shape, np.ones((2, 2, 3, 3)))
    with pytest.raises(
        ValueError, match=re.escape("input size (1, 4, 0, 5): use 4 sizes of at least 1")
    ):
        conv2d_input_grad((1, 4, 0, 5), W, np.ones((1, 2, 3, 3)))


def test_what_is_left_out_is_one_step_no_padding_no_gaps_and_one_group():
    x, w, grad = X[:, :, :, :4], W, np.ones((1, 2, 3, 2))
    plain = {"stride": 1, "padding": 0, "dilation": 1, "groups": 1}
    for function, arguments in (
        (conv2d, (x, w)),
        (conv2d_loops, (x, w)),
        (conv2d_input_grad, (x.shape, w, grad)),
        (conv2d_weight_grad, (x, w.shape, grad)),
    ):
        assert np.array_equal(function(*arguments), function(*arguments, **plain))


def test_the_modes_that_are_left_out_are_those_of_scipy_and_numpy():
    a, v = np.arange(5), np.array([1, 2])
    assert np.array_equal(convolve(a, v), scipy.signal.convolve(a, v))
    assert np.array_equal(correlate(a, v), np.correlate(a, v))
    assert convolve2d(A, B).shape == (4, 4)
    assert correlate2d(A, B).shape == (2, 2)
