"""Receptive fields: golden sizes, borders and holes, and a measured gradient as referee."""

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.geometry import Sweep
from cnnlib.models.influence import gradient
from cnnlib.models.stack import STACKS, Stack, Stage, cells_holding, field_sizes, parse

LAYERS = st.one_of(
    st.builds(
        lambda k, s, p, d: Stage("conv", Sweep(k, s, p, d)),
        st.integers(1, 4),
        st.integers(1, 3),
        st.integers(0, 4),
        st.integers(1, 3),
    ),
    st.builds(
        lambda k, s, p: Stage("pool", Sweep(k, s, min(p, k // 2))),
        st.integers(1, 3),
        st.integers(1, 3),
        st.integers(0, 1),
    ),
)


@given(st.integers(1, 14), st.lists(LAYERS, min_size=1, max_size=4), st.integers(0, 10**6))
def test_fields_are_the_non_zero_pattern_of_a_measured_gradient(size, stages, at):
    try:
        stack = Stack(size, tuple(stages))
    except ValueError:
        assume(False)
    depth = len(stages)
    row, column = at % stack.sizes[-1], at // 7 % stack.sizes[-1]
    network = stack.even_network()
    x = np.zeros((1, 1, size, size))
    measured = gradient(network, x, depth, row, column) != 0
    expected = np.zeros((size, size), bool)
    expected[np.ix_(stack.below(depth, row)[-1], stack.below(depth, column)[-1])] = True
    np.testing.assert_array_equal(measured, expected)


@given(st.integers(1, 14), st.lists(LAYERS, min_size=1, max_size=4))
def test_a_cell_affects_exactly_those_that_see_it(size, stages):
    try:
        stack = Stack(size, tuple(stages))
    except ValueError:
        assume(False)
    depth = len(stages)
    seen = [stack.below(depth, cell)[-1] for cell in range(stack.sizes[-1])]
    for pixel in range(size):
        affected = stack.above(0, pixel)[-1]
        assert affected == [cell for cell, field in enumerate(seen) if pixel in field]


@pytest.mark.parametrize(
    ("text", "size", "fields"),
    [
        ("conv5, conv5", 28, [5, 9]),
        ("conv3p1, conv3p1, pool2, conv3p1, conv3p1, pool2", 28, [3, 5, 6, 10, 14, 16]),
        ("conv5, pool2, conv5, pool2, conv5", 32, [5, 6, 14, 16, 32]),
        ("conv3d2, conv3", 20, [5, 7]),
    ],
)
def test_golden_field_sizes(text, size, fields):
    stack = Stack(size, parse(text))
    assert stack.fields == fields
    middle = stack.sizes[-1] // 2
    cells = stack.below(len(stack.stages), middle)[-1]
    assert cells[-1] - cells[0] + 1 == fields[-1]


@given(st.integers(1, 9), st.integers(1, 8))
def test_the_simple_formula_is_the_recurrence_without_strides(kernel, layers):
    assert field_sizes([kernel] * layers, [1] * layers)[-1] == 1 + layers * (kernel - 1)


def test_two_5x5_layers_see_9x9_and_less_at_a_border():
    stack = Stack(28, parse("conv5, conv5"))
    assert stack.below(2, 10) == [[10], list(range(10, 15)), list(range(10, 19))]
    padded = Stack(28, parse("conv5p2, conv5p2"))
    assert padded.below(2, 0)[-1] == [0, 1, 2, 3, 4]


def test_a_dilated_kernel_leaves_holes():
    assert Stack(9, parse("conv3d2")).below(1, 1)[-1] == [1, 3, 5]


def test_one_pixel_affects_a_kernels_width_of_units():
    assert Stack(28, parse("conv5, conv5")).above(0, 14) == [
        [14],
        list(range(10, 15)),
        list(range(6, 15)),
    ]


def test_the_formula_for_equal_layers_is_offered_only_where_it_holds():
    assert Stack(28, parse("conv5, conv5")).simple == (2, 5)
    assert Stack(28, parse("conv5, conv3")).simple is None
    assert Stack(28, parse("conv5s2, conv5s2")).simple is None


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("", "0 layers"),
        ("conv3,dense", "“dense” can't be read"),
        ("conv3s0", "stride"),
        ("pool2d2", "no dilation"),
        ("conv3s1s2", "twice"),
        (",".join(["conv1"] * 13), "13 layers"),
        ("pool2p2", "more than half"),
        ("conv3" + "x" * 30, f"layer “conv3{'x' * 15}” can't be read"),
        ("conv3p1p1p1p1p1p1p1p1p1", "layer “conv3p1p1p1p1p1p1p1p” gives a number twice"),
        ("pool3s2p1d2s   2p      1", "layer “pool3s2p1d2s   2p   ” gives a number twice"),
        ("pool3 s 2  p  1  d  22", "layer “pool3 s 2  p  1  d  ”: a pooling has no dilation"),
    ],
)
def test_a_stack_that_cannot_be_read_gets_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        parse(text)


def test_a_kernel_that_does_not_fit_is_named_with_its_layer():
    with pytest.raises(ValueError, match="layer 2, conv9: kernel 9 does not fit input 4"):
        Stack(8, parse("conv5, conv9"))


@pytest.mark.parametrize("text", ["conv3", "conv5s2p1d2", "pool2", "pool3s2p1"])
def test_a_layer_is_written_as_it_is_read(text):
    assert parse(text)[0].text == text


@pytest.mark.parametrize(
    ("name", "size", "sizes", "fields"),
    [
        ("two 5×5", 28, [24, 20], [5, 9]),
        ("the shipped network", 28, [28, 28, 14, 14, 14, 7], [3, 5, 6, 10, 14, 16]),
        ("LeNet-5", 32, [28, 14, 10, 5, 1], [5, 6, 14, 16, 32]),
        (
            "VGG-16, first blocks",
            64,
            [64, 64, 32, 32, 32, 16, 16, 16, 16, 8],
            [3, 5, 6, 10, 14, 16, 24, 32, 40, 44],
        ),
        ("dilated", 28, [28, 28, 28], [3, 7, 15]),
    ],
)
def test_the_named_stacks_are_those_of_their_papers(name, size, sizes, fields):
    text, cells = STACKS[name]
    stack = Stack(cells, parse(text))
    assert cells == size
    assert (list(stack.sizes), stack.fields) == ([size, *sizes], fields)


def test_the_named_stacks_are_all_tested():
    assert len(STACKS) == 5


def test_random_weights_keep_the_size_of_what_goes_through_them():
    network = Stack(28, parse("conv5, conv3")).random_network(maps=64)
    first, second = (network.layers[at][1].weight for at in (0, 2))
    assert (first.shape, second.shape) == ((64, 1, 5, 5), (64, 64, 3, 3))
    assert first.std() == pytest.approx((2 / 25) ** 0.5, rel=0.1)
    assert second.std() == pytest.approx((2 / (64 * 9)) ** 0.5, rel=0.1)
    small = Stack(8, parse("conv3"))
    assert small.random_network().layers[0][1].weight.shape == (4, 1, 3, 3)
    np.testing.assert_array_equal(
        small.random_network().layers[0][1].weight,
        small.random_network(seed=0).layers[0][1].weight,
    )
    assert small.even_network().layers[0][1].weight.shape == (1, 1, 3, 3)


def test_cells_that_hold_nine_tenths_are_counted_from_the_strongest():
    assert cells_holding(np.array([1.0, 8.0, 1.0])) == 2
    assert cells_holding(np.array([1.0, 8.0, 1.0]), 0.91) == 3
    assert cells_holding(np.array([[1.0, 1.0], [1.0, 1.0]]), 0.5) == 2
    assert cells_holding(np.zeros(3)) == 0
