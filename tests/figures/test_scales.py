import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from hypothesis.extra.numpy import arrays

from cnnlib.figures.scales import shared_limits


@given(arrays(float, (4, 3, 5), elements=st.floats(-100, 100)))
def test_a_limit_is_positive_and_hardly_any_value_is_beyond_it(values):
    (limit,) = shared_limits([values])
    assert limit > 0
    kept = np.abs(values[values != 0])
    assert np.sum(kept > limit * (1 + 1e-12)) <= 1 + 0.005 * kept.size


@given(st.floats(0.1, 100))
def test_a_limit_grows_with_the_values(factor):
    values = np.linspace(-1, 1, 101)
    (one,), (scaled,) = shared_limits([values]), shared_limits([factor * values])
    assert np.isclose(scaled, factor * one)


def test_paper_does_not_count():
    values = np.array([2.0, -2.0])
    assert shared_limits([np.concatenate([values, np.zeros(10_000)])]) == shared_limits([values])
