"""Wrong arrays are refused with a sentence that quotes the caller's own numbers."""

import re

import numpy as np
import pytest

from cnnlib.checks import pair, real_array, whole


@pytest.mark.parametrize(
    ("values", "message"),
    [
        ([[1.0, 2.0]], "kernel has shape (1, 2): it needs 1 axes (K), not 2"),
        ([], "kernel has shape (0,): every axis needs at least 1 entry"),
        ([1.0, np.nan, np.inf], "kernel holds nan at (1,): every value must be a finite number"),
        ([1.0, -np.inf], "kernel holds -inf at (1,)"),
        (["a"], "kernel holds <U1: use integers or floating-point numbers"),
        ([1j], "kernel holds complex128"),
        ([True], "kernel holds bool"),
        ([None], "kernel holds object"),
    ],
)
def test_what_is_no_real_number_is_refused(values, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        real_array("kernel", values, "K")


@pytest.mark.parametrize("dtype", [np.float16, np.float32, np.float64])
def test_numbers_whose_squares_overflow_are_finite_all_the_same(dtype):
    largest = np.full(3, np.finfo(dtype).max)
    assert np.array_equal(real_array("x", largest, "K"), largest)


def test_opposite_infinities_do_not_hide_each_other():
    with pytest.raises(ValueError, match="holds inf at"):
        real_array("x", [np.inf, -np.inf], "K")


def test_floats_keep_their_type_and_integers_get_room():
    assert real_array("x", np.ones(2, np.float32), "K").dtype == np.float32
    assert real_array("x", np.ones(2, np.uint8), "K").dtype == np.int64


@pytest.mark.parametrize("value", [0, -1, 1.0, "1", None])
def test_a_whole_number_is_no_less_and_no_fraction(value):
    with pytest.raises(ValueError, match=f"stride {value}: use a whole number of 1 or more"):
        whole("stride", value, 1)


@pytest.mark.parametrize("value", [(1,), (1, 2, 3), []])
def test_a_pair_is_two(value):
    with pytest.raises(ValueError, match="use one number, or two for rows and columns"):
        pair("stride", value, 1)


def test_numpy_integers_are_whole_numbers():
    assert pair("stride", np.int64(2), 1) == (2, 2)
    assert pair("stride", [np.int64(2), 3], 1) == (2, 3)


def test_an_array_that_needs_no_change_is_not_copied():
    for given in (np.ones(2), np.ones(2, np.int64)):
        assert real_array("x", given, "K") is given


def test_the_least_number_is_allowed():
    assert whole("padding", 0, 0) == 0
    assert pair("padding", (0, 1), 0) == (0, 1)
    for value in ((-1, 0), (0, -1)):
        with pytest.raises(ValueError, match="padding -1: use a whole number of 0 or more"):
            pair("padding", value, 0)
