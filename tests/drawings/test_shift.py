import numpy as np
import pytest

from cnnlib.drawings.shift import change, shifted


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (1, 0), (0, -2), (-1, 2), (5, 0), (0, -9)])
def test_a_shift_is_a_roll_with_zeros_behind_it(rows, columns):
    image = np.arange(1, 13).reshape(3, 4)
    padded = np.pad(image, 9)
    moved = np.roll(padded, (rows, columns), (0, 1))[9:12, 9:13]
    np.testing.assert_array_equal(shifted(image, rows, columns), moved)


def test_a_change_is_relative_to_what_was_there():
    assert change(np.array([3.0, 4.0]), np.array([3.0, 9.0])) == 1.0
    assert change(np.zeros(2), np.zeros(2)) == 0
    assert change(np.zeros(2), np.ones(2)) == np.inf
