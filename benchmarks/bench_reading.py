"""Accuracy on MNIST of a network that has seen only built-in digits.

The benchmark needs MNIST's training images, which the network does not learn from. Name their
folder in the environment variable MNIST_DIR. Training takes some minutes on one core.
"""

import os

import torch

from benchmarks.report import Row
from cnnlib.data import mnist
from cnnlib.data.digits import built_in
from cnnlib.models.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.evaluate import count_correct
from cnnlib.runs.sets import part, validation
from cnnlib.training.trainer import train

DIGITS = 100_000
LAST = 5_000
CONFIG = TrainConfig(
    data="built-in-wild",
    architecture=PRESETS["digits"],
    optimizer="adamw",
    learning_rate=4e-3,
    batch_size=128,
    epochs=5,
    weight_decay=1e-4,
    batch_norm=True,
    augmentation="none",
    averaging=0.999,
    reports=1,
)


def run() -> list[Row]:
    """Train on wild built-in digits only, and return the rows."""
    folder = os.environ.get("MNIST_DIR")
    if not folder:
        print("Reading MNIST is left out: set MNIST_DIR to a folder of MNIST's training images.")
        return []
    torch.set_num_threads(1)
    learned = built_in(DIGITS, seed=CONFIG.seed, variety=1.0)
    training = train(CONFIG, (learned, validation(CONFIG)))
    for _ in training:
        pass

    network, real = training.network, mnist.load(folder, "train")
    last = part(real, len(real) - LAST, len(real))
    return [
        Row(
            "parameters of a network that saw built-in digits",
            network.parameter_count / 1000,
            "k",
            55,
        ),
        *(
            Row(
                f"it reads {what}",
                100 * count_correct(network, images) / len(images),
                "%",
                98.3,
                at_least=True,
            )
            for what, images in (("MNIST's 60,000", real), ("the last 5,000 of them", last))
        ),
    ]
