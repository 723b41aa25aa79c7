"""Runs worth watching: fast ones, and those that show what can go wrong; without torch."""

from dataclasses import dataclass

from cnnlib.architecture import PRESETS as ARCHITECTURES
from cnnlib.training.config import TrainConfig


@dataclass(frozen=True)
class Preset:
    """A run that somebody can start as it is.

    Attributes
    ----------
    title : str
    purpose : str
        What will be seen, in one sentence.
    config : TrainConfig
    """

    title: str
    purpose: str
    config: TrainConfig


#: How `assets/models/digits.npz` was trained, on the images of `pretrain.pretraining_sets`.
PRETRAINING = TrainConfig(
    data="mnist",
    images=60_000,
    architecture=ARCHITECTURES["digits"],
    optimizer="adamw",
    learning_rate=4e-3,
    batch_size=64,
    epochs=12,
    weight_decay=1e-4,
    batch_norm=True,
    augmentation="vary",
    averaging=0.9995,
)

PRESETS: dict[str, Preset] = {}
