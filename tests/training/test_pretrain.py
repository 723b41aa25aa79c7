"""What the shipped network learns from."""

import numpy as np
import pytest

from cnnlib.data.digits import built_in
from cnnlib.training.config import Config
from cnnlib.training.events import EpochDone
from cnnlib.training.pretrain import Pretraining, split, with_built_in

DIGITS = built_in(100, seed=8)


def test_the_last_twelfth_is_held_out():
    learned, held_out = split(DIGITS)
    assert (len(learned), len(held_out)) == (92, 8)
    assert np.array_equal(np.concatenate([learned.images, held_out.images]), DIGITS.images)
    assert np.array_equal(np.concatenate([learned.labels, held_out.labels]), DIGITS.labels)
    assert 60_000 // 12 == 5_000


def test_too_few_images_to_hold_any_out_are_refused():
    with pytest.raises(ValueError, match="11 images are too few"):
        split(built_in(11))


def test_built_in_digits_are_added_after_the_others():
    together = with_built_in(DIGITS, 30, seed=0)
    assert np.array_equal(together.images[:100], DIGITS.images)
    assert len(np.unique(together.images, axis=0)) == len(together) == 130
    again, other = with_built_in(DIGITS, 30, seed=0), with_built_in(DIGITS, 30, seed=1)
    assert np.array_equal(together.images, again.images)
    assert not np.array_equal(together.images[100:], other.images[100:])


def test_held_out_images_are_not_learned_from():
    changed = built_in(100, seed=8)
    changed.images[92:] = 255 - changed.images[92:]
    networks = []
    for dataset in (DIGITS, changed):
        run = Pretraining(dataset, Config(epochs=1, batch_size=16))
        *_, last = run
        assert isinstance(last, EpochDone)
        networks.append(run.network)
    for first, second in zip(*(n.parameters.values() for n in networks), strict=True):
        assert np.array_equal(first, second)
