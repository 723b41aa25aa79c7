"""Accuracy of the shipped network on MNIST's held-out images: as they are, moved, scaled, turned.

The benchmark needs MNIST's training images, whose last 5,000 the network did not learn from. Name
their folder in the environment variable MNIST_DIR.
"""

import os
from collections.abc import Callable
from pathlib import Path

import numpy as np
from scipy import ndimage

from benchmarks.report import Row
from cnnlib.data import Dataset, mnist
from cnnlib.drawings.images import frame, resize
from cnnlib.network import Network
from cnnlib.runs.evaluate import count_correct

WEIGHTS = Path(__file__).parents[1] / "assets" / "models" / "digits.npz"
HELD_OUT = 5_000
PAD = 112  # pixels along the pad's raster, 4 for each of 28


def run() -> list[Row]:
    """Measure the shipped network and return the rows."""
    network = Network.load(WEIGHTS)
    rows = [
        Row("the network's parameters", network.parameter_count / 1000, "k", 100),
        Row("the network's file", WEIGHTS.stat().st_size / 1000, "KB", 400),
    ]
    folder = os.environ.get("MNIST_DIR")
    if not folder:
        print("Accuracy is left out: set MNIST_DIR to a folder of MNIST's training images.")
        return rows
    training = mnist.load(folder, "train")
    images = Dataset(training.images[-HELD_OUT:], training.labels[-HELD_OUT:], "held out")
    for what, dataset, least in (
        ("held-out images", images, 99.4),
        ("held-out images anywhere on the pad, 0.4 to 1.2×", redrawn(images, placed), 98.5),
        ("held-out images turned by up to 20°", redrawn(images, turned), 95),
    ):
        right = 100 * count_correct(network, dataset) / len(dataset)
        rows.append(Row(what, right, "%", least, at_least=True))
    return rows


def placed(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Lay a digit anywhere on an empty pad, at 0.4 to 1.2 of its size and not over the edge."""
    top, left, bottom, right = frame(ink).box
    scale = rng.uniform(0.4, 1.2) * PAD / len(ink)
    height, width = (max(1, round(scale * side)) for side in (bottom - top, right - left))
    row, column = rng.integers(0, PAD - height + 1), rng.integers(0, PAD - width + 1)
    pad = np.zeros((PAD, PAD))
    pad[row : row + height, column : column + width] = resize(
        ink[top:bottom, left:right], height, width
    )
    return pad


def turned(ink: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """Turn a digit by up to 20° either way."""
    return ndimage.rotate(ink, rng.uniform(-20, 20), reshape=True, order=1).clip(0, 1)


def redrawn(
    dataset: Dataset, change: Callable[[np.ndarray, np.random.Generator], np.ndarray]
) -> Dataset:
    """Change every image as ink on a pad, and frame it again."""
    rng = np.random.default_rng(2)
    images = np.stack([frame(change(image / 255, rng)).pixels for image in dataset.images])
    return Dataset(images, dataset.labels, dataset.name)
