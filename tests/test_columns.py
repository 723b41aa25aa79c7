"""The matrix of a layer holds each window once, in blocks of bounded size."""

import numpy as np
import pytest

from cnnlib.columns import BLOCK, columns_of, make_plan

SHAPES = [
    ((2, 3, 9, 7), (4, 3, 3, 3), (1, 1), (1, 1), (1, 1)),  # as wide as the input: unbroken
    ((2, 3, 9, 7), (4, 3, 3, 3), (2, 1), (1, 0), (1, 2)),
    ((1, 8, 90, 80), (2, 8, 5, 5), (1, 1), (2, 2), (1, 1)),
]


@pytest.mark.parametrize(("shape", "filters", "stride", "padding", "dilation"), SHAPES)
def test_each_column_is_one_window(shape, filters, stride, padding, dilation):
    x = np.random.default_rng(0).normal(size=shape)
    plan = make_plan(shape, filters, stride, padding, dilation, 1)
    down, across = plan.windows()
    padded = np.pad(x, [(0, 0), (0, 0), *((p, p) for p in padding)])
    _, _, height, width = plan.output_shape
    seen = np.zeros((shape[0], height * width), int)
    for n, outputs, columns in columns_of(x, plan):
        assert columns.size <= BLOCK or outputs.stop - outputs.start == width
        seen[n, outputs] += 1
        for output, column in zip(range(outputs.start, outputs.stop), columns[0].T, strict=True):
            i, j = divmod(output, width)
            rows, cells = down[i] + padding[0], across[j] + padding[1]
            assert np.array_equal(column, padded[n][:, rows][:, :, cells].ravel())
    assert (seen == 1).all()
