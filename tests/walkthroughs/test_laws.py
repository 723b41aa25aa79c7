"""The commutative and the associative law hold, or not, exactly, on random numbers."""

from hypothesis import given
from hypothesis import strategies as st

from cnnlib.walkthroughs import associativity, commutativity, convolution

cells = st.lists(st.sampled_from(["0", "1", "−2", "1/3", "0.5"]), min_size=1, max_size=5)
CROSS = "cross-correlation"


@given(cells, cells, cells)
def test_a_convolution_is_commutative_and_associative(a, b, c):
    assert commutativity(a, b).equal
    assert associativity(a, b, c).equal


@given(cells, cells)
def test_swapping_a_cross_correlation_turns_it_round(a, b):
    sides = commutativity(a, b, operation=CROSS)
    left, right = (side[-1].grid("output").values for side in (sides.left, sides.right))
    assert left.tolist() == right[::-1].tolist()
    assert sides.equal == (left.tolist() == right.tolist())


def test_a_cross_correlation_is_neither():
    assert not commutativity([2, -1, 1], [1, 1, 2], operation=CROSS).equal
    assert not associativity([2, -1, 1], [1, 1, 2], [1, -1], operation=CROSS).equal


def test_both_sides_are_told_in_order():
    sides = associativity([2, -1, 1], [1, 1, 2], [1, -1], "matrix form")
    inner, outer = sides.left
    assert inner.grid("output").texts == ("1", "0", "1", "−2")
    assert outer.grid("kernel").texts == inner.grid("output").texts
    assert [walk.method for walk in (*sides.left, *sides.right)] == ["matrix form"] * 4
    assert sides.right[0].grid("output").texts == ("2", "1", "4", "−1", "2")
    assert outer.grid("output").texts == sides.right[1].grid("output").texts


def test_the_steps_of_swapped_operands_differ():
    sides = commutativity([2, -1, 1], [1, 1, 2, 3])
    sentences = [[step.sentence for step in side[0].steps] for side in (sides.left, sides.right)]
    assert sentences[0] != sentences[1]


def test_the_longest_operands_go_in():
    ones = [1] * 16
    assert associativity(ones, ones, ones).equal
    assert convolution([1] * 31, ones).shapes["output"] == (1, 46)
