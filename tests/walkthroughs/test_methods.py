"""Three methods, one operation: golden numbers, texts, and what the methods share."""

from fractions import Fraction
from math import prod
from typing import get_args

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib import conv
from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.copies import MOST_COPIES
from cnnlib.walkthroughs.examples import ONE_DIMENSION, TWO_DIMENSIONS
from cnnlib.walkthroughs.form import Method
from cnnlib.walkthroughs.matrix import MOST_ENTRIES

METHODS = get_args(Method)
LINE, PICTURE = ONE_DIMENSION["lecture"], TWO_DIMENSIONS["lecture"]


def rows(grid):
    return [
        [int(t.replace("−", "-")) if t else None for t in grid.texts[i : i + grid.shape[1]]]
        for i in range(0, len(grid.texts), grid.shape[1])
    ]


def shown(walk, step):
    return [text for text, _ in walk.shown(step)]


@pytest.mark.parametrize("method", METHODS)
def test_golden_numbers(method):
    assert rows(LINE.walk(method).grid("output")) == [[2, 1, 4, -1, 2]]
    assert rows(PICTURE.walk(method).grid("output")) == [
        [1, 5, 7, 2],
        [0, -2, -4, 1],
        [2, 6, 4, -3],
        [0, -2, -2, 1],
    ]


def test_flip_and_filter_flips_the_kernel_and_a_cross_correlation_does_not():
    assert rows(LINE.walk().grid("flipped")) == [[2, 1, 1]]
    assert rows(PICTURE.walk().grid("flipped")) == [[-1, 0], [2, 1]]
    unflipped = convolution(LINE.a, LINE.b, operation="cross-correlation")
    assert rows(unflipped.grid("output")) == [[4, 0, 3, 0, 1]]
    with pytest.raises(KeyError):
        unflipped.grid("flipped")


def test_flip_and_filter_tells_one_output_at_a_time():
    walk = LINE.walk()
    assert [step.sentence for step in walk.steps] == [
        "Output 0: 2×1 = 2. The 2 weights on the zero padding add nothing.",
        "Output 1: 2×1 + (−1)×1 = 1. The 1 weight on the zero padding adds nothing.",
        "Output 2: 2×2 + (−1)×1 + 1×1 = 4.",
        "Output 3: (−1)×2 + 1×1 = −1. The 1 weight on the zero padding adds nothing.",
        "Output 4: 1×2 = 2. The 2 weights on the zero padding add nothing.",
    ]
    assert [step.sum for step in walk.steps] == ["2", "1", "4", "−1", "2"]
    assert [step.value for step in walk.steps] == [2, 1, 4, -1, 2]
    assert walk.terms.running.texts[3:6] == ("4", "3", "4")
    assert shown(walk, 1) == ["2", "1", "", "", ""]
    assert walk.grid("input").origin == (0, -2)
    assert convolution(np.ones((4, 4)), np.ones((2, 4))).grid("input").origin == (-1, -3)
    assert walk.lit(0)["input"].tolist() == [0, 1, 2]  # two ghosts, and the first cell
    assert walk.steps[0].also == {"place": (0, 1), "kernel": (2, 1)}


def test_translate_and_scale_adds_shifted_copies():
    walk = LINE.walk("translate-and-scale")
    copies = [grid for grid in walk.grids if grid.role == "copy"]
    assert [copy.title for copy in copies] == [
        "2×(1, 1, 2) at 0",
        "−1×(1, 1, 2) at 1",
        "1×(1, 1, 2) at 2",
    ]
    assert [rows(copy)[0] for copy in copies] == [
        [2, 2, 4, None, None],
        [None, -1, -1, -2, None],
        [None, None, 1, 1, 2],
    ]
    assert [shown(walk, step) for step in range(3)] == [
        ["2", "2", "4", "", ""],
        ["2", "1", "3", "−2", ""],
        ["2", "1", "4", "−1", "2"],
    ]
    assert walk.steps[1].sentence == "Input 1 is −1: −1×(1, 1, 2) at 1 is added."


def test_in_two_dimensions_the_picture_is_copied_and_a_zero_weight_adds_nothing():
    walk = PICTURE.walk("translate-and-scale")
    assert walk.layout[-1] == ("copy0", "+", "copy1", "+", "copy3", "=", "output")
    assert [walk.grid(name).title for name in ("copy0", "copy1", "copy3")] == [
        "1×A at (0, 0)",
        "2×A at (0, 1)",
        "−1×A at (1, 1)",
    ]
    assert walk.steps[2].sentence == "Weight (1, 0) is 0: it adds nothing."
    assert rows(walk.grid("copy3")) == [
        [None, None, None, None],
        [None, -1, -3, -1],
        [None, 0, 1, -1],
        [None, -2, -2, 1],
    ]


def test_matrix_form_ties_its_entries():
    walk = LINE.walk("matrix form")
    matrix = walk.grid("matrix")
    assert np.array(rows(matrix)).T.tolist() == [
        [1, 1, 2, None, None],
        [None, 1, 1, 2, None],
        [None, None, 1, 1, 2],
    ]
    assert matrix.tie.reshape(5, 3).T.tolist() == [
        [0, 1, 2, -1, -1],
        [-1, 0, 1, 2, -1],
        [-1, -1, 0, 1, 2],
    ]
    assert walk.facts == {"entries": 15, "weights": 9, "non-zeros": 9, "parameters": 3}
    assert walk.grid("vector").shape == (3, 1)
    assert walk.lit(0)["matrix"].tolist() == [0, 1, 2]


def test_the_matrix_of_a_picture_is_doubly_block_toeplitz():
    walk = PICTURE.walk("matrix form")
    assert walk.facts == {"entries": 144, "weights": 36, "non-zeros": 27, "parameters": 4}
    matrix = walk.grid("matrix")
    assert matrix.shape == (16, 9)
    tie = matrix.tie.reshape(4, 4, 3, 3)  # output row and column, input row and column
    for i, j, s, t in np.ndindex(3, 3, 2, 2):
        assert tie[i, j, s, t] == tie[i + 1, j, s + 1, t] == tie[i, j + 1, s, t + 1]
    dense = matrix.values.reshape(16, 9) @ PICTURE.a.values
    assert np.array_equal(dense, walk.grid("output").values)
    stored_zero = matrix.texts.index("0")  # a weight that is 0 is not a structural zero
    assert matrix.tie[stored_zero] == 2


def test_circular_padding_makes_the_matrix_circulant_and_reflection_adds_weights_up():
    circulant = convolution(
        [1, 2, 3, 4], [5, 6, 7], "matrix form", padding="same", padding_mode="circular"
    )
    matrix = circulant.grid("matrix").values.reshape(4, 4)
    for row in range(3):
        assert matrix[row + 1].tolist() == np.roll(matrix[row], 1).tolist()
    folded = convolution(
        [1, 2, 3], ["1/3", "−2", "1"], "matrix form", padding="same", padding_mode="reflect"
    )
    assert folded.grid("matrix").texts == ("−2", "4/3", "", "1", "−2", "1/3", "", "4/3", "−2")
    assert folded.grid("matrix").tie.tolist() == [1, -2, -1, 2, 1, 0, -1, -2, 1]


def test_letters_give_all_six_sums():
    for method in METHODS:
        walk = TWO_DIMENSIONS["letters"].walk(method)
        assert walk.grid("output").texts == (
            "aw + bx + ey + fz",
            "bw + cx + fy + gz",
            "cw + dx + gy + hz",
            "ew + fx + iy + jz",
            "fw + gx + jy + kz",
            "gw + hx + ky + lz",
        )
        assert not any(grid.editable for grid in walk.grids)
    assert walk.facts["non-zeros"] == 24
    assert TWO_DIMENSIONS["letters"].walk().steps[0].sentence == (
        "Output (0, 0): aw + bx + ey + fz."
    )


def table(walk):
    """Return each product by the names that all methods share."""
    columns = (walk.terms.columns[name].tolist() for name in ("output", "kernel", "input"))
    texts = zip(walk.terms.product, walk.terms.value.texts, strict=True)
    return dict(zip(zip(*columns, strict=True), texts, strict=True))


@st.composite
def calls(draw):
    dimensions = draw(st.integers(1, 2))
    size = st.integers(1, 4)
    shapes = [[draw(size) for _ in range(dimensions)] for _ in range(2)]
    cell = st.sampled_from(["0", "1", "−2", "1/3", "0.5", "2.25"])
    a, b = (
        np.array(draw(st.lists(cell, min_size=n, max_size=n)), object).reshape(shape)
        for shape in shapes
        for n in [prod(shape)]
    )
    options = {
        "operation": draw(st.sampled_from(["convolution", "cross-correlation"])),
        "padding": draw(st.sampled_from(["full", "same", "valid", 0, 1, 2])),
        "padding_mode": draw(st.sampled_from(["zero", "reflect", "edge", "circular"])),
        "stride": draw(st.integers(1, 2)),
        "dilation": draw(st.integers(1, 2)),
    }
    return a, b, options


@given(calls())
def test_the_three_methods_tell_the_same_products_and_end_with_the_same_output(call):
    a, b, options = call
    try:
        walks = [convolution(a, b, method, **options) for method in METHODS]
    except ValueError as refusal:
        assert "does not fit" in str(refusal)  # noqa: PT017 - only this may be refused
        return
    first = walks[0]
    for other in (*walks, convolution(a, b, METHODS[1], **options, copied="input")):
        assert table(other) == table(first)
        assert other.grid("output").texts == first.grid("output").texts
        assert shown(other, len(other.steps) - 1) == list(first.grid("output").texts)
        assert other.unused == first.unused
    sums = {}
    for output, kernel, cell in table(first):
        product = Fraction(a.ravel()[cell].replace("−", "-")) * Fraction(
            b.ravel()[kernel].replace("−", "-")
        )
        sums[output] = sums.get(output, 0) + product
    assert [step.value for step in first.steps] == [
        sums.get(output, 0) for output in range(len(first.steps))
    ]


@given(calls())
def test_copies_add_up_and_the_matrix_multiplies_to_the_output(call):
    a, b, options = call
    try:
        copies = convolution(a, b, "translate-and-scale", **options)
    except ValueError:
        return
    piled = [np.nan_to_num(grid.values) for grid in copies.grids if grid.role == "copy"]
    output = copies.grid("output").values
    assert np.allclose(np.sum(piled, axis=0), output)
    matrix = convolution(a, b, "matrix form", **options)
    dense = matrix.grid("matrix").values.reshape(output.size, -1)
    assert np.allclose(dense @ matrix.grid("vector").values, output)


@pytest.mark.parametrize("mode", ["full", "same", "valid"])
def test_values_are_those_of_the_library(mode):
    rng = np.random.default_rng(3)
    a, b = rng.normal(size=(9, 8)), rng.normal(size=(4, 3))
    for operation, function in (
        ("convolution", conv.convolve2d),
        ("cross-correlation", conv.correlate2d),
    ):
        walk = convolution(a, b, operation=operation, padding=mode)
        expected = function(a, b, mode)
        assert walk.grid("output").values == pytest.approx(expected.ravel())
        assert walk.result().values == pytest.approx(expected.ravel())
        assert walk.result().shape == expected.shape


def test_a_window_in_the_padding_alone_comes_to_zero():
    for method in METHODS:
        walk = convolution([1, 2], [3], method, padding=1)
        assert walk.grid("output").texts == ("0", "3", "6", "0")
        assert shown(walk, len(walk.steps) - 1) == ["0", "3", "6", "0"]
    assert convolution([1, 2], [3], padding=1).steps[0].sentence == (
        "Output 0: nothing but zero padding, so 0."
    )


@pytest.mark.parametrize("method", METHODS)
def test_where_padding_is_all_that_the_weights_meet_nothing_is_multiplied(method):
    walk = convolution([5], [1, 2], method, padding="same", dilation=2)
    assert len(walk.terms) == 0
    assert walk.grid("output").texts == ("0",)
    assert shown(walk, 0) == ["0"]
    assert walk.result().value(0) == 0


def test_a_kernel_of_zeros_adds_no_copies():
    for a, b in (([0, 0], [1]), ([[1, 2]], [[0]])):
        walk = convolution(a, b, "translate-and-scale")
        assert walk.layout[1:] == (("=", "output"),)
        assert set(walk.grid("output").texts) == {"0"}


def test_long_sums_are_told_short():
    walk = convolution(np.ones((4, 4), int), np.ones((4, 4), int), padding="valid")
    assert walk.steps[0].sentence == "Output (0, 0): 16 products add up to 16."


def test_long_signals_are_looked_at_and_short_ones_edited():
    for length, editable in ((16, True), (17, False)):
        walk = convolution(np.arange(length), [1, 2])
        assert walk.grid("input").editable is editable
        assert walk.grid("kernel").editable
        assert not walk.grid("output").editable


@pytest.mark.parametrize(
    ("a", "b", "method", "options", "words"),
    [
        ((32, 32), (3, 3), "matrix form", {}, f"more than the {MOST_ENTRIES:,} that can be shown"),
        ((9, 9), (3, 3), METHODS[1], {"copied": "kernel"}, f"({MOST_COPIES} copies"),
        ((3,), (3,), "magic", {}, "method 'magic': use one of flip-and-filter"),
        ((3,), (3,), METHODS[1], {"copied": "both"}, "copies of 'both'"),
    ],
)
def test_what_cannot_be_shown_is_refused(a, b, method, options, words):
    with pytest.raises(ValueError) as refusal:  # noqa: PT011 - the words are compared below
        convolution(np.ones(a, int), np.ones(b, int), method, **options)
    assert words in str(refusal.value)


@pytest.mark.parametrize("example", [*ONE_DIMENSION.values(), *TWO_DIMENSIONS.values()])
@pytest.mark.parametrize("method", METHODS)
def test_every_example_is_told_by_every_method(example, method):
    walk = example.walk(method)
    assert walk.steps
    assert len(walk.to_json()) < 1_000_000


def test_a_large_picture_stays_compact():
    rng = np.random.default_rng(0)
    pixels, weights = rng.integers(0, 101, (32, 32)) / 100, rng.integers(-9, 10, (5, 5))
    walk = convolution(pixels, weights, padding="same")
    assert len(walk.to_json().encode()) < 1_000_000
