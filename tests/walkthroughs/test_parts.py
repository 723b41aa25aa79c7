"""The three methods' common parts: the operands' grids, the output's steps, and their words."""

from math import isnan

import numpy as np
import pytest

from cnnlib.walkthroughs import convolution, parts
from cnnlib.walkthroughs.links import link
from cnnlib.walkthroughs.numbers import letters, numbers

ONES = np.ones(2, int)


@pytest.mark.parametrize(
    ("shape", "operation", "names"),
    [
        ((3,), "convolution", ("a", "b", "a ∗ b")),
        ((3,), "cross-correlation", ("a", "b", "a ⊗ b")),
        ((3, 3), "convolution", ("A", "B", "A ∗ B")),
    ],
)
def test_operands_are_named_by_their_dimensions_and_the_output_by_its_operation(
    shape, operation, names
):
    assert parts.names(link(shape, shape, operation=operation)) == names


def test_terms_stand_in_the_order_of_their_steps_and_add_up_by_output():
    a, b = numbers([1, 2, 3]), numbers([10, 100])
    links = link((3,), (2,))
    columns = {"output": links.output, "input": links.input, "kernel": links.kernel}
    terms = parts.terms_of(a, b, columns, links.kernel)
    assert terms.columns["kernel"].tolist() == [0, 0, 0, 1, 1, 1]
    assert terms.product == ("1×10", "2×10", "3×10", "1×100", "2×100", "3×100")
    assert terms.columns["output"].tolist() == [0, 1, 2, 1, 2, 3]
    assert terms.running.texts == ("10", "20", "30", "120", "230", "300")


def test_padding_is_drawn_as_zeros_around_the_input():
    links = link((1, 2), (1, 3), padding=(0, 1))
    grid = parts.input_grid(numbers([[5, -7]]), links, "A", padded=True)
    assert grid.title == "Input A"
    assert grid.texts == ("0", "5", "−7", "0")
    assert grid.values.tolist() == [0, 5, -7, 0]
    assert grid.cells.tolist() == [-1, 0, 1, -1]
    assert grid.ghosts.tolist() == [0, 3]
    assert (grid.shape, grid.origin, grid.lit_by) == ((1, 4), (0, -1), "place")
    assert grid.limit == 7
    plain = parts.input_grid(numbers([[5, -7]]), links, "A", padded=False)
    assert plain.texts == ("5", "−7")
    assert plain.ghosts.tolist() == []
    assert (plain.shape, plain.origin, plain.lit_by) == ((1, 2), (0, 0), "input")


def test_padding_that_repeats_cells_shows_them():
    links = link((1, 2), (1, 3), padding=(0, 1), padding_mode="circular")
    grid = parts.input_grid(numbers([[5, -7]]), links, "A", padded=True)
    assert grid.texts == ("−7", "5", "−7", "5")
    assert grid.values.tolist() == [-7, 5, -7, 5]
    assert grid.ghosts.tolist() == [0, 3]


def test_a_kernel_is_drawn_as_it_lies_or_as_it_slides():
    links, b = link((3, 3), (1, 2)), numbers([[1, -2]])
    lies, slides = (parts.kernel_grid(b, links, "B", flipped=flipped) for flipped in (False, True))
    assert (lies.id, lies.role, lies.title) == ("kernel", "kernel", "Kernel B")
    assert (slides.id, slides.role) == ("flipped", "flipped kernel")
    assert (lies.texts, slides.texts) == (("1", "−2"), ("−2", "1"))
    assert (lies.values.tolist(), slides.values.tolist()) == ([1, -2], [-2, 1])
    for grid in (lies, slides):
        assert grid.tie.tolist() == grid.cells.tolist()
        assert (grid.shape, grid.limit, grid.lit_by) == ((1, 2), 2, "kernel")
    assert lies.cells.tolist() == [0, 1]
    assert (lies.editable, slides.editable) == (True, False)


@pytest.mark.parametrize(("cells", "editable"), [(16, True), (17, False)])
def test_a_long_signal_is_shown_and_not_typed_into(cells, editable):
    assert parts.LONGEST_EDITABLE == 16
    assert parts.is_editable(numbers([0] * cells), link((cells,), (1,))) is editable
    assert parts.is_editable(numbers([[0] * cells]), link((1, cells), (1, 1)))
    assert not parts.is_editable(letters("ab", (2,)), link((2,), (1,)))


@pytest.mark.parametrize(
    ("values", "limit"),
    [([1, -3], 3), ([0, 0], 1), ([np.nan, np.nan], 1), ([np.nan, 0.25], 0.25)],
)
def test_a_colour_scale_ends_at_the_largest_magnitude_or_at_1(values, limit):
    assert parts.limit(np.array(values, float)) == limit


def test_letters_have_no_value_to_colour_by():
    assert all(map(isnan, parts.values_of(letters("ab", (2,)))))
    assert parts.values_of(numbers([1, "1/2"])).tolist() == [1, 0.5]


def test_the_output_is_drawn_as_it_lies_or_as_a_column():
    links = link((2, 2), (1, 1))
    columns = {"output": links.output, "input": links.input, "kernel": links.kernel}
    terms = parts.terms_of(numbers([[1, 2], [3, -4]]), numbers([[2]]), columns, links.output)
    lies, stands = (parts.output_grid(terms, links, "C", column=column) for column in (False, True))
    assert (lies.shape, stands.shape) == ((2, 2), (4, 1))
    for grid in (lies, stands):
        assert grid.title == "Output C"
        assert grid.texts == ("2", "4", "6", "−8")
        assert grid.limit == 8


@pytest.mark.parametrize(
    ("cells", "told"),
    [
        (9, " + ".join(["1×1"] * 9) + " = 9"),
        (10, "10 products add up to 10"),
    ],
)
def test_up_to_nine_products_are_written_out(cells, told):
    walk = convolution([1] * cells, [1] * cells, padding="valid")
    assert walk.steps[0].sentence == f"Output 0: {told}."
    letters_of = letters("abcdefghij"[:cells], (cells,))
    lettered = convolution(letters_of, letters_of, padding="valid").steps[0]
    assert lettered.sentence == f"Output 0: {lettered.sum}."
    assert lettered.value is None
    assert isnan(lettered.shows[0][1])


def test_an_output_that_only_padding_reaches_is_0():
    step = convolution([1, 2], ONES, padding=3).steps[0]
    assert (step.terms, step.sum, step.value, step.shows) == ((0, 0), "0", 0, {0: ("0", 0.0)})
    assert step.sentence == "Output 0: nothing but zero padding, so 0."


@pytest.mark.parametrize(
    ("kernel", "told"),
    [
        ([1, 1], "The 1 weight on the zero padding adds nothing."),
        ([1, 1, 1], "The 2 weights on the zero padding add nothing."),
    ],
)
def test_weights_on_the_padding_are_counted(kernel, told):
    assert convolution([5, 5, 5], kernel).steps[0].sentence.endswith(told)
    assert "padding" not in convolution([5, 5, 5], kernel).steps[2].sentence
