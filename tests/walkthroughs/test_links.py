"""The products of a convolution are right: SciPy and PyTorch, which share no code, agree."""

import re
from math import prod

import numpy as np
import pytest
import torch
import torch.nn.functional as F  # noqa: N812 - PyTorch's own abbreviation
from hypothesis import given
from hypothesis import strategies as st
from scipy import signal

from cnnlib import conv
from cnnlib.geometry import mode_padding
from cnnlib.walkthroughs.links import MOST_TERMS, cell_name, link

MODES = ("full", "same", "valid")
TORCH_PADDING = {
    "zero": "constant",
    "reflect": "reflect",
    "edge": "replicate",
    "circular": "circular",
}
small = st.integers(-9, 9)


@st.composite
def operands(draw, dimensions):
    size = st.integers(1, 6)
    shapes = [tuple(draw(size) for _ in range(dimensions)) for _ in range(2)]
    return [
        np.array(draw(st.lists(small, min_size=n, max_size=n))).reshape(shape)
        for shape in shapes
        for n in [int(np.prod(shape))]
    ]


def summed(links, a, b):
    """Return the sums of the products, by NumPy."""
    out = np.zeros(np.prod(links.output_shape), np.int64)
    np.add.at(out, links.output, a.ravel()[links.input] * b.ravel()[links.kernel])
    return out.reshape(links.output_shape)


@given(operands(1), st.sampled_from(MODES), st.sampled_from([1, 2, 3]))
def test_one_dimension_convolves_and_correlates_as_numpy_and_scipy(arrays, mode, stride):
    a, b = arrays
    if mode == "valid" and len(b) > len(a):
        with pytest.raises(ValueError, match="does not fit"):
            link(a.shape, b.shape, padding=mode)
        return
    convolved = link(a.shape, b.shape, padding=mode, stride=stride)
    assert np.array_equal(summed(convolved, a, b)[0], signal.convolve(a, b, mode)[::stride])
    if mode != "same" or len(a) >= len(b):
        assert np.array_equal(summed(convolved, a, b)[0], np.convolve(a, b, mode)[::stride])
    correlated = link(a.shape, b.shape, operation="cross-correlation", padding=mode, stride=stride)
    expected = signal.correlate(a, b, mode, method="direct")[::stride]
    assert np.array_equal(summed(correlated, a, b)[0], expected)


@given(operands(2), st.sampled_from(MODES))
def test_two_dimensions_convolve_and_correlate_as_scipy(arrays, mode):
    a, b = arrays
    if mode == "valid" and (np.array(b.shape) > a.shape).any():
        with pytest.raises(ValueError, match="does not fit"):
            link(a.shape, b.shape, padding=mode)
        return
    assert np.array_equal(
        summed(link(a.shape, b.shape, padding=mode), a, b), signal.convolve2d(a, b, mode)
    )
    correlated = link(a.shape, b.shape, padding=mode, operation="cross-correlation")
    assert np.array_equal(summed(correlated, a, b), signal.correlate2d(a, b, mode))


@given(operands(2), st.sampled_from(MODES), st.sampled_from(["convolve", "correlate"]))
def test_modes_are_those_of_the_library(arrays, mode, name):
    a, b = arrays
    operation = {"convolve": "convolution", "correlate": "cross-correlation"}[name]
    if mode == "valid" and (np.array(b.shape) > a.shape).any():
        return
    two = link(a.shape, b.shape, padding=mode, operation=operation)
    assert np.array_equal(summed(two, a, b), getattr(conv, f"{name}2d")(a, b, mode))
    if mode == "valid" and b.size > a.size:
        return
    one = link((a.size,), (b.size,), padding=mode, operation=operation)
    assert np.array_equal(summed(one, a, b)[0], getattr(conv, name)(a.ravel(), b.ravel(), mode))


pairs = st.tuples(st.integers(1, 3), st.integers(1, 3))


@given(
    operands(2),
    pairs,
    pairs,
    st.tuples(st.integers(0, 3), st.integers(0, 3)),
    st.sampled_from(list(TORCH_PADDING)),
)
def test_stride_dilation_and_every_padding_are_those_of_pytorch(
    arrays, stride, dilation, padding, padding_mode
):
    a, b = arrays
    limit = {"reflect": 1, "circular": 0}.get(padding_mode, -9)  # what PyTorch can pad
    padding = tuple(min(p, n - limit) for p, n in zip(padding, a.shape, strict=True))
    room = [n + 2 * p for n, p in zip(a.shape, padding, strict=True)]
    fits = all(r > d * (k - 1) for r, d, k in zip(room, dilation, b.shape, strict=True))
    options = {
        "operation": "cross-correlation",
        "padding": padding,
        "padding_mode": padding_mode,
        "stride": stride,
        "dilation": dilation,
    }
    if not fits:
        with pytest.raises(ValueError, match="does not fit"):
            link(a.shape, b.shape, **options)
        return
    links = link(a.shape, b.shape, **options)
    top, left = padding
    x = F.pad(
        torch.tensor(a, dtype=torch.float64)[None, None],
        (left, left, top, top),
        TORCH_PADDING[padding_mode],
    )
    w = torch.tensor(b, dtype=torch.float64)[None, None]
    expected = F.conv2d(x, w, stride=stride, dilation=dilation)[0, 0].numpy()
    assert np.array_equal(summed(links, a, b), expected)
    # The padded input, too, is drawn as PyTorch pads it.
    drawn = np.where(links.sources >= 0, a.ravel()[links.sources], 0)
    assert np.array_equal(drawn.reshape(links.padded_shape), x[0, 0].numpy())


@given(operands(1), st.integers(1, 3), st.integers(1, 3), st.integers(0, 3))
def test_one_dimension_is_conv1d(arrays, stride, dilation, padding):
    a, b = arrays
    if len(a) + 2 * padding <= dilation * (len(b) - 1):
        return
    options = {"padding": padding, "stride": stride, "dilation": dilation}
    links = link(a.shape, b.shape, operation="cross-correlation", **options)
    x, w = (torch.tensor(v, dtype=torch.float64)[None, None] for v in (a, b))
    expected = F.conv1d(x, w, **options)[0].numpy()
    assert np.array_equal(summed(links, a, b), expected)


@given(operands(2), st.sampled_from(MODES))
def test_circular_padding_is_scipys_wrapped_boundary(arrays, mode):
    a, b = arrays
    if (np.array(b.shape) > a.shape).any():
        return
    links = link(a.shape, b.shape, padding=mode, padding_mode="circular")
    expected = signal.convolve2d(a, b, mode, boundary="wrap")
    assert np.array_equal(summed(links, a, b), expected)


@given(operands(2), pairs, pairs, st.sampled_from([*MODES, 0, 1, 2]))
def test_every_weight_of_every_window_is_a_product_or_lies_on_zero_padding(
    arrays, stride, dilation, padding
):
    a, b = arrays
    try:
        links = link(a.shape, b.shape, padding=padding, stride=stride, dilation=dilation)
    except ValueError:
        return
    window = {
        (o, k)
        for outputs, kernels in ((links.output, links.kernel), links.idle[[0, 2]])
        for o, k in zip(outputs.tolist(), kernels.tolist(), strict=True)
    }
    outputs = int(np.prod(links.output_shape))
    assert window == {(o, k) for o in range(outputs) for k in range(b.size)}
    assert np.isin(links.idle[1], links.ghosts).all()
    assert (np.sort(links.output) == links.output).all()
    never = np.zeros(links.input_shape, bool)
    never[links.rows.unused] = never[:, links.columns.unused] = True
    assert links.unused == tuple(np.flatnonzero(never))


def test_a_stride_that_does_not_fit_says_so_and_names_the_cells():
    links = link((7,), (3,), padding=0, stride=3)
    assert links.output_shape == (1, 2)
    assert links.unused == (6,)
    assert links.sizes == ("(7 − 3)/3 + 1 = 2.33, rounded down to 2",)
    assert links.notes == (
        "Stride 3 does not fit the cells: 2.33 outputs are rounded down to 2, as frameworks do.",
        "Input cell 6 is never used.",
    )
    picture = link((7, 7), (3, 3), padding=0, stride=(3, 2))
    assert picture.output_shape == (2, 3)
    assert picture.unused == tuple(range(42, 49))
    assert picture.notes[1] == "Input row 6 is never used."


def test_a_stride_longer_than_the_kernel_steps_over_cells():
    links = link((9,), (1,), padding=0, stride=4)
    assert links.unused == (1, 2, 3, 5, 6, 7)
    assert links.notes == ("Input cells 1, 2, 3, 5, 6, 7 are never used.",)


@pytest.mark.parametrize(
    ("n", "padding", "kernel", "stride", "dilation", "output"),
    [
        (4, 0, 3, 1, 1, 2),
        (5, 2, 4, 1, 1, 6),
        (5, 1, 3, 1, 1, 5),
        (5, 2, 3, 1, 1, 7),
        (5, 0, 3, 2, 1, 2),
        (5, 1, 3, 2, 1, 3),
        (6, 1, 3, 2, 1, 3),
        (7, 0, 3, 1, 2, 3),
    ],
)
def test_known_output_sizes(n, padding, kernel, stride, dilation, output):
    links = link((n, n), (kernel, kernel), padding=padding, stride=stride, dilation=dilation)
    assert links.output_shape == (output, output)
    assert links.sizes[0].endswith(str(output))


def test_dilation_is_written_out_in_the_size():
    links = link((7,), (3,), padding=0, dilation=2)
    assert links.sizes == ("(7 − 2·(3 − 1) − 1)/1 + 1 = 3",)


@given(st.integers(1, 9), st.integers(1, 9), st.integers(1, 3), st.booleans())
def test_mode_padding_gives_each_mode_its_length(n, kernel, dilation, late):
    extent = dilation * (kernel - 1) + 1
    lengths = {"full": n + extent - 1, "same": n, "valid": n - extent + 1}
    for mode, length in lengths.items():
        if length < 1:
            with pytest.raises(ValueError, match="does not fit"):
                mode_padding(n, kernel, mode, dilation=dilation, late=late)
        else:
            before, after = mode_padding(n, kernel, mode, dilation=dilation, late=late)
            assert min(before, after) >= 0
            assert n + before + after - extent + 1 == length
            assert after - before in ((0, 1) if late else (0, -1))


@pytest.mark.parametrize(
    ("arguments", "options", "words"),
    [
        (((3,), (5,)), {"padding": "valid"}, "kernel 5 does not fit input 3 with padding 0"),
        (((65,), (3,)), {}, "input of size 65: use sizes of 1 to 64"),
        (((40, 40), (3, 3)), {}, "input of size 40×40: use sizes of 1 to 32"),
        (((18, 18), (16, 3)), {}, "kernel of size 16×3: use sizes of 1 to 15"),
        (((3, 3), (3,)), {}, "two arrays of one axis each, or of two"),
        (((3,), (3,)), {"stride": 0}, "stride 0: use a whole number of 1 or more"),
        (((3,), (3,)), {"dilation": 500}, "use a smaller padding or dilation"),
        (((3,), (3,)), {"padding": -1}, "padding -1: use a whole number of 0 or more"),
        (((3,), (3,)), {"padding": "half"}, "mode 'half': use 'full', 'same' or 'valid'"),
        (((3,), (3,)), {"padding_mode": "mirror"}, "padding mode 'mirror': use one of"),
        (((3,), (3,)), {"operation": "sum"}, "operation 'sum': use 'convolution'"),
        (((32, 32), (7, 7)), {"padding": 20}, f"more than the {MOST_TERMS:,} that can be shown"),
    ],
)
def test_what_cannot_be_shown_is_refused_with_one_sentence(arguments, options, words):
    with pytest.raises(ValueError, match=re.escape(words)) as refusal:
        link(*arguments, **options)
    assert "\n" not in str(refusal.value)


@pytest.mark.parametrize(
    ("cell", "shape", "dimensions", "name"),
    [
        (2, (1, 5), 1, "2"),
        (7, (3, 5), 2, "(1, 2)"),
        (5, (3, 5), 2, "(1, 0)"),
        (4, (3, 5), 2, "(0, 4)"),
    ],
)
def test_a_cell_is_named_as_a_learner_counts_it(cell, shape, dimensions, name):
    assert cell_name(cell, shape, dimensions) == name


def test_what_is_left_out_is_a_full_convolution_of_one_step_and_no_gaps():
    plain = link((3, 4), (2, 2))
    said = link(
        (3, 4),
        (2, 2),
        operation="convolution",
        padding="full",
        padding_mode="zero",
        stride=1,
        dilation=1,
    )
    assert plain.output_shape == said.output_shape == (4, 5)
    for name in ("output", "input", "kernel", "place", "idle"):
        assert np.array_equal(getattr(plain, name), getattr(said, name))


@pytest.mark.parametrize(
    ("padding", "ghosts", "sources"),
    [
        (1, [0, 1, 2, 3, 4, 7, 8, 9, 10, 11], [-1, -1, -1, -1, -1, 0, 1, -1, -1, -1, -1, -1]),
        ((0, 1), [0, 3], [-1, 0, 1, -1]),
        ("valid", [], [0, 1]),
    ],
)
def test_a_padded_input_knows_its_padding(padding, ghosts, sources):
    links = link((1, 2), (1, 1), padding=padding)
    assert links.ghosts.tolist() == ghosts
    assert links.sources.tolist() == sources
    assert prod(links.padded_shape) == len(sources)


def test_both_axes_are_told_apart_where_they_differ():
    assert link((3, 3), (1, 1), padding=0, stride=2).notes == (
        "Input row and column 1 are never used.",
    )
    assert link((3, 5), (1, 1), padding=0, stride=2).notes == (
        "Input row 1 is never used.",
        "Input columns 1, 3 are never used.",
    )


def test_so_many_products_are_told_and_no_more():
    assert MOST_TERMS == 80_000
    most = link((31, 32), (10, 10), padding=(5, 1))
    assert len(most.output) + most.idle.shape[1] == MOST_TERMS
    with pytest.raises(ValueError, match=r"^85,000 products are more than the 80,000"):
        link((31, 32), (10, 10), padding=(6, 1))
