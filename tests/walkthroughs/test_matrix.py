"""The matrix of a convolution: its shape, its ties, its counts, and how large it may be."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.matrix import MOST_ENTRIES
from cnnlib.walkthroughs.numbers import letters


def told(a, b, **more):
    return convolution(a, b, "matrix form", **more)


@given(
    st.integers(1, 5),
    st.integers(1, 5),
    st.integers(1, 3),
    st.integers(1, 3),
    st.sampled_from(["zero", "circular"]),
    st.integers(0, 2**16),
)
def test_the_matrix_times_the_input_is_the_output(h, w, kh, kw, mode, seed):
    random = np.random.default_rng(seed)
    a, b = random.integers(-3, 4, (h, w)), random.integers(-3, 4, (kh, kw))
    walk = told(a, b, padding="full" if mode == "zero" else "same", padding_mode=mode)
    matrix, output = walk.grid("matrix"), walk.grid("output")
    assert matrix.shape == (len(output.values), a.size)
    product = matrix.values.reshape(matrix.shape) @ a.ravel()
    np.testing.assert_array_equal(product, output.values)
    # An entry that holds one weight bears its number, and its value.
    one = matrix.tie >= 0
    np.testing.assert_array_equal(matrix.values[one], b.ravel()[matrix.tie[one]])
    assert set(matrix.tie[~one]) <= {-1, -2}
    np.testing.assert_array_equal(matrix.tie == -1, np.array(matrix.texts) == "")
    assert walk.facts == {
        "entries": matrix.values.size,
        "weights": int((matrix.tie != -1).sum()),
        "non-zeros": int((matrix.values != 0).sum()),
        "parameters": len({*walk.terms.columns["kernel"].tolist()}),
    }


def test_entries_of_several_weights_are_marked():
    walk = told([1, 2], [1, 2, 3], padding="same", padding_mode="circular")
    matrix = walk.grid("matrix")
    assert matrix.values.reshape(2, 2).tolist() == [[2, 4], [4, 2]]
    assert matrix.tie.tolist() == [1, -2, -2, 1]
    assert matrix.texts == ("2", "4", "4", "2")


def test_blank_entries_are_0_though_letters_have_no_value():
    matrix = told(letters("ab", (2,)), letters("wx", (2,))).grid("matrix")
    assert matrix.texts == ("w", "", "x", "w", "", "x")
    np.testing.assert_array_equal(matrix.values, [np.nan, 0, np.nan, np.nan, 0, np.nan])


def test_vectors_stand_upright_and_are_named_where_they_are_pictures():
    line, picture = told([2, -1, 1], [1, 1, 2]), told([[1, 2], [3, 4]], [[1, 1]])
    assert [line.grid(name).shape for name in ("matrix", "vector", "result")] == [
        *((5, 3), (3, 1), (5, 1))
    ]
    assert (line.grid("vector").title, line.grid("result").title) == ("Input a", "Output a ∗ b")
    assert [picture.grid(name).shape for name in ("matrix", "vector", "result")] == [
        *((6, 4), (4, 1), (6, 1))
    ]
    assert picture.grid("vector").title == "A, row by row"
    assert picture.grid("result").title == "A ∗ B, row by row"
    assert picture.grid("matrix").title == "Matrix, 6×4"
    assert line.remark == ""
    assert picture.remark == "24 entries · 8 weights · 8 non-zeros · 2 parameters"


def test_a_row_lights_its_blank_entries_too():
    walk = told([2, -1, 1], [1, 1, 2])
    for row in range(5):
        assert walk.lit(row)["matrix"].tolist() == [3 * row, 3 * row + 1, 3 * row + 2]


def test_so_large_a_matrix_is_drawn_and_no_larger():
    assert MOST_ENTRIES == 5_000
    picture = np.ones((10, 10), int)
    walk = told(picture, np.ones((1, 6), int), padding="valid")
    assert walk.grid("matrix").shape == (50, 100)
    with pytest.raises(
        ValueError, match=r"would have 60 × 100 = 6,000 entries, more than the 5,000"
    ):
        told(picture, np.ones((1, 5), int), padding="valid")
