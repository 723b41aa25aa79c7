"""What a training run tells while it runs, without torch."""

from dataclasses import dataclass


@dataclass(frozen=True)
class StepDone:
    """One batch was learned from.

    Attributes
    ----------
    step, steps : int
        How many steps are done, of how many in the run.
    loss : float
        Mean cross-entropy over the batch, before the step.
    correct, count : int
        Images of the batch that were read right before the step, and images in it.
    """

    step: int
    steps: int
    loss: float
    correct: int
    count: int


@dataclass(frozen=True)
class EpochDone:
    """One pass through the training images is complete.

    Attributes
    ----------
    epoch, epochs : int
        How many passes are done, of how many in the run.
    loss, accuracy : float
        Means over the epoch's steps, on varied images and before each step.
    held_out : float
        Accuracy of the averaged weights on the held-out images, unvaried.
    """

    epoch: int
    epochs: int
    loss: float
    accuracy: float
    held_out: float


Event = StepDone | EpochDone
