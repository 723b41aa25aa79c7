"""What a training run is told, without torch."""

from dataclasses import dataclass

from cnnlib.checks import whole


@dataclass(frozen=True)
class Config:
    """How a network is trained.

    Parameters
    ----------
    epochs : int
        Passes through the training images, at least 1.
    batch_size : int
        Images in a step, at least 1.
    learning_rate : float
        The highest rate of the one-cycle schedule (L. N. Smith and N. Topin, "Super-convergence",
        2018): it rises to this rate over the first steps and falls to a tenth of it, no lower,
        for the averaged weights need no slower end.
    weight_decay : float
        Decoupled weight decay of AdamW (I. Loshchilov and F. Hutter, 2019).
    averaging : float
        Decay per step, in [0, 1), of the exponential moving average over the weights; the
        average is what the run hands back. 0 hands back the last weights.
    variation : float
        How strongly images are varied: 0 not at all, 1 as for the shipped network.
    seed : int
        At least 0. The same seed gives the same weights on the same machine.

    Raises
    ------
    ValueError
        If a number is out of its range.
    """

    epochs: int = 12
    batch_size: int = 64
    learning_rate: float = 4e-3
    weight_decay: float = 1e-4
    averaging: float = 0.9995
    variation: float = 1.0
    seed: int = 0

    def __post_init__(self) -> None:
        whole("epochs", self.epochs, 1)
        whole("batch size", self.batch_size, 1)
        whole("seed", self.seed, 0)
        if not self.learning_rate > 0:
            raise ValueError(f"learning rate {self.learning_rate}: use a rate above 0")
        if not self.weight_decay >= 0:
            raise ValueError(f"weight decay {self.weight_decay}: use 0 or more")
        if not 0 <= self.averaging < 1:
            raise ValueError(f"averaging {self.averaging}: use 0 or more, and less than 1")
        if not self.variation >= 0:
            raise ValueError(f"variation {self.variation}: use 0 or more")
