"""Shifted copies: which operand is copied, how many may be, and what each of them is called."""

import numpy as np
import pytest

from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.copies import MOST_CELLS, MOST_COPIES
from cnnlib.walkthroughs.numbers import letters


def told(a, b, **more):
    return convolution(a, b, "translate-and-scale", **more)


def copies(walk):
    return [grid for grid in walk.grids if grid.role == "copy"]


@pytest.mark.parametrize(("shape", "copied"), [((16,), 16), ((17,), 3), ((2, 8), 3), ((1, 17), 3)])
def test_the_kernel_of_a_short_signal_is_copied_and_else_the_input(shape, copied):
    kernel = np.ones(3, int) if len(shape) == 1 else np.ones((1, 3), int)
    assert len(copies(told(np.ones(shape, int), kernel))) == copied


def test_either_operand_can_be_copied_on_demand():
    for copied, count, who in (("kernel", 2, "Input"), ("input", 3, "Weight")):
        walk = told([1, 2], [1, 1, 3], copied=copied)
        assert len(copies(walk)) == len(walk.steps) == count
        assert walk.steps[1].sentence.startswith(f"{who} 1 is ")
        assert [grid.step for grid in copies(walk)] == list(range(count))
    with pytest.raises(ValueError, match="copies of 'both': use 'input' or 'kernel'"):
        told([1, 2], [1, 1, 3], copied="both")


@pytest.mark.parametrize(("weights", "title"), [(6, "2×(1, 1, 1, 1, 1, 1) at 0"), (7, "2×b at 0")])
def test_up_to_six_numbers_of_a_copy_are_listed(weights, title):
    assert copies(told([2, 1], [1] * weights))[0].title == title


@pytest.mark.parametrize(
    ("arguments", "more", "title"),
    [
        (([2, 1], ["1/2", 1]), {}, "2×(1/2, 1) at 0"),
        ((["1/2", 1], [1, 2]), {}, "(1/2)×(1, 2) at 0"),
        (([2, 1], [1] * 7), {"operation": "cross-correlation"}, "2×b reversed at 0"),
        (([1, 2], [3, 4]), {"copied": "input"}, "3×a at 0"),
        (([1, 2, 3], [3, 4]), {"copied": "input", "padding": "valid"}, "3×part of a from 1 at 0"),
        (([1, 2, 3], [3, 4]), {"padding": "valid"}, "1×(4) at 0"),
        (([1, 2, 3], [0, 4]), {"padding": "same", "copied": "input"}, "0×a at 0"),
        (
            ([1, 2, 3], [3, 4]),
            {"copied": "input", "padding": 1, "padding_mode": "circular"},
            "3×part of padded a from 0 at 0",
        ),
        (([[1, 2]], [[3], [4]]), {}, "3×A at (0, 0)"),
    ],
)
def test_a_copy_is_called_by_what_it_is_and_where_it_begins(arguments, more, title):
    assert copies(told(*arguments, **more))[0].title == title


def test_a_copy_of_nothing_is_left_out_and_said_to_add_nothing():
    walk = told([2, 0, 1], [1, 1])
    assert [name for line in walk.panel.lines for name in line] == [
        *("", "copy0", "+", "copy2", "=", "output")
    ]
    assert walk.steps[1].sentence == "Input 1 is 0: it adds nothing."
    assert walk.steps[0].sentence == "Input 0 is 2: 2×(1, 1) at 0 is added."


def test_copies_of_pictures_stand_in_one_line():
    walk = told([[1, 2], [3, 4]], [[1, -1]])
    assert walk.panel.lines == (("copy0", "+", "copy1", "=", "output"),)


def test_an_output_that_no_copy_reaches_is_0_after_the_last_one():
    walk = told([1, 2], [1, 1], padding=3)
    before, last = (walk.shown(step) for step in (len(walk.steps) - 2, len(walk.steps) - 1))
    assert [text for text, _ in last] == list(walk.grid("output").texts)
    assert [value for _, value in last] == walk.grid("output").values.tolist()
    assert last[0] == ("0", 0.0)
    assert before[0][0] == ""


def test_a_weight_that_touches_no_output_says_so():
    walk = told([1, 2, 3, 4], [1, 1, 5], padding="valid", stride=2, copied="kernel")
    untouched = [step for step in walk.steps if not step.shows]
    assert all("it touches no output" in step.sentence for step in untouched)
    assert [grid.title for grid in copies(walk)].count("nothing") == len(untouched) == 1


def test_the_output_so_far_is_the_sum_of_the_copies_so_far():
    walk = told([[1, -2], [3, "1/2"]], [[2, 1], [0, -1]])
    total = np.zeros(walk.grid("output").values.shape)
    for number, copy in enumerate(copies(walk)):
        total += np.nan_to_num(copy.values)
        shown = np.array([value for _, value in walk.shown(number)])
        reached = ~np.isnan(shown)
        np.testing.assert_allclose(shown[reached], total[reached])
    np.testing.assert_allclose(total, walk.grid("output").values)


def test_only_so_many_copies_and_cells_are_drawn():
    assert (MOST_COPIES, MOST_CELLS) == (49, 40_000)
    assert len(copies(told(np.ones((9, 9), int), np.ones((7, 7), int)))) == 49
    with pytest.raises(ValueError, match=r"^50 copies of 51 cells are more than can be shown"):
        told(np.ones(50, int), [1, 1], copied="kernel")
    with pytest.raises(ValueError, match=r"copies of 1,089 cells .*\(49 copies, 40,000 cells\)"):
        told(np.ones((27, 27), int), np.ones((7, 7), int))


def test_letters_are_added_as_they_are_written():
    walk = told(letters("ab", (2,)), letters("wx", (2,)))
    assert [text for text, _ in walk.shown(1)] == ["aw", "ax + bw", "bx"]
