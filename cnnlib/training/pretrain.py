"""Train the network of the draw page: what it learns from, and how the result is kept."""

from collections.abc import Iterator

import numpy as np

from cnnlib.data import Dataset
from cnnlib.data.digits import built_in
from cnnlib.network import Network
from cnnlib.training.config import Config
from cnnlib.training.events import EpochDone, StepDone
from cnnlib.training.model import digit_reader, to_network
from cnnlib.training.trainer import Trainer

BUILT_IN_SEED = 1_000_000  # far from the seeds that lessons draw their digits with


def split(dataset: Dataset) -> tuple[Dataset, Dataset]:
    """Split off the last twelfth, which of MNIST's training images is the last 5,000.

    Returns
    -------
    learned, held_out : Dataset
    """
    if len(dataset) < 12:
        raise ValueError(f"{len(dataset)} images are too few to hold some out: give at least 12")
    at = len(dataset) - len(dataset) // 12
    return (
        Dataset(dataset.images[:at], dataset.labels[:at], f"{dataset.name}, without the last"),
        Dataset(dataset.images[at:], dataset.labels[at:], f"{dataset.name}, the last"),
    )


def with_built_in(dataset: Dataset, count: int, seed: int) -> Dataset:
    """Add built-in digits: strokes of a pen, such as a learner draws, of any width."""
    added = built_in(count, seed=BUILT_IN_SEED + seed, variety=0.5)
    return Dataset(
        np.concatenate([dataset.images, added.images]),
        np.concatenate([dataset.labels, added.labels]),
        f"{dataset.name}, and {count:,} built-in digits",
    )


class Pretraining:
    """A run of the recipe; iterate over it for its events, then take its network.

    Parameters
    ----------
    dataset : Dataset
        The last twelfth of it is held out; to the rest comes one built-in digit for every eight.
    config : Config
    """

    def __init__(self, dataset: Dataset, config: Config) -> None:
        learned, self.held_out = split(dataset)
        learned = with_built_in(learned, max(1, len(learned) // 8), config.seed)
        self._trainer = Trainer(digit_reader(config.seed), learned, self.held_out, config)

    def __iter__(self) -> Iterator[StepDone | EpochDone]:
        return self._trainer.run()

    @property
    def network(self) -> Network:
        """What was learned so far."""
        return to_network(self._trainer.averaged)
