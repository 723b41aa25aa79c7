"""Accuracy is counted on all images, by NumPy."""

import numpy as np

from cnnlib.data import Dataset
from cnnlib.network import Flatten, Linear, Network
from cnnlib.runs.evaluate import count_correct


def test_every_image_is_counted_across_batches():
    # The brightest of an image's first ten pixels is the guess.
    reader = Network([("flatten", Flatten()), ("logits", Linear(np.eye(10, 784), np.zeros(10)))])
    rng = np.random.default_rng(0)
    guesses, labels = rng.integers(0, 10, (2, 617), dtype=np.uint8)
    images = np.zeros((617, 28, 28), np.uint8)
    images[np.arange(617), 0, guesses] = 200
    expected = int((guesses == labels).sum())
    assert 0 < expected < 617
    assert count_correct(reader, Dataset(images, labels, "dots")) == expected
