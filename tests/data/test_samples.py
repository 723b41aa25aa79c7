"""Digits and pictures stay as they were, because recordings and links name them by a number.

`samples.npz` keeps some of them. Where they change with good reason, and every recording is made
anew, `python -m tests.data.test_samples` writes the file again.
"""

from pathlib import Path

import numpy as np
import pytest

from cnnlib.data.digits import built_in, sample_strokes
from cnnlib.data.scenes import card, scene

FILE = Path(__file__).with_name("samples.npz")
PATCH = 8


def in_patches(picture):
    """Return the sum of each patch of 8×8 pixels: little to keep, and no pixel left out."""
    height, width, channels = picture.shape
    patches = picture.reshape(height // PATCH, PATCH, width // PATCH, PATCH, channels)
    return patches.sum(axis=(1, 3))


def strokes(variety):
    """Return the points of every digit in some hands, one below the other."""
    written = [sample_strokes(label, seed, variety) for label in range(10) for seed in range(3)]
    return np.array([point for drawing in written for stroke in drawing for point in stroke])


def samples():
    neat, wild = (built_in(40, seed=11, variety=variety) for variety in (0.0, 1.0))
    return {
        "neat": neat.images,
        "neat_labels": neat.labels,
        "wild": wild.images,
        "wild_labels": wild.labels,
        "neat_strokes": strokes(0.0).astype(np.int16),
        "wild_strokes": strokes(1.0).astype(np.int16),
        "scene": in_patches(scene()).astype(np.uint16),
        "card": card()[..., 0],
    }


KEPT = dict(np.load(FILE)) if FILE.exists() else {}


@pytest.fixture(scope="module")
def made():
    return samples()


# Another processor may round a sine otherwise: that moves a level by one, here and there.
@pytest.mark.parametrize(
    ("name", "most"),
    [
        *(("neat", 2), ("wild", 2), ("neat_labels", 0), ("wild_labels", 0)),
        *(("neat_strokes", 1), ("wild_strokes", 1), ("scene", 4), ("card", 1)),
    ],
)
def test_what_is_drawn_stays_as_it_was(made, name, most):
    now, before = made[name], KEPT[name]
    assert now.shape == before.shape
    assert np.abs(now.astype(int) - before).max() <= most


if __name__ == "__main__":
    np.savez_compressed(FILE, **samples())
