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
