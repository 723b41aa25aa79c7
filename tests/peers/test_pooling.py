import numpy as np
import pytest

from cnnlib.peers.pooling import PoolCall
from cnnlib.walkthroughs import pooling
from cnnlib.walkthroughs.definitions import pool_loops
from cnnlib.walkthroughs.numbers import numbers

A = np.array([[1, -2, 3, 0, 5], [4, 5, -6, 1, 1], [7, 8, 9, 2, 0], [1, 0, 1, -3, 4]])


@pytest.mark.parametrize("kind", ["max pooling", "average pooling", "L2 pooling"])
@pytest.mark.parametrize("sizes", [(2, 2, 0), (3, 2, 1), (3, 1, 0), (2, 3, 1)])
def test_both_libraries_and_the_definition_pool_alike(kind, sizes):
    size, stride, padding = sizes
    call = PoolCall(numbers(A), kind, *sizes)
    result = pooling(A, kind, size=size, stride=stride, padding=padding).result()
    values = result.values.reshape(result.shape)
    assert ["gives the same" in peer.compare(values) for peer in call.peers()] == [True, True]
    assert ["differs" in peer.compare(values + 1) for peer in call.peers()] == [True, True]
    names = {"a": A.tolist(), "pool_loops": pool_loops}
    np.testing.assert_allclose(eval(call.definition, names), values)  # noqa: S307 - our own text
