"""Transposed digits are noticed, and upright ones are left as they are."""

import numpy as np
import pytest

from cnnlib.data import load
from cnnlib.data.digits import built_in
from cnnlib.data.upright import lies_transposed
from tests.data.test_idx import idx_bytes


@pytest.mark.parametrize("variety", [0.3, 1.0])
def test_only_transposed_digits_are_noticed(variety):
    digits = built_in(60, seed=5, variety=variety)
    assert not lies_transposed(digits.images, digits.labels)
    assert lies_transposed(digits.images.transpose(0, 2, 1), digits.labels)


def test_noise_and_digits_that_are_labelled_wrong_are_left_alone():
    rng = np.random.default_rng(0)
    noise = rng.integers(0, 256, (40, 28, 28), np.uint8)
    labels = rng.integers(0, 10, 40).astype(np.uint8)
    assert not lies_transposed(noise, labels)
    assert not lies_transposed(built_in(40, seed=1).images, labels)


@pytest.mark.parametrize("name", ["emnist-digits-{}", "emnist-mnist-{}", "{}"])
@pytest.mark.parametrize("split", ["train", "test"])
def test_a_folder_of_emnist_is_set_upright_and_says_so(tmp_path, name, split):
    digits = built_in(30, seed=5)
    word = name.format({"train": "train", "test": "test" if "emnist" in name else "t10k"}[split])
    for kind, array in (
        ("images-idx3", digits.images.transpose(0, 2, 1)),
        ("labels-idx1", digits.labels),
    ):
        (tmp_path / f"{word}-{kind}-ubyte").write_bytes(idx_bytes(np.ascontiguousarray(array)))
    read = load(tmp_path, split)
    assert np.array_equal(read.images, digits.images)
    assert read.images.flags.c_contiguous
    assert read.name.endswith(f"{split} images, whose rows and columns were exchanged, set upright")


def test_a_folder_of_upright_digits_stays_as_it_is(tmp_path):
    digits = built_in(30, seed=5)
    for kind, array in (("images-idx3", digits.images), ("labels-idx1", digits.labels)):
        (tmp_path / f"emnist-digits-train-{kind}-ubyte").write_bytes(idx_bytes(array))
    read = load(tmp_path)
    assert np.array_equal(read.images, digits.images)
    assert "exchanged" not in read.name
