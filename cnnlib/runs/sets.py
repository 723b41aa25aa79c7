"""The images that a run learns from, and those that it is measured on, without torch.

No validation image is ever among the images to learn from.
"""

from cnnlib.data import BUILT_IN, Dataset, load
from cnnlib.data.digits import built_in
from cnnlib.runs.config import TrainConfig

VALIDATION = 5_000
LEAST_VALIDATION = 500
# A seed far from those that lessons draw their digits with.
VALIDATION_SEED = 1_999_999
TRAINING_SEED = 2_000_000


def make(config: TrainConfig) -> tuple[Dataset, Dataset]:
    """Return the images to learn from and those to validate on; the same for the same fields.

    Built-in digits are drawn, `config.images` of them from `config.seed`. Of MNIST or a folder,
    the last twelfth of the training images is held out, which is the last 5,000 of MNIST's, and
    the run learns from the first `config.images` of the others.

    Raises
    ------
    ValueError, OSError
        If the data can't be had; see `cnnlib.data.load`.
    """
    if config.data in BUILT_IN:
        seed, variety = TRAINING_SEED + config.seed, BUILT_IN[config.data]
        return built_in(config.images, seed=seed, variety=variety), validation(config)
    rest, held_out = split(load(config.data, "train"))
    return part(rest, 0, config.images), part(held_out, 0, _measured(config))


def validation(config: TrainConfig) -> Dataset:
    """Return only the images to validate on.

    There are as many of them as images to learn from, but at least 500 and at most 5,000. So a
    measurement never takes long beside the training between two measurements.
    """
    if config.data in BUILT_IN:
        variety = BUILT_IN[config.data]
        return built_in(_measured(config), seed=VALIDATION_SEED, variety=variety)
    _, held_out = split(load(config.data, "train"))
    return part(held_out, 0, _measured(config))


def split(dataset: Dataset) -> tuple[Dataset, Dataset]:
    """Split off the last twelfth, which is the last 5,000 of MNIST's training images.

    Returns
    -------
    learned, held_out : Dataset
    """
    if len(dataset) < 12:
        raise ValueError(f"{len(dataset)} images are too few to hold some out: give at least 12")
    at = len(dataset) - len(dataset) // 12
    learned, held_out = part(dataset, 0, at), part(dataset, at, len(dataset))
    return learned, Dataset(held_out.images, held_out.labels, f"{dataset.name}, the last")


def part(dataset: Dataset, start: int, stop: int) -> Dataset:
    """Return some of the images; all of them keep the name."""
    if start <= 0 and stop >= len(dataset):
        return dataset
    name = f"{dataset.name}, {start:,} to {min(stop, len(dataset)):,}"
    return Dataset(dataset.images[start:stop], dataset.labels[start:stop], name)


def _measured(config: TrainConfig) -> int:
    return min(VALIDATION, max(LEAST_VALIDATION, config.images))
