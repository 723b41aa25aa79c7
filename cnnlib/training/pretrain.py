"""The images that the draw page's network learned from; its settings are a preset."""

import numpy as np

from cnnlib.data import Dataset
from cnnlib.data.digits import built_in
from cnnlib.runs.sets import split

BUILT_IN_SEED = 1_000_000  # far from the seeds that lessons draw their digits with


def pretraining_sets(dataset: Dataset, seed: int) -> tuple[Dataset, Dataset]:
    """Hold out the last twelfth, and add one built-in digit for every eight of the rest.

    Returns
    -------
    learned, held_out : Dataset
    """
    learned, held_out = split(dataset)
    return with_built_in(learned, max(1, len(learned) // 8), seed), held_out


def with_built_in(dataset: Dataset, count: int, seed: int) -> Dataset:
    """Add built-in digits, which are pen strokes of any width, like those that a learner draws."""
    added = built_in(count, seed=BUILT_IN_SEED + seed, variety=0.5)
    return Dataset(
        np.concatenate([dataset.images, added.images]),
        np.concatenate([dataset.labels, added.labels]),
        f"{dataset.name}, and {count:,} built-in digits",
    )
