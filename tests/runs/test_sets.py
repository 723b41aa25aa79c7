"""The images to learn from and to validate on are the same each time, and share no image."""

from dataclasses import replace

import numpy as np
import pytest

from cnnlib.data.digits import built_in
from cnnlib.runs import sets
from cnnlib.runs.config import TrainConfig
from tests.data.test_idx import idx_bytes

CONFIG = TrainConfig(images=300, batch_size=10)


def same(one, other) -> bool:
    return np.array_equal(one.images, other.images) and np.array_equal(one.labels, other.labels)


@pytest.fixture
def folder(tmp_path):
    digits = built_in(720, seed=2)
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx_bytes(digits.images))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(digits.labels))
    return str(tmp_path), digits


@pytest.mark.parametrize("data", ["built-in", "built-in-wild"])
def test_built_in_digits_come_from_the_seed_and_validation_from_its_own(data):
    config = replace(CONFIG, data=data)
    learned, held_out = sets.make(config)
    again, same_held_out = sets.make(config)
    other, also_held_out = sets.make(replace(config, seed=1))
    assert len(learned) == 300
    assert same(learned, again)
    assert not same(learned, other)
    assert same(held_out, same_held_out)
    assert same(held_out, also_held_out)
    assert same(held_out, sets.validation(config))
    pictures = {image.tobytes() for image in learned.images}
    assert not pictures & {image.tobytes() for image in held_out.images}


def test_wild_digits_are_wilder():
    spread = [
        sets.validation(replace(CONFIG, data=data)).images.std(axis=0).mean()
        for data in ("built-in", "built-in-wild")
    ]
    assert spread[1] > spread[0]


@pytest.mark.parametrize(("images", "count"), [(10, 500), (700, 700), (20_000, 5_000)])
def test_a_measurement_takes_no_more_images_than_it_takes_to_learn(images, count):
    config = replace(CONFIG, images=images)
    assert len(sets.validation(config)) == count


def test_of_a_folder_the_last_twelfth_is_held_out_and_the_first_images_are_learned_from(folder):
    path, digits = folder
    config = replace(CONFIG, data=path)
    learned, held_out = sets.make(config)
    assert np.array_equal(learned.images, digits.images[:300])
    assert np.array_equal(held_out.images, digits.images[660:])
    assert same(held_out, sets.validation(config))
    everything, _ = sets.make(replace(config, images=5_000))
    assert np.array_equal(everything.labels, digits.labels[:660])
    assert sets.VALIDATION == 60_000 // 12


def test_too_few_images_to_hold_any_out_are_refused():
    with pytest.raises(ValueError, match="11 images are too few"):
        sets.split(built_in(11))


def test_a_part_says_which_it_is():
    digits = built_in(30)
    assert sets.part(digits, 0, 30) is digits
    assert sets.part(digits, 10, 50).name == "built-in digits, variety 0, 10 to 30"
