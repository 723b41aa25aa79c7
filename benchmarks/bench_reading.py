"""How well a network that has seen nothing but built-in digits reads MNIST.

Needs MNIST's training images, which it never learns from: name their folder in the environment
variable MNIST_DIR. Training takes some minutes on one core.
"""

import os

import torch

from benchmarks.report import Row
from cnnlib.data import Dataset, mnist
from cnnlib.data.digits import built_in
from cnnlib.training.config import Config
from cnnlib.training.model import digit_reader
from cnnlib.training.trainer import Trainer, count_correct

DIGITS = 100_000
LAST = 5_000
CONFIG = Config(epochs=5, batch_size=128, averaging=0.999, variation=0.0)


def run() -> list[Row]:
    """Train on wild built-in digits alone and return the rows."""
    folder = os.environ.get("MNIST_DIR")
    if not folder:
        print("Reading MNIST is left out: set MNIST_DIR to a folder of MNIST's training images.")
        return []
    torch.set_num_threads(1)
    module = digit_reader(CONFIG.seed)
    wild = built_in(DIGITS, seed=CONFIG.seed, variety=1.0)
    unseen = built_in(1_000, seed=CONFIG.seed + 1, variety=1.0)
    trainer = Trainer(module, wild, unseen, CONFIG)
    for _ in trainer.run():
        pass

    real = mnist.load(folder, "train")
    last = Dataset(real.images[-LAST:], real.labels[-LAST:], "the last")
    parameters = sum(values.numel() for values in module.parameters())
    return [
        Row("parameters of a network that saw built-in digits", parameters / 1000, "k", 55),
        *(
            Row(
                f"it reads {what}",
                100 * count_correct(trainer.averaged, part) / len(part),
                "%",
                98.3,
                at_least=True,
            )
            for what, part in (("MNIST's 60,000", real), ("the last 5,000 of them", last))
        ),
    ]
