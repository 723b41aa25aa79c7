"""Positions are those that a walk over the padded axis finds, one cell at a time."""

import re

import numpy as np
import pytest
import torch
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.geometry import (
    Sweep,
    clip,
    field,
    index_map,
    input_size,
    leftover,
    mode_padding,
    mode_span,
    output_shape,
    output_size,
    receptive_field,
    window_view,
    windows,
)
from cnnlib.models.volume import COUNTED

sizes = st.integers(1, 12)
sweeps = st.builds(
    Sweep,
    kernel=st.integers(1, 5),
    stride=st.integers(1, 4),
    padding=st.integers(0, 3),
    dilation=st.integers(1, 3),
)


def walk(n: int, sweep: Sweep) -> list[list[int]]:
    """Slide the kernel by hand, and return the cells of each window that does not stick out."""
    found = []
    first = -sweep.padding
    while first + sweep.dilation * (sweep.kernel - 1) < n + sweep.padding:
        found.append([first + sweep.dilation * s for s in range(sweep.kernel)])
        first += sweep.stride
    return found


@given(sizes, sweeps)
def test_windows_are_those_of_a_walk(n, sweep):
    expected = walk(n, sweep)
    if not expected:
        with pytest.raises(ValueError, match="does not fit"):
            output_size(n, **vars(sweep))
        return
    assert windows(n, **vars(sweep)).tolist() == expected
    assert output_size(n, **vars(sweep)) == len(expected)
    assert leftover(n, **vars(sweep)) == n + sweep.padding - 1 - expected[-1][-1]


@pytest.mark.parametrize("counted", COUNTED, ids=lambda counted: counted.title)
def test_sizes_of_the_lectures(counted):
    v = counted.volume
    settings = {"stride": v.stride, "padding": v.padding, "dilation": v.dilation}
    assert output_size(v.width, v.size, **settings) == counted.output


@given(sizes, sweeps)
def test_sizes_read_backwards_are_all_those_with_so_many_outputs(outputs, sweep):
    settings = vars(sweep)
    found = []
    for extra in range(sweep.stride):
        try:
            found.append(n := input_size(outputs, sweep, extra))
        except ValueError as problem:
            assert "use at most" in str(problem)  # noqa: PT017 - some sizes only
            continue
        assert leftover(n, **settings) == extra
    by_hand = [
        n for n in range(1, 60 + found[-1] if found else 1) if len(walk(n, sweep)) == outputs
    ]
    assert found == by_hand


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ((3, Sweep(3, 2), 2), "output padding 2 with stride 2: use at most 1"),
        ((1, Sweep(3, padding=2)), "padding 2 cuts off all 3 cells: use at most 1"),
        ((0, Sweep(3)), "outputs 0: use a whole number of 1 or more"),
        ((2, Sweep(3), -1), "output padding -1"),
    ],
)
def test_sizes_that_cannot_be_read_backwards_are_refused(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        input_size(*arguments)


def test_a_stride_of_3_on_7_cells_leaves_the_last_one_unread():
    assert leftover(7, 3, stride=3) == 1


@pytest.mark.parametrize("kernel", [3, 5, 7])
def test_half_the_kernel_less_one_is_same_padding(kernel):
    assert output_size(28, kernel, padding=(kernel - 1) // 2) == 28


@given(sizes, st.integers(1, 4), st.integers(0, 3), st.integers(1, 3), st.integers(1, 5))
def test_what_the_error_advises_fits(n, stride, padding, dilation, excess):
    widest = (n + 2 * padding - 1) // dilation + 1
    sweep = Sweep(widest + excess, stride, padding, dilation)
    with pytest.raises(ValueError, match="does not fit") as problem:
        output_size(n, **vars(sweep))
    message = str(problem.value)
    assert f"kernel {sweep.kernel}" in message
    assert f"input {n} with padding {sweep.padding}" in message
    kernel, padding = map(int, re.search(r"at most (\d+), .* least (\d+)", message).groups())
    rest = {"stride": sweep.stride, "dilation": sweep.dilation}
    assert output_size(n, kernel, padding=sweep.padding, **rest) >= 1
    assert output_size(n, sweep.kernel, padding=padding, **rest) >= 1
    with pytest.raises(ValueError, match="does not fit"):
        output_size(n, kernel + 1, padding=sweep.padding, **rest)
    with pytest.raises(ValueError, match="does not fit"):
        output_size(n, sweep.kernel, padding=padding - 1, **rest)


@pytest.mark.parametrize(
    ("numbers", "message"),
    [
        ({"n": 0}, "input 0: use a whole number of 1 or more"),
        ({"kernel": 0}, "kernel 0: use a whole number of 1 or more"),
        ({"stride": 0}, "stride 0: use a whole number of 1 or more"),
        ({"stride": 1.5}, "stride 1.5: use a whole number of 1 or more"),
        ({"padding": -1}, "padding -1: use a whole number of 0 or more"),
        ({"dilation": 0}, "dilation 0: use a whole number of 1 or more"),
    ],
)
def test_numbers_out_of_range_are_refused_by_name(numbers, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        output_size(**{"n": 7, "kernel": 3} | numbers)


TORCH_PADDING = {"reflect": "reflect", "edge": "replicate", "circular": "circular"}


@given(st.integers(2, 9), st.data(), st.sampled_from(sorted(TORCH_PADDING)))
def test_padded_cells_come_from_where_torch_takes_them(n, data, mode):
    before, after = (data.draw(st.integers(0, n - 1)) for _ in range(2))
    cells = torch.arange(n, dtype=torch.float32)[None]
    expected = torch.nn.functional.pad(cells, (before, after), mode=TORCH_PADDING[mode])
    assert index_map(n, before, after, mode).tolist() == expected[0].tolist()


def test_zero_padding_comes_from_nowhere():
    assert index_map(3, 2, 1).tolist() == [-1, -1, 0, 1, 2, -1]


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ((3, 1, 1, "mirror"), "padding mode 'mirror': use one of zero, reflect, edge, circular"),
        ((0, 1, 1), "input 0"),
        ((3, -1, 1), "padding -1"),
        ((3, 1, -2), "padding -2"),
    ],
)
def test_impossible_padding_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        index_map(*arguments)


def test_an_unknown_mode_is_refused():
    with pytest.raises(ValueError, match="mode 'half': use 'full', 'same' or 'valid'"):
        mode_span(5, 3, "half")


@given(sizes, sweeps, st.data())
def test_a_field_is_the_span_of_its_windows(n, sweep, data):
    assume(sweep.extent <= n + 2 * sweep.padding)
    cells = windows(n, **vars(sweep))
    start = data.draw(st.integers(0, len(cells) - 1))
    stop = data.draw(st.integers(start + 1, len(cells)))
    used = cells[start:stop]
    assert field((start, stop), sweep) == (used.min(), used.max() + 1)


def test_the_field_of_no_outputs_is_refused():
    with pytest.raises(ValueError, match="outputs 4 to 4 are an empty span"):
        field((4, 4), Sweep(3))


@given(st.integers(1, 6), st.integers(1, 5))
def test_stride_1_layers_see_1_plus_layers_times_kernel_less_1(layers, kernel):
    start, stop = receptive_field((0, 1), [Sweep(kernel)] * layers)[-1]
    assert stop - start == 1 + layers * (kernel - 1)


@given(st.integers(4, 24), st.lists(sweeps, min_size=1, max_size=3), st.data())
def test_a_clipped_field_ends_at_the_outermost_cells_that_matter(n, layers, data):
    chain, size = [], n
    for sweep in layers:
        if sweep.extent > size + 2 * sweep.padding or sweep.padding >= sweep.extent:
            break
        chain.append((size, sweep))
        size = output_size(size, **vars(sweep))
    assume(chain)
    unit = data.draw(st.integers(0, size - 1))
    matters = {unit}
    for cells, sweep in reversed(chain):
        read = windows(cells, **vars(sweep))[sorted(matters)]
        matters = set(read[(read >= 0) & (read < cells)].tolist())
    assume(matters)  # dilated weights can straddle a small map without touching it
    spans = receptive_field((unit, unit + 1), [s for _, s in chain], [c for c, _ in chain])
    start, stop = spans[-1]
    assert start <= min(matters)
    assert stop > max(matters)
    if all(sweep.dilation == 1 for _, sweep in chain):
        assert (start, stop) == (min(matters), max(matters) + 1)


def test_padding_inside_a_network_depends_on_no_pixel():
    chain = [Sweep(3, stride=3), Sweep(1, stride=2, padding=1)]
    assert receptive_field((0, 1), chain, sizes=(7, 2)) == [(0, 0), (0, 0)]
    assert receptive_field((0, 1), chain) == [(-1, 0), (-3, 0)]


def test_a_span_is_clipped_to_its_axis():
    assert clip((-3, 9), 5) == (0, 5)
    assert clip((6, 9), 5) == (5, 5)
    assert clip((1, 3), 5) == (1, 3)


@given(sizes, sizes, sweeps, sweeps)
def test_the_view_holds_every_window(height, width, rows, columns):
    assume(rows.extent <= height)
    assume(columns.extent <= width)
    picture = np.arange(2.0 * 3 * height * width).reshape(2, 3, height, width)
    rows, columns = (Sweep(s.kernel, s.stride, 0, s.dilation) for s in (rows, columns))
    shape = output_shape(picture.shape, rows, columns)[2:]
    view = window_view(picture, rows, columns, shape)
    down, across = windows(height, **vars(rows)), windows(width, **vars(columns))
    for i, j in np.ndindex(shape):
        window = picture[:, :, down[i]][:, :, :, across[j]]
        assert np.array_equal(view[..., i, j], window)


def test_a_view_never_leaves_the_memory_of_its_picture():
    with pytest.raises((TypeError, ValueError)):
        window_view(np.zeros((1, 1, 4, 4)), Sweep(3), Sweep(3), (3, 3))


def test_what_is_left_out_is_one_step_no_padding_and_no_gaps():
    assert vars(Sweep(3)) == {"kernel": 3, "stride": 1, "padding": 0, "dilation": 1}
    plain = {"stride": 1, "padding": 0, "dilation": 1}
    assert output_size(7, 3) == output_size(7, 3, **plain) == 5
    assert leftover(7, 3) == leftover(7, 3, **plain) == 0
    assert leftover(8, 3, stride=3) == 2
    assert windows(4, 3).tolist() == windows(4, 3, **plain).tolist() == [[0, 1, 2], [1, 2, 3]]
    assert input_size(5, Sweep(3)) == input_size(5, Sweep(3), 0) == 7
    assert index_map(2, 1, 1).tolist() == index_map(2, 1, 1, "zero").tolist() == [-1, 0, 1, -1]
    assert mode_span(4, 4, "same") == mode_span(4, 4, "same", late=False) == (1, 5)
    assert mode_padding(4, 4, "same") == mode_padding(4, 4, "same", dilation=1, late=False)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_only_a_valid_mode_needs_an_input_that_the_kernel_fits(mode):
    if mode == "valid":
        with pytest.raises(ValueError, match="kernel 5 does not fit input 2"):
            mode_padding(2, 5, mode)
    else:
        before, after = mode_padding(2, 5, mode)
        assert 2 + before + after - 5 + 1 == {"full": 2 + 5 - 1, "same": 2}[mode]
