from fractions import Fraction

import numpy as np
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from cnnlib.walkthroughs.definitions import convolve_loops, correlate_loops

sequences = st.lists(st.integers(-50, 50), min_size=1, max_size=8)


@given(sequences, sequences)
def test_the_definitions_are_what_scipy_computes(a, b):
    np.testing.assert_array_equal(convolve_loops(a, b), signal.convolve(a, b, method="direct"))
    np.testing.assert_array_equal(correlate_loops(a, b), signal.correlate(a, b, method="direct"))


def test_fractions_stay_fractions():
    third = Fraction(1, 3)
    assert convolve_loops([third, third], [third]) == [Fraction(1, 9)] * 2
