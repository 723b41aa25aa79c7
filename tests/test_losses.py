"""Losses and gradients equal PyTorch's, also for logits that overflow a naive exponential."""

import re

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlib.activations import sigmoid
from cnnlib.losses import (
    cross_entropy,
    cross_entropy_grad,
    log_softmax,
    softmax,
    squared_error,
    squared_error_grad,
)

shapes = st.tuples(st.integers(1, 5), st.integers(1, 6))
logits = arrays(float, shapes, elements=st.floats(-1e4, 1e4))


@given(logits, st.data())
def test_cross_entropy_and_its_gradient_equal_pytorchs(z, data):
    labels = data.draw(arrays(np.int64, len(z), elements=st.integers(0, z.shape[1] - 1)))
    tensor = torch.tensor(z, requires_grad=True)
    loss = torch.nn.functional.cross_entropy(tensor, torch.tensor(labels))
    loss.backward()
    assert cross_entropy(z, labels) == pytest.approx(loss.item(), abs=1e-9)
    np.testing.assert_allclose(cross_entropy_grad(z, labels), tensor.grad, atol=1e-12)


@given(logits)
def test_softmax_equals_pytorchs_and_sums_to_1(z):
    np.testing.assert_allclose(softmax(z), torch.tensor(z).softmax(-1), atol=1e-12)
    np.testing.assert_allclose(log_softmax(z), torch.tensor(z).log_softmax(-1), atol=1e-9)
    np.testing.assert_allclose(softmax(z).sum(-1), 1)


@given(arrays(float, (4, 3), elements=st.floats(-50, 50)), st.floats(-50, 50))
def test_one_number_added_to_all_logits_changes_nothing(z, shift):
    np.testing.assert_allclose(softmax(z + shift), softmax(z), atol=1e-9)


@given(st.floats(-30, 30), st.floats(-30, 30))
def test_softmax_of_two_is_the_logistic_of_their_difference(first, second):
    assert softmax([first, second])[0] == pytest.approx(sigmoid(first - second))


@given(arrays(float, 5, elements=st.floats(-20, 20)), st.integers(0, 4))
def test_cross_entropy_is_the_lectures_formula(z, y):
    others = np.delete(z, y) - z[y]
    assert cross_entropy([z], [y]) == pytest.approx(np.log(1 + np.exp(others).sum()))


def test_equal_logits_cost_the_logarithm_of_their_number():
    assert cross_entropy(np.zeros((3, 10)), [0, 5, 9]) == pytest.approx(np.log(10))


@given(arrays(float, (3, 2), elements=st.floats(-1e3, 1e3)), st.floats(-1e3, 1e3))
def test_squared_error_and_its_gradient_equal_pytorchs(prediction, target):
    targets = np.full_like(prediction, target)
    tensor = torch.tensor(prediction, requires_grad=True)
    loss = torch.nn.functional.mse_loss(tensor, torch.tensor(targets))
    loss.backward()
    assert squared_error(prediction, targets) == pytest.approx(loss.item())
    np.testing.assert_allclose(squared_error_grad(prediction, targets), tensor.grad, atol=1e-12)


def test_float32_stays_float32():
    z = np.ones((2, 3), np.float32)
    assert softmax(z).dtype == log_softmax(z).dtype == np.float32
    assert cross_entropy_grad(z, [0, 1]).dtype == np.float32


@pytest.mark.parametrize(
    ("z", "labels", "message"),
    [
        ([[1.0, 2.0]], [2], "labels from 2 to 2: use 0 to 1"),
        ([[1.0, 2.0]], [-1], "labels from -1 to -1: use 0 to 1"),
        ([[1.0, 2.0]], [0, 1], "labels of int64 (2,) for logits (1, 2)"),
        ([[1.0, 2.0]], [0.0], "labels of float64 (1,)"),
        ([1.0, 2.0], [0], "logits has shape (2,): it needs 2 axes (N, K), not 1"),
        ([[np.nan, 2.0]], [0], "logits holds nan at (0, 0)"),
    ],
)
def test_labels_that_do_not_match_are_refused(z, labels, message):
    for function in (cross_entropy, cross_entropy_grad):
        with pytest.raises(ValueError, match=re.escape(message)):
            function(z, labels)


def test_a_softmax_of_nothing_and_a_target_of_another_shape_are_refused():
    with pytest.raises(ValueError, match="every axis needs at least 1 entry"):
        softmax([])
    with pytest.raises(ValueError, match="needs 1 axes"):
        softmax(1.0)
    with pytest.raises(ValueError, match=re.escape("prediction (2,) and target (1,)")):
        squared_error([1.0, 2.0], [1.0])
