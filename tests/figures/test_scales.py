import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.figures.scales import shared_limits

KINDS = ["conv2d", "relu", "max_pool2d", "conv2d", "relu", "flatten", "linear"]


@given(st.lists(st.floats(-100, 100), min_size=8, max_size=8))
def test_no_value_leaves_its_scale_and_a_block_shares_one(values):
    activations = [np.full((1, 2), value) for value in values]
    limits = shared_limits(KINDS, activations)
    for limit, value in zip(limits, values, strict=True):
        assert limit >= abs(value)
        assert limit > 0
    assert limits[1] == limits[2] == limits[3]
    assert limits[4] == limits[5] == limits[6]
    assert limits[1] in [*map(abs, values[1:4]), 1.0]


def test_the_input_has_to_be_given_too():
    with pytest.raises(ValueError, match="7 activations for 7 layers"):
        shared_limits(KINDS, [np.ones(1)] * 7)
