"""Runs worth watching: fast runs, and runs that show what can go wrong; without torch."""

from dataclasses import dataclass, replace

from cnnlib.models.architecture import PRESETS as ARCHITECTURES
from cnnlib.models.architecture import Architecture
from cnnlib.runs.config import TrainConfig


@dataclass(frozen=True)
class Preset:
    """A run that somebody can start without changing a setting.

    Attributes
    ----------
    title : str
    purpose : str
        Says in one sentence what will be seen.
    config : TrainConfig
    """

    title: str
    purpose: str
    config: TrainConfig


#: The settings with which `assets/models/digits.npz` was trained, on the images of
#: `pretrain.pretraining_sets`.
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

_MNIST = TrainConfig(data="mnist", images=55_000, epochs=1)
_WILD = TrainConfig(data="built-in-wild")

PRESETS: dict[str, Preset] = {
    "default": Preset(
        "First steps",
        "Neat digits of the library's own hand: over 99% of those held out within 5 seconds.",
        TrainConfig(),
    ),
    "harder": Preset(
        "Harder digits",
        "Wild digits of the library's own hand: after 10 seconds the network reads 98% of "
        "MNIST, of which it has never seen an image.",
        replace(_WILD, images=60_000, epochs=1),
    ),
    "98%": Preset(
        "98% in 3 seconds",
        "20,000 of MNIST's images, each seen once: 98% of the held-out ones in 3 seconds.",
        replace(_MNIST, images=20_000, reports=3),
    ),
    "99%": Preset(
        "99% in 8 seconds",
        "44,000 of MNIST's images, each seen once: 99% of the held-out ones in 8 seconds.",
        replace(
            _MNIST,
            images=44_000,
            architecture=Architecture.from_text("conv5x16-stride2_conv3x24-average_conv3x48_out10"),
            learning_rate=1.5e-2,
            reports=2,
        ),
    ),
    "99.4%": Preset(
        "99.4% in 45 seconds",
        "MNIST's 55,000 images, each seen four times: 99.4% of the held-out ones in 45 seconds.",
        replace(
            _MNIST,
            architecture=Architecture.from_text("conv5x16-stride2_conv3x32-average_conv3x48_out10"),
            epochs=4,
            averaging=0.998,
            reports=2,
        ),
    ),
    "overfitting": Preset(
        "Overfitting",
        "Only 200 images: the network learns them by heart, and the gap opens.",
        replace(
            _WILD,
            images=200,
            batch_size=20,
            epochs=20,
            learning_rate=4e-3,
            schedule="constant",
            augmentation="none",
            averaging=0.0,
            reports=1,
        ),
    ),
    "underfitting": Preset(
        "Underfitting",
        "A single map of 7×7 is too little for wild digits: no gap, and a poor accuracy.",
        replace(
            _WILD,
            images=10_000,
            architecture=Architecture.from_text("conv3x1-stride4_out10"),
            epochs=6,
            averaging=0.0,
            reports=1,
        ),
    ),
    "diverging": Preset(
        "Diverging",
        "A learning rate of 1000: each step leaps over the valley, and the loss is infinite.",
        TrainConfig(
            images=2_000,
            architecture=ARCHITECTURES["digits"],
            optimizer="sgd",
            learning_rate=1000.0,
            schedule="constant",
            averaging=0.0,
        ),
    ),
    "converged": Preset(
        "Converged",
        "Few neat digits, many epochs, a learning rate that ends at 0: the curves go flat.",
        TrainConfig(
            images=4_000,
            architecture=ARCHITECTURES["tiny"],
            schedule="cosine",
            augmentation="none",
            epochs=12,
            averaging=0.0,
            reports=1,
        ),
    ),
}


@dataclass(frozen=True)
class Race:
    """Runs to watch side by side.

    Attributes
    ----------
    title : str
    purpose : str
        Says in one sentence what is compared.
    configs : dict of str to TrainConfig
        Two to four runs by their names, which differ in one setting.
    """

    title: str
    purpose: str
    configs: dict[str, TrainConfig]


_RACER = replace(_WILD, images=10_000, epochs=3, averaging=0.0)
_PLAIN = replace(_RACER, optimizer="sgd", schedule="constant", learning_rate=0.03)

RACES: dict[str, Race] = {
    "convolution": Race(
        "Convolution or not",
        "Local features that are shared learn more from the same images than templates do.",
        {
            "convolution": replace(_RACER, learning_rate=4e-3),
            "fully connected": replace(
                _RACER, learning_rate=4e-3, architecture=ARCHITECTURES["fully connected"]
            ),
        },
    ),
    "sharing": Race(
        "Sharing weights",
        "The same windows with weights of their own have far more parameters, and read worse.",
        {
            "shared": replace(_RACER, architecture=ARCHITECTURES["tiny"], learning_rate=4e-3),
            "locally connected": replace(
                _RACER, architecture=ARCHITECTURES["locally connected"], learning_rate=4e-3
            ),
        },
    ),
    "learning rates": Race(
        "Four learning rates",
        "A rate that is too small hardly moves the weights; one that is too large never settles.",
        {f"{rate:g}": replace(_PLAIN, learning_rate=rate) for rate in (0.0003, 0.01, 0.1, 3.0)},
    ),
    "optimisers": Race(
        "Four optimisers",
        "The same learning rate: momentum gathers speed, and Adam scales each weight's step.",
        {
            name: replace(_PLAIN, optimizer=name, learning_rate=3e-3)
            for name in ("sgd", "momentum", "nesterov", "adam")
        },
    ),
    "batch sizes": Race(
        "Batches of 32, 64 and 128",
        "Smaller batches take more steps in an epoch, each on less evidence.",
        {str(size): replace(_RACER, batch_size=size) for size in (32, 64, 128)},
    ),
    "depth": Race(
        "Plain and residual depth",
        "Shortcuts let the gradient reach the first layers of a deep network.",
        {
            name: replace(_RACER, architecture=ARCHITECTURES[name], learning_rate=4e-3)
            for name in ("deep plain", "residual")
        },
    ),
}
