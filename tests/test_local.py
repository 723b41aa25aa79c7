"""A locally connected layer is a convolution whose filters differ from place to place."""

import re

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.conv import conv2d, conv2d_input_grad, conv2d_weight_grad
from cnnlib.geometry import output_size
from cnnlib.gradcheck import gradient_error
from cnnlib.local import local2d, local2d_input_grad, local2d_weight_grad


@st.composite
def calls(draw):
    """Draw an input, weights, biases and moves that fit together, of any sizes."""
    kernel = [draw(st.integers(1, 3)) for _ in range(2)]
    move = {
        "stride": (draw(st.integers(1, 3)), draw(st.integers(1, 3))),
        "padding": (draw(st.integers(0, 2)), draw(st.integers(0, 2))),
    }
    size = [draw(st.integers(3, 6)) for _ in range(2)]
    n, channels, filters = (draw(st.integers(1, 3)) for _ in range(3))
    places = [
        output_size(
            size[axis], kernel[axis], stride=move["stride"][axis], padding=move["padding"][axis]
        )
        for axis in range(2)
    ]
    rng = np.random.default_rng(draw(st.integers(0, 99)))
    x = rng.normal(size=(n, channels, *size))
    w = rng.normal(size=(filters, *places, channels, *kernel))
    return x, w, rng.normal(size=(filters, *places)), move


@given(calls())
def test_each_position_is_a_convolution_of_its_own(call):
    x, w, bias, move = call
    y = local2d(x, w, bias, **move)
    for i, j in np.ndindex(*w.shape[1:3]):
        expected = conv2d(x, w[:, i, j], bias[:, i, j], **move)[:, :, i, j]
        np.testing.assert_allclose(y[:, :, i, j], expected, atol=1e-12)


@given(calls())
def test_one_filter_everywhere_is_a_convolution_forward_and_backward(call):
    x, w, _, move = call
    shared = w[:, 0, 0]  # (O, C, kh, kw)
    w = np.broadcast_to(shared[:, None, None], w.shape)
    y = local2d(x, w, np.zeros(w.shape[:3]), **move)
    np.testing.assert_allclose(y, conv2d(x, shared, **move), atol=1e-12)
    grad = np.cos(np.arange(y.size)).reshape(y.shape)
    np.testing.assert_allclose(
        local2d_input_grad(x.shape, w, grad, **move),
        conv2d_input_grad(x.shape, shared, grad, **move),
        atol=1e-12,
    )
    np.testing.assert_allclose(
        local2d_weight_grad(x, w.shape, grad, **move).sum((1, 2)),
        conv2d_weight_grad(x, shared.shape, grad, **move),
        atol=1e-12,
    )


@given(calls())
@settings(max_examples=25)
def test_the_gradients_equal_finite_differences(call):
    x, w, bias, move = call
    grad = np.cos(np.arange(x.shape[0] * bias.size)).reshape(len(x), *bias.shape)
    weights = local2d_weight_grad(x, w.shape, grad, **move)
    below = local2d_input_grad(x.shape, w, grad, **move)
    assert gradient_error(lambda v: (local2d(v, w, bias, **move) * grad).sum(), x, below) < 1e-7
    assert gradient_error(lambda v: (local2d(x, v, bias, **move) * grad).sum(), w, weights) < 1e-7


def test_float32_stays_float32():
    x, w = np.ones((1, 1, 3, 3), np.float32), np.ones((2, 2, 2, 1, 2, 2), np.float32)
    y = local2d(x, w, w[..., 0, 0, 0])
    assert y.dtype == local2d_input_grad(x.shape, w, y).dtype == np.float32
    assert local2d_weight_grad(x, w.shape, y).dtype == np.float32


@pytest.mark.parametrize(
    ("x", "w", "message"),
    [
        ((1, 1, 5, 5), (2, 3, 3, 1, 2, 2), "weights for 3×3 positions of 1 maps"),
        ((1, 2, 4, 4), (2, 3, 3, 1, 2, 2), "and the input has 3×3 of 2"),
        ((1, 1, 1, 4), (2, 3, 3, 1, 2, 2), "kernel 2 does not fit input 1"),
        ((1, 4, 4), (2, 3, 3, 1, 2, 2), "input has shape (1, 4, 4)"),
        ((1, 1, 4, 4), (2, 3, 3, 2, 2), "weight has shape (2, 3, 3, 2, 2)"),
    ],
)
def test_weights_for_other_positions_are_refused(x, w, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        local2d(np.ones(x), np.ones(w), np.ones(w[:3]))
