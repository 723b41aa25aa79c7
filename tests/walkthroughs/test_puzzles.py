"""No puzzle is solved at its beginning, each can be solved, and no rule can be got around."""

import pytest

from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.numbers import numbers
from cnnlib.walkthroughs.puzzles import PUZZLES
from cnnlib.walkthroughs.typed import read_grid


def judged(name, a=None, b=None, **options):
    puzzle = PUZZLES[name]
    a = puzzle.start.a if a is None else numbers(read_grid(a, 16, 16))
    b = puzzle.start.b if b is None else numbers(read_grid(b, 7, 7))
    walk = convolution(a, b, "flip-and-filter", **(puzzle.start.options | options))
    return puzzle.check(a, b, walk)


@pytest.mark.parametrize("name", PUZZLES)
def test_a_puzzle_is_not_solved_as_it_begins_and_is_by_its_solution(name):
    assert not judged(name).right
    verdict = judged(name, **PUZZLES[name].solution)
    assert verdict.right
    assert verdict.sentence == f"Solved. {PUZZLES[name].moral}"


@pytest.mark.parametrize(
    ("name", "kernel"),
    [
        ("copy", "1"),  # of another size
        ("average", "1/9,1/9,1/9;1/9,1/9,1/9;1/9,1/9,1/9"),  # exact: no float's rounding
        ("silence", "1,-2,1"),
        ("silence", "0,1,0;1,-4,1;0,1,0"),
        ("flip", "1,2;2,1"),
    ],
)
def test_other_solutions_count_too(name, kernel):
    assert judged(name, b=kernel).right


def test_dilation_shrinks_as_well():
    assert judged("shrink", dilation=2).right


@pytest.mark.parametrize(
    ("name", "changed", "sentence"),
    [
        ("copy", {}, "Not yet: 18 of 42 outputs are right."),
        ("copy", {"a": "0,0;0,0", "b": "1"}, "Not yet: the input must stay as it was."),
        ("shrink", {"b": "1,1;1,1"}, "Not yet: the kernel must stay as it was."),
        ("shrink", {}, "Not yet: the output is 5×5, and should be 3×3."),
        ("copy", {"padding": "valid"}, "Not yet: the output is 4×5, and should be 6×7."),
        ("average", {"b": "1"}, "Not yet: at least 4 weights must be other than 0."),
        ("silence", {"b": "0,0"}, "Not yet: at least 2 weights must be other than 0."),
        ("flip", {"b": "1"}, "Not yet: at least 2 weights must be other than 0."),
    ],
)
def test_what_is_missing_is_said(name, changed, sentence):
    verdict = judged(name, **changed)
    assert (verdict.right, verdict.sentence) == (False, sentence)


def test_moving_a_convolution_takes_the_opposite_weight():
    right, left = "0,0,0;1,0,0;0,0,0", "0,0,0;0,0,1;0,0,0"
    assert judged("move", b=right).right
    assert not judged("move", b=left).right
    assert judged("move", b=left, operation="convolution").right


def line(*cells, times=1):
    return ";".join([",".join(map(str, cells))] * times)


@pytest.mark.parametrize(
    ("name", "a", "b", "options", "least"),
    [
        (
            "copy",
            "0,0,0,0,0,0,0;0,0,0,6,0,0,0;0,0,6,9,6,0,0;0,0,0,6,0,0,0;0,0,0,3,0,0,0;0,0,0,0,0,0,0",
            line(1, 1, 1, times=3),
            {"operation": "cross-correlation", "padding": "same"},
            0,
        ),
        (
            "move",
            "0,0,0,0,0,0,0;0,0,0,6,0,0,0;0,0,6,9,6,0,0;0,0,0,6,0,0,0;0,0,0,3,0,0,0;0,0,0,0,0,0,0",
            "0,0,0;0,1,0;0,0,0",
            {"operation": "cross-correlation", "padding": "same"},
            0,
        ),
        (
            "average",
            line(8, 8, 8, 8, 8, times=5),
            line(1, 1, 1, times=3),
            {"operation": "cross-correlation", "padding": "valid"},
            4,
        ),
        (
            "silence",
            ";".join(line(*range(row, row + 12, 2)) for row in range(5)),
            "0,0,0;-1,0,1;0,0,0",
            {"operation": "cross-correlation", "padding": "valid"},
            2,
        ),
        (
            "edge",
            line(0, 0, 0, 9, 9, 9, times=6),
            "1,1",
            {"operation": "cross-correlation", "padding": "valid"},
            0,
        ),
        (
            "flip",
            line(0, 0, 0, 9, 9, 9, times=6),
            "1,0,-1;2,0,-2;1,0,-1",
            {"operation": "convolution", "padding": "valid"},
            2,
        ),
        (
            "shrink",
            ";".join(line(*((7 * row + column) % 5 for column in range(7))) for row in range(7)),
            None,
            {"operation": "cross-correlation", "padding": "valid"},
            0,
        ),
    ],
)
def test_each_puzzle_begins_with_its_picture_its_kernel_and_its_rule(name, a, b, options, least):
    puzzle = PUZZLES[name]
    assert puzzle.start.a.to_text() == a
    assert b is None or puzzle.start.b.to_text() == b
    assert (puzzle.start.options, puzzle.least) == (options, least)


@pytest.mark.parametrize(
    ("name", "kernel", "right"),
    [
        ("average", "1/4,1/4;1/4,1/4", True),  # exactly as many weights as are asked for
        ("average", "1/3,1/3,1/3", False),
        ("silence", "1,0;0,-1", False),
        ("edge", "-1,1", True),
        ("edge", "1,-1", False),
        ("flip", "0,1;1,0", True),
        ("move", "1,0", False),  # a column to the right, but one is lost on the left
    ],
)
def test_the_least_that_is_asked_for_is_enough(name, kernel, right):
    assert judged(name, b=kernel).right is right
