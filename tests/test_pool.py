"""Pools and their gradients equal PyTorch's, and the lecture's numbers."""

import re

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - its usual name
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.gradcheck import gradient_error
from cnnlib.pool import (
    avg_pool2d,
    avg_pool2d_grad,
    lp_pool2d,
    lp_pool2d_grad,
    max_pool2d,
    max_pool2d_grad,
)

PICTURE = np.array([[[[1, 1, 2, 4], [5, 6, 7, 8], [3, 2, 1, 0], [1, 2, 3, 4]]]])


@st.composite
def pools(draw, *, ties=False):
    """Draw an input and a pool that fits it; with ties, the input has few whole numbers."""
    kernel = draw(st.integers(1, 4)), draw(st.integers(1, 4))
    padding = tuple(draw(st.integers(0, k // 2)) for k in kernel)
    stride = draw(st.none() | st.tuples(st.integers(1, 4), st.integers(1, 4)))
    shape = [
        max(1, k - 2 * p) + draw(st.integers(0, 5)) for k, p in zip(kernel, padding, strict=True)
    ]
    rng = np.random.default_rng(draw(st.integers(0, 2**32 - 1)))
    shape = draw(st.integers(1, 2)), draw(st.integers(1, 3)), *shape
    x = rng.integers(-1, 2, shape).astype(float) if ties else rng.normal(size=shape)
    return x, kernel, stride, padding, rng


def torch_grad(function, x, grad):
    tensor = torch.tensor(x, requires_grad=True)
    function(tensor).backward(torch.tensor(grad))
    return tensor.grad


@given(pools())
def test_values_equal_pytorchs(pool):
    x, kernel, stride, padding, _ = pool
    tensor = torch.tensor(x)
    np.testing.assert_array_equal(
        max_pool2d(x, kernel, stride, padding), F.max_pool2d(tensor, kernel, stride, padding)
    )
    np.testing.assert_allclose(
        avg_pool2d(x, kernel, stride, padding),
        F.avg_pool2d(tensor, kernel, stride, padding),
        atol=1e-12,
    )


@given(pools(ties=True))
def test_a_tied_gradient_goes_to_the_first_winner_as_in_pytorch(pool):
    x, kernel, stride, padding, rng = pool
    grad = rng.normal(size=max_pool2d(x, kernel, stride, padding).shape)
    expected = torch_grad(lambda t: F.max_pool2d(t, kernel, stride, padding), x, grad)
    ours = max_pool2d_grad(x, grad, kernel, stride, padding)
    np.testing.assert_allclose(ours, expected, atol=1e-12)
    assert ours.sum() == pytest.approx(grad.sum())


@given(pools())
def test_the_average_shares_its_gradient_as_in_pytorch(pool):
    x, kernel, stride, padding, rng = pool
    grad = rng.normal(size=avg_pool2d(x, kernel, stride, padding).shape)
    expected = torch_grad(lambda t: F.avg_pool2d(t, kernel, stride, padding), x, grad)
    ours = avg_pool2d_grad(x.shape, grad, kernel, stride, padding)
    np.testing.assert_allclose(ours, expected, atol=1e-12)


@given(pools(), st.sampled_from([1.0, 2.0, 3.5]))
def test_the_norm_equals_pytorchs_of_absolute_values(pool, p):
    x, kernel, stride, _, rng = pool
    if any(n < k for n, k in zip(x.shape[2:], kernel, strict=True)):
        with pytest.raises(ValueError, match="does not fit"):
            lp_pool2d(x, p, kernel, stride)
        return
    y = lp_pool2d(x, p, kernel, stride)
    np.testing.assert_allclose(y, F.lp_pool2d(torch.tensor(x).abs(), p, kernel, stride), atol=1e-9)
    grad = rng.normal(size=y.shape)
    expected = torch_grad(lambda t: F.lp_pool2d(t.abs(), p, kernel, stride), x, grad)
    np.testing.assert_allclose(lp_pool2d_grad(x, p, grad, kernel, stride), expected, atol=1e-9)


@given(pools())
@settings(max_examples=15)
def test_the_gradients_equal_finite_differences(pool):
    x, kernel, stride, padding, rng = pool
    weigh = rng.normal(size=max_pool2d(x, kernel, stride, padding).shape)
    for function, grad in (
        (max_pool2d, max_pool2d_grad(x, weigh, kernel, stride, padding)),
        (avg_pool2d, avg_pool2d_grad(x.shape, weigh, kernel, stride, padding)),
    ):
        loss = lambda v, f=function: float((weigh * f(v, kernel, stride, padding)).sum())  # noqa: E731
        assert gradient_error(loss, x, grad, step=1e-7) < 1e-5


def test_the_lectures_pools():
    assert max_pool2d(PICTURE, 2)[0, 0].tolist() == [[6, 8], [3, 4]]
    assert avg_pool2d(PICTURE, 2)[0, 0].tolist() == [[3.25, 5.25], [2, 2]]
    assert max_pool2d(PICTURE, 2).dtype == np.int64


def test_the_lectures_other_first_rows():
    other = PICTURE.copy()
    other[0, 0, :2] = [[2, 3, 2, 4], [5, 6, 6, 8]]
    assert max_pool2d(other, 2)[0, 0].tolist() == [[6, 8], [3, 4]]
    assert avg_pool2d(other, 2)[0, 0].tolist() == [[4, 5], [2, 2]]


def test_the_largest_of_negative_numbers_is_not_the_padding():
    assert max_pool2d(np.full((1, 1, 2, 2), -5), 2, padding=1).tolist() == [[[[-5] * 2] * 2]]


def test_a_norm_of_huge_and_of_no_numbers_is_right():
    assert lp_pool2d(np.full((1, 1, 1, 2), 1e200), 2, (1, 2)).item() == pytest.approx(
        2**0.5 * 1e200
    )
    assert lp_pool2d(np.zeros((1, 1, 2, 2)), 2, 2).item() == 0
    assert not lp_pool2d_grad(np.zeros((1, 1, 2, 2)), 3, np.ones((1, 1, 1, 1)), 2).any()


@pytest.mark.parametrize("function", [max_pool2d, avg_pool2d])
@pytest.mark.parametrize(
    ("x", "arguments", "message"),
    [
        (PICTURE[0], (2,), "input has shape (1, 4, 4): it needs 4 axes"),
        (PICTURE[:, :0], (2,), "input has shape (1, 0, 4, 4): every axis needs at least 1 entry"),
        (PICTURE * np.nan, (2,), "input holds nan at (0, 0, 0, 0)"),
        (PICTURE, (5,), "kernel 5 does not fit input 4 with padding 0"),
        (PICTURE, (0,), "kernel_size 0: use a whole number of 1 or more"),
        (PICTURE, (2, 0), "stride 0: use a whole number of 1 or more"),
        (PICTURE, (2, 2, -1), "padding -1: use a whole number of 0 or more"),
        (PICTURE, (3, 1, 2), "padding 2 is more than half of kernel 3: use at most 1"),
    ],
)
def test_bad_pools_are_refused_with_the_numbers(function, x, arguments, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        function(x, *arguments)


@pytest.mark.parametrize("p", [0, 0.5, np.inf, np.nan, -2])
def test_what_is_no_norm_is_refused(p):
    with pytest.raises(ValueError, match=f"norm_type {p}: use a finite number of 1 or more"):
        lp_pool2d(PICTURE, p, 2)


def test_a_gradient_of_another_shape_is_refused():
    with pytest.raises(ValueError, match=re.escape("the output (1, 1, 2, 2)")):
        max_pool2d_grad(PICTURE, np.ones((1, 1, 2, 3)), 2)
    with pytest.raises(ValueError, match=re.escape("the output (1, 1, 2, 2)")):
        avg_pool2d_grad(PICTURE.shape, np.ones((1, 1, 1, 1)), 2)
