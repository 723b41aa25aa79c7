import numpy as np
import pytest

from cnnlib import data
from cnnlib.data import Dataset, digits, load, mnist

IMAGES, LABELS = np.zeros((3, 28, 28), np.uint8), np.array([1, 2, 9], np.uint8)


def test_a_dataset_counts_its_images():
    assert len(Dataset(IMAGES, LABELS, "three")) == 3


@pytest.mark.parametrize(
    ("images", "labels", "message"),
    [
        (IMAGES[:2], LABELS, r"images of shape \(2, 28, 28\) and labels of shape \(3,\)"),
        (IMAGES[:, None], LABELS, r"images of shape \(3, 1, 28, 28\)"),
        (IMAGES.astype(float), LABELS, "images are float64 and labels uint8"),
        (IMAGES, LABELS.astype(int), "images are uint8 and labels int64"),
        (IMAGES, LABELS + 3, "label 12 is not a digit"),
    ],
)
def test_what_is_no_dataset_is_refused(images, labels, message):
    with pytest.raises(ValueError, match=message):
        Dataset(images, labels, "wrong")


def test_names_of_built_in_digits_say_their_variety_and_splits_their_seed(monkeypatch):
    asked = []

    def watched(n, *, seed, variety):
        asked.append((n, seed, variety))
        return Dataset(IMAGES, LABELS, "watched")

    monkeypatch.setattr(digits, "built_in", watched)
    for name in ("built-in", "built-in-wild"):
        for split in ("train", "test"):
            load(name, split)
    assert asked == [(60_000, 0, 0.3), (10_000, 1, 0.3), (60_000, 0, 1.0), (10_000, 1, 1.0)]


def test_anything_else_is_mnist_or_a_folder(monkeypatch, tmp_path):
    asked = []
    monkeypatch.setattr(mnist, "load", lambda folder, split: asked.append((folder, split)))
    load("mnist", "test")
    load(tmp_path)
    assert asked == [(None, "test"), (tmp_path, "train")]


def test_an_unknown_split_is_refused():
    with pytest.raises(ValueError, match="split 'validation' is neither"):
        load("built-in", "validation")


def test_the_list_of_built_in_names_is_what_load_takes():
    assert set(data.BUILT_IN) == {"built-in", "built-in-wild"}
