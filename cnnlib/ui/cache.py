"""Values that all visitors share: only such as nobody can change."""

from functools import lru_cache

import numpy as np

from cnnlib.data import Dataset
from cnnlib.figures.palette import browser_palette
from cnnlib.lessons import reader
from cnnlib.runs import service as runs
from cnnlib.runs import sets
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Report


@lru_cache(maxsize=256)
def best_accuracy(run: str, changed: float) -> float | None:  # noqa: ARG001 - part of the key
    """Return a run's best accuracy on the validation images, up to its last change."""
    events = (event for _, event in runs.of_this_server().store.events(run))
    told = [event.validation_accuracy for event in events if isinstance(event, Report)]
    return max(told, default=None)


@lru_cache(maxsize=8)
def validation(data: str, images: int) -> Dataset:
    """Return the images that measure a run on these data, of which so many are learned from."""
    return sets.validation(TrainConfig(data=data, images=images, batch_size=1))


@lru_cache(maxsize=8)
def blank(count: int) -> Dataset:
    """Return empty pictures, to be shown where the real ones are missing."""
    return Dataset(np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.uint8), "blank")


def warm() -> None:
    """Fill the caches, and load what the pages import."""
    browser_palette()
    reader.shipped()
