"""Transposed convolution patch by patch: golden numbers, and the core as referee."""

import numpy as np
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from cnnlib.figures.scene import Box, Text, scene
from cnnlib.transposed import conv_transpose2d
from cnnlib.walkthroughs import convolution, predict, predict_size, transposed
from cnnlib.walkthroughs.examples import TRANSPOSED
from cnnlib.walkthroughs.matrix import MOST_ENTRIES
from cnnlib.walkthroughs.table import to_csv

METHODS = ("translate-and-scale", "matrix form")


def walk_of(name, method="translate-and-scale"):
    one = TRANSPOSED[name]
    return transposed(one.a, one.b, method, **one.options)


def rows(walk):
    result = walk.result()
    return np.reshape(result.values, result.shape).tolist()


GOLDEN = {
    "lecture": [[1, 5, 7, 2], [0, -2, -4, 1], [2, 6, 4, -3], [0, -2, -2, 1]],
    "tiles": [[1, 2, 2, 4], [3, 4, 6, 8], [3, 6, 4, 8], [9, 12, 12, 16]],
    "checkerboard": np.outer(line := [1, 1, 2, 1, 2, 1, 1], line).tolist(),
    "padding": [[1, 0, 2], [0, 9, 0], [3, 0, 4]],
}


@pytest.mark.parametrize("method", METHODS)
@pytest.mark.parametrize("name", GOLDEN)
def test_golden_numbers(name, method):
    assert rows(walk_of(name, method)) == GOLDEN[name]


def test_with_stride_1_it_is_the_full_convolution_of_the_lecture():
    example = TRANSPOSED["lecture"]
    assert rows(convolution(example.a, example.b)) == GOLDEN["lecture"]


def test_a_tent_doubles_a_map_and_puts_means_between_its_cells():
    small, large = np.array([[0, 4, 8], [4, 8, 4], [8, 4, 0]]), np.array(rows(walk_of("doubled")))
    np.testing.assert_array_equal(large[::2, ::2], small)
    np.testing.assert_array_equal(large[::2, 1:-1:2], (small[:, 1:] + small[:, :-1]) / 2)
    np.testing.assert_array_equal(large[1:-1:2, ::2], (small[1:] + small[:-1]) / 2)


@pytest.mark.parametrize("name", TRANSPOSED)
def test_both_methods_name_the_same_products(name):
    tables = []
    for method in METHODS:
        columns = walk_of(name, method).terms.columns
        products = zip(columns["output"], columns["input"], columns["kernel"], strict=True)
        tables.append(set(products))
    assert tables[0] == tables[1]


def test_one_input_cell_paints_a_patch_and_overlaps_add():
    walk = walk_of("overlap")
    assert [step.sentence for step in walk.steps] == [
        "Input (0, 0) is 1: 1×B is added from (0, 0) on.",
        "Input (0, 1) is 2: 2×B is added from (0, 2) on, 3 cells over other patches.",
        "Input (1, 0) is 3: 3×B is added from (2, 0) on, 3 cells over other patches.",
        "Input (1, 1) is 4: 4×B is added from (2, 2) on, 5 cells over other patches.",
    ]
    lit = walk.lit(1)
    assert lit["input"].tolist() == [1]
    assert lit["kernel"].tolist() == list(range(9))
    assert lit["output"].tolist() == [2, 3, 4, 7, 8, 9, 12, 13, 14]
    assert walk.touched("output", 12)["input"].tolist() == [0, 1, 2, 3]
    assert walk.shown(0)[2] == ("2", 2.0)
    assert walk.shown(1)[2] == ("4", 4.0)
    assert walk.shown(0)[4] == ("", pytest.approx(np.nan, nan_ok=True))


def test_what_padding_cuts_off_is_drawn_and_told():
    walk = walk_of("padding")
    output = walk.grid("output")
    assert output.shape == (5, 5)
    assert output.origin == (-1, -1)
    assert len(output.ghosts) == 16
    assert output.texts[0] == ""
    assert walk.steps[0].sentence.endswith("from (0, 0) on; the padding cuts off 5.")
    assert walk.lit(0)["output"].tolist() == [0, 1, 2, 5, 6, 7, 10, 11, 12]
    assert walk.lit(0)["kernel"].tolist() == list(range(9))
    drawn = scene(walk, 3)
    assert "9" in [shape.text for shape in drawn.shapes if isinstance(shape, Text)]
    assert all(box.x + box.width <= drawn.width for box in drawn.shapes if isinstance(box, Box))


def test_sizes_gaps_and_uneven_overlaps_are_told():
    walk = walk_of("doubled")
    assert walk.sizes[0] == "Rows: (3 − 1)·2 + 3 − 2·1 + 1 = 6"
    assert "adds up 1, 2 or 4 products" in walk.notes[0]
    assert walk_of("gaps").notes == ("9 output cells are reached by no patch: 0 there.",)
    assert walk_of("tiles").notes == ()
    assert walk_of("gaps").shown(3)[2] == ("0", 0.0)
    assert walk_of("dilation").sizes[1] == "Columns: (2 − 1)·1 + 2·(2 − 1) + 1 = 4"
    told = [step.sentence for step in walk_of("gaps", "matrix form").steps]
    assert told[2] == "Output (0, 2): no patch, so 0."


def test_the_matrix_is_that_of_the_convolution_transposed():
    example = TRANSPOSED["overlap"]
    there = convolution(
        np.zeros((5, 5), int),
        example.b,
        "matrix form",
        operation="cross-correlation",
        padding=0,
        stride=2,
    ).grid("matrix")
    back = walk_of("overlap", "matrix form").grid("matrix")
    np.testing.assert_array_equal(
        back.values.reshape(back.shape), there.values.reshape(there.shape).T
    )
    assert back.title == "Mᵀ, 25×4"


def test_it_is_predicted_and_tabulated_like_any_other_walkthrough():
    walk = walk_of("overlap")
    assert predict(walk, 1, "4").right
    assert not predict(walk, 1, "2").right
    assert predict_size(walk, "5×5").right
    assert to_csv(walk).splitlines()[1] == "1,0,0,0,0,0,0,1*1,1,1"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"stride": 2, "output_padding": 2}, "output padding 2 with stride 2: use at most 1"),
        ({"padding": 3}, "padding 3 cuts off all 4 cells: use at most 1"),
        ({"stride": 40}, "an output of 43×43 is more than the 32×32"),
        ({"method": "flip-and-filter"}, "use one of translate-and-scale, matrix form"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        transposed([[1, 2], [3, 4]], np.ones((3, 3), int), **arguments)


@given(
    *[st.integers(1, 4)] * 4,
    *[st.integers(1, 3)] * 2,
    st.integers(0, 2),
    st.integers(0, 2),
    st.integers(0, 2**16),
)
@example(4, 4, 2, 4, 3, 3, 0, 2, 0)
def test_every_walkthrough_ends_on_what_the_core_computes(
    h, w, kh, kw, stride, dilation, padding, extra, seed
):
    random = np.random.default_rng(seed)
    a, b = random.integers(-3, 4, (h, w)), random.integers(-3, 4, (kh, kw))
    options = {"stride": stride, "padding": padding, "dilation": dilation}
    options["output_padding"] = min(extra, stride - 1)
    try:
        expected = conv_transpose2d(a[None, None], b[None, None], **options)[0, 0]
    except ValueError as refused:
        with pytest.raises(ValueError, match=str(refused)):
            transposed(a, b, **options)
        return
    for method in METHODS:
        if method == "matrix form" and a.size * expected.size > MOST_ENTRIES:
            with pytest.raises(ValueError, match="more than the 5,000 that can be shown"):
                transposed(a, b, method, **options)
            continue
        walk = transposed(a, b, method, **options)
        np.testing.assert_array_equal(rows(walk), expected)
        last = np.array([value for _, value in walk.shown(len(walk.steps) - 1)])
        np.testing.assert_array_equal(last.reshape(expected.shape), expected)


@pytest.mark.parametrize(("a", "b"), [([1, 2], [[1]]), ([[1, 2]], [1]), ([1, 2], [1])])
def test_an_input_and_a_kernel_have_two_axes(a, b):
    with pytest.raises(ValueError, match="use an input and a kernel of two axes each"):
        transposed(a, b)


def test_what_is_left_out_is_one_step_no_padding_and_no_gaps():
    a, b = [[1, 2], [3, 4]], [[1, -1], [0, 2]]
    said = {"stride": 1, "padding": 0, "output_padding": 0, "dilation": 1}
    assert transposed(a, b).to_dict() == transposed(a, b, "translate-and-scale", **said).to_dict()


@pytest.mark.parametrize(
    ("wrong", "told"),
    [
        ({"stride": 0}, "stride 0: use a whole number of 1 or more"),
        ({"padding": -1}, "padding -1: use a whole number of 0 or more"),
        ({"dilation": 0}, "dilation 0: use a whole number of 1 or more"),
        ({"output_padding": -1}, "output padding -1: use a whole number of 0 or more"),
    ],
)
def test_each_setting_has_its_least(wrong, told):
    with pytest.raises(ValueError, match=told):
        transposed([[1]], [[1]], **wrong)


def test_an_output_may_be_as_large_as_can_be_shown():
    walk = transposed(np.ones((4, 4), int), np.ones((2, 2), int), stride=10)
    assert walk.shapes["output"] == (32, 32)
    with pytest.raises(ValueError, match="an output of 33×32 is more than the 32×32"):
        transposed(np.ones((4, 4), int), np.ones((3, 2), int), stride=10)


def test_each_patch_says_where_it_goes_and_what_it_meets():
    walk = transposed([["1/2", 2], [0, 3]], [[1, 1], [1, 1]])
    assert [step.sentence for step in walk.steps] == [
        "Input (0, 0) is 1/2: (1/2)×B is added from (0, 0) on.",
        "Input (0, 1) is 2: 2×B is added from (0, 1) on, 2 cells over other patches.",
        "Input (1, 0) is 0: it adds nothing.",
        "Input (1, 1) is 3: 3×B is added from (1, 1) on, 3 cells over other patches.",
    ]
    cut = transposed([[1, 2]], [[1, 1, 1]], padding=(0, 1), stride=3)
    assert [step.sentence for step in cut.steps] == [
        "Input (0, 0) is 1: 1×B is added from (0, 0) on; the padding cuts off 1.",
        "Input (0, 1) is 2: 2×B is added from (0, 2) on; the padding cuts off 1.",
    ]
    one = transposed([[1, 2]], [[1, 1]])
    assert one.steps[1].sentence.endswith("from (0, 1) on, 1 cell over other patches.")
    gone = transposed([[1, 2, 3]], [[1]], padding=(0, 1))
    assert "the padding cuts its whole patch off" in gone.steps[0].sentence


@pytest.mark.parametrize(
    ("stride", "kernel", "notes"),
    [
        (1, 3, ()),
        (2, 2, ()),
        (2, 4, ()),
        (2, 3, ("Inside, an output cell adds up 1, 2 or 4 products",)),
        (3, 4, ("Inside, an output cell adds up 1, 2 or 4 products",)),
    ],
)
def test_uneven_overlaps_are_told_where_the_stride_does_not_divide_the_kernel(
    stride, kernel, notes
):
    walk = transposed(np.ones((2, 2), int), np.ones((kernel, kernel), int), stride=stride)
    assert len(walk.notes) == len(notes)
    for note, begins in zip(walk.notes, notes, strict=True):
        assert note.startswith(begins)


def test_one_cell_that_no_patch_reaches_is_told_as_one():
    walk = transposed([[1, 1]], [[1]], stride=2)
    assert walk.notes == ("1 output cell is reached by no patch: 0 there.",)
    assert walk.shown(1)[1] == ("0", 0.0)
    assert walk.shown(0)[1][0] == ""
