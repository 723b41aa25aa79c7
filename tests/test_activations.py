"""Activations and derivatives equal PyTorch's, and hold where naive formulas overflow."""

import numpy as np
import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlib import activations
from cnnlib.gradcheck import finite_differences

NAMES = ["relu", "sigmoid", "tanh"]
numbers = arrays(float, st.integers(1, 8), elements=st.floats(-1e4, 1e4))


@pytest.mark.parametrize("name", NAMES)
@given(numbers)
def test_values_and_derivatives_equal_pytorchs(name, a):
    tensor = torch.tensor(a, requires_grad=True)
    expected = getattr(torch, name)(tensor)
    expected.sum().backward()
    np.testing.assert_allclose(getattr(activations, name)(a), expected.detach(), atol=1e-12)
    derivative = getattr(activations, f"{name}_derivative")(a)
    np.testing.assert_allclose(derivative, tensor.grad, atol=1e-12)


@pytest.mark.parametrize("name", NAMES)
def test_derivatives_equal_finite_differences(name):
    a = np.array([-3.0, -0.5, 0.5, 3.0])
    expected = finite_differences(lambda v: float(getattr(activations, name)(v).sum()), a)
    np.testing.assert_allclose(getattr(activations, f"{name}_derivative")(a), expected, atol=1e-8)


@pytest.mark.parametrize("name", [*NAMES, *(f"{name}_derivative" for name in NAMES)])
def test_types_are_kept_and_not_a_number_is_refused(name):
    function = getattr(activations, name)
    assert function(np.ones((2, 3), np.float32)).dtype == np.float32
    assert function([1, 2]).dtype == np.float64
    with pytest.raises(ValueError, match="1 NaN of 2"):
        function([1.0, np.nan])
    with pytest.raises(ValueError, match="complex128"):
        function([1j])


def test_sigmoid_is_half_at_zero_and_tanh_is_a_sigmoid_stretched():
    a = np.linspace(-5, 5, 11)
    assert activations.sigmoid(0.0) == 0.5
    np.testing.assert_allclose(activations.tanh(a), 2 * activations.sigmoid(2 * a) - 1, atol=1e-15)
