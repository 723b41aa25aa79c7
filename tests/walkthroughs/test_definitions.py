from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from cnnlib.pool import avg_pool2d, max_pool2d
from cnnlib.walkthroughs.definitions import convolve_loops, correlate_loops, pool_loops

sequences = st.lists(st.integers(-50, 50), min_size=1, max_size=8)


@given(sequences, sequences)
def test_the_definitions_are_what_scipy_computes(a, b):
    np.testing.assert_array_equal(convolve_loops(a, b), signal.convolve(a, b, method="direct"))
    np.testing.assert_array_equal(correlate_loops(a, b), signal.correlate(a, b, method="direct"))


def test_fractions_stay_fractions():
    third = Fraction(1, 3)
    assert convolve_loops([third, third], [third]) == [Fraction(1, 9)] * 2


@given(
    st.integers(1, 6),
    st.integers(1, 6),
    st.integers(1, 3),
    st.integers(1, 3),
    st.integers(0, 1),
    st.integers(0, 2**16),
)
def test_pooling_in_loops_is_the_core(h, w, size, stride, padding, seed):
    a = np.random.default_rng(seed).integers(-9, 10, (h, w))
    padding = min(padding, size // 2)
    if size > min(h, w) + 2 * padding:
        return
    found = pool_loops(a.tolist(), size, stride, padding, max, outside=-np.inf)
    assert found == max_pool2d(a[None, None], size, stride, padding)[0, 0].tolist()
    sums = pool_loops(a.tolist(), size, stride, padding, sum)
    mean = avg_pool2d(a[None, None].astype(float), size, stride, padding)[0, 0]
    np.testing.assert_allclose(np.array(sums) / size**2, mean)
