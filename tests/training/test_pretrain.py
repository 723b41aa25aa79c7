"""The shipped network's images are as SOURCES.md says, and its recipe can be followed."""

import numpy as np

from cnnlib.data.digits import built_in
from cnnlib.training.pretrain import pretraining_sets, with_built_in

DIGITS = built_in(100, seed=8)


def test_the_last_twelfth_is_held_out_and_an_eighth_of_built_in_digits_is_added():
    learned, held_out = pretraining_sets(DIGITS, seed=0)
    assert (len(learned), len(held_out)) == (92 + 11, 8)
    assert np.array_equal(learned.images[:92], DIGITS.images[:92])
    assert np.array_equal(learned.labels[:92], DIGITS.labels[:92])
    assert np.array_equal(held_out.images, DIGITS.images[92:])


def test_built_in_digits_are_added_after_the_others():
    together = with_built_in(DIGITS, 30, seed=0)
    assert np.array_equal(together.images[:100], DIGITS.images)
    assert len(np.unique(together.images, axis=0)) == len(together) == 130
    again, other = with_built_in(DIGITS, 30, seed=0), with_built_in(DIGITS, 30, seed=1)
    assert np.array_equal(together.images, again.images)
    assert not np.array_equal(together.images[100:], other.images[100:])
