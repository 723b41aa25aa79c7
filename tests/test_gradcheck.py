"""Finite differences find the gradients that calculus gives, and expose wrong ones."""

import re

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlib.gradcheck import finite_differences, gradient_error, relative_error

points = arrays(float, (2, 3), elements=st.floats(-3, 3))


@given(points)
def test_known_gradients_are_found(x):
    np.testing.assert_allclose(
        finite_differences(lambda v: float(np.sin(v).sum()), x), np.cos(x), atol=1e-8
    )


@given(points)
def test_the_callers_array_is_left_alone(x):
    before = x.copy()
    finite_differences(lambda v: float((v**2).sum()), x)
    assert np.array_equal(x, before)


def test_a_gradient_wrong_in_one_entry_stands_out():
    x = np.arange(1.0, 5.0)
    right = 2 * x
    wrong = right + np.array([0, 0, 0.1, 0])
    assert gradient_error(lambda v: float((v**2).sum()), x, right) < 1e-8
    assert gradient_error(lambda v: float((v**2).sum()), x, wrong) > 1e-2


def test_errors_are_relative_to_the_largest_entry():
    assert relative_error([100.0, 1.0], [100.0, 2.0]) == 0.01
    assert relative_error([0.0], [0.0]) == 0
    assert relative_error([0.0], [1e-9]) == 1


def test_what_cannot_be_compared_is_refused():
    with pytest.raises(ValueError, match=re.escape("shapes (1,) and (2,)")):
        relative_error([1.0], [1.0, 2.0])
    with pytest.raises(ValueError, match="step 0: use a finite number above 0"):
        finite_differences(np.sum, [1.0], step=0)
    with pytest.raises(ValueError, match="x holds nan"):
        finite_differences(np.sum, [np.nan])


def test_the_step_that_is_left_out_is_a_hundred_thousandth():
    for difference in (
        lambda loss: finite_differences(loss, [0.0]),
        lambda loss: gradient_error(loss, [0.0], [1.0]),
    ):
        seen = []
        difference(lambda v, seen=seen: float(seen.append(v[0]) or v[0]))
        assert seen == [1e-5, -1e-5]


@pytest.mark.parametrize("step", [-1e-5, np.inf, np.nan])
def test_a_step_that_is_none_is_refused(step):
    with pytest.raises(ValueError, match=f"step {step}: use a finite number above 0"):
        finite_differences(np.sum, [1.0], step=step)
