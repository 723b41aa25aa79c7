"""The matrix of a layer holds each window once, in blocks of bounded size."""

import numpy as np
import pytest

from cnnlib.columns import BLOCK, columns_of, make_plan, prepare

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


@pytest.mark.parametrize(
    ("width", "kernel", "stride", "padding", "dilation", "unbroken"),
    [
        (7, 3, 1, 1, 1, True),
        (7, 5, 1, 2, 1, True),
        (7, 3, 1, 2, 2, True),
        (7, 1, 1, 0, 1, True),
        (3, 5, 1, 2, 1, True),
        (2, 5, 1, 2, 1, False),  # its padding is as wide as its rows
        (7, 3, 2, 1, 1, False),
        (7, 3, 1, 0, 1, False),
        (7, 3, 1, 2, 1, False),
        (7, 4, 1, 2, 1, False),
    ],
)
def test_windows_lie_unbroken_where_output_rows_are_as_long_as_input_rows(
    width, kernel, stride, padding, dilation, unbroken
):
    shapes = (1, 1, 9, width), (1, 1, kernel, kernel)
    plan = make_plan(*shapes, stride, padding, dilation, 1)
    assert plan.unbroken == unbroken
    assert (plan.output_shape[3] == width and stride == 1 and padding < width) == unbroken


def test_a_plan_counts_its_shapes():
    plan = make_plan((2, 6, 9, 7), (4, 3, 3, 5), (2, 1), (1, 2), 1, 2)
    assert plan.output_shape == (2, 4, 5, 7)
    assert plan.padded_shape == (2, 6, 11, 11)
    assert plan.grouped == (2, 2, 2, 5 * 7)
    assert (plan.filters_per_group, plan.depth, plan.kernel) == (2, 3, (3, 5))
    assert np.zeros(plan.padded_shape)[plan.inside].shape == (2, 6, 9, 7)
    assert plan.block == BLOCK // (6 * 3 * 5 * 7)
    assert make_plan((1, 999, 9, 99), (1, 999, 9, 9), 1, 4, 1, 1).block == 1  # never none


def test_blocks_are_all_rows_once():
    plan = make_plan((1, 8, 90, 80), (2, 8, 5, 5), 1, 2, 1, 1)
    rows = [row for part, _ in plan.blocks for row in range(part.start, part.stop)]
    assert rows == list(range(90))
    assert all(part.stop - part.start <= plan.block for part, _ in plan.blocks)
    assert [(o.start, o.stop) for _, o in plan.blocks] == [
        (80 * part.start, 80 * part.stop) for part, _ in plan.blocks
    ]


@pytest.mark.parametrize("shape", [(1, 5, 5), (1, 1, 1, 5, 5), (1, 1, 0, 5)])
def test_other_shapes_than_four_sizes_are_refused(shape):
    for shapes in ((shape, (1, 1, 3, 3)), ((1, 1, 5, 5), shape)):
        with pytest.raises(ValueError, match="use 4 sizes of at least 1"):
            make_plan(*shapes, 1, 0, 1, 1)


@pytest.mark.parametrize("types", ["ffd", "fdf", "dff", "fff", "iff", "fif", "ffi"])
def test_arrays_are_brought_to_the_type_that_holds_them_all(types):
    shapes = [(1, 1, 3, 3), (1, 1, 2, 2), (1,)]
    arrays = [np.ones(shape, kind) for shape, kind in zip(shapes, types, strict=True)]
    *ready, _ = prepare(*arrays, 1, 0, 1, 1)
    wanted = np.float32 if types == "fff" else np.float64
    assert [array.dtype for array in ready] == [wanted] * 3
