"""What the course of a run says about it, in words and with its numbers; without torch.

The rule of thumb is the lecture's: a big gap between training and validation is overfitting, no
gap at a poor accuracy is underfitting, and a small gap is what one wants.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Diverged, Report

GUESSING = math.log(10)  # the loss of whoever gives each of ten digits the same probability
BIG_GAP = 0.03
GOOD = 0.95
FALLING = 0.95  # losses that both fell below this share of what they were are still falling
CREEPING = 0.995  # and below this one, of a poor network, it still learns, only slowly
TINY_RATE = 1e-5


@dataclass(frozen=True)
class Diagnosis:
    """What is seen, why, and what to do.

    Attributes
    ----------
    kind : str
        "overfitting", "underfitting", "diverging", "converged", "ideal", "learning" or
        "too early".
    sentence : str
        The reason, with its numbers.
    advice : str
        What to change, or nothing.
    """

    kind: str
    sentence: str
    advice: str


def diagnose(
    reports: Sequence[Report], config: TrainConfig, diverged: Diverged | None = None
) -> Diagnosis:
    """Say what the reports of a run show.

    The training numbers are means over the steps since the report before, each taken before its
    step and on augmented images: so they are a little worse than the network is.

    Parameters
    ----------
    reports : sequence of Report
        In their order, so far.
    config : TrainConfig
    diverged : Diverged, optional
        Where the run ended so.
    """
    if diverged is not None:
        return _diverging(diverged.sentence)
    if reports and reports[-1].loss > 1.5 * GUESSING:
        return _diverging(
            f"The training loss is {reports[-1].loss:.4g}, and guessing alone gives "
            f"{GUESSING:.2f}: the steps made the network worse, not better."
        )
    if len(reports) < 2:
        return Diagnosis(
            "too early",
            f"There {'is 1 report' if reports else 'are no reports'} so far: two show a course.",
            "Let it train on.",
        )
    last, earlier = reports[-1], reports[-1 - max(1, len(reports) // 4)]
    best = min(reports, key=lambda report: report.validation_loss)
    gap = last.accuracy - last.validation_accuracy
    read = (
        f"It reads {last.accuracy:.1%} of the training images and "
        f"{last.validation_accuracy:.1%} of the validation images"
    )
    rising = last.validation_loss > 1.1 * best.validation_loss and last.loss < best.loss
    if gap > BIG_GAP or (rising and gap > BIG_GAP / 3):
        reason = f"{read}: a gap of {100 * gap:.1f} points."
        if rising:
            reason += (
                f" The validation loss was {best.validation_loss:.3f} after epoch "
                f"{best.epoch:.3g} and is {last.validation_loss:.3f} now, while the training "
                "loss fell on: it learns these images by heart."
            )
        return Diagnosis("overfitting", reason, _regularise(config))
    fell = (
        f"the validation loss went from {earlier.validation_loss:.3g} to "
        f"{last.validation_loss:.3g} of late"
    )
    falling = (
        last.loss < FALLING * earlier.loss
        and last.validation_loss < FALLING * earlier.validation_loss
    )
    over = last.epoch >= config.epochs - 1e-6
    if falling and not over:
        return Diagnosis("learning", f"{read}, and {fell}.", "Let it train on.")
    if last.accuracy < GOOD:
        creeping = (
            last.loss < CREEPING * earlier.loss
            and last.validation_loss < CREEPING * earlier.validation_loss
        )
        return Diagnosis(
            "underfitting",
            f"{read}: no gap, and neither is good; {fell}.",
            _hurry(config) if creeping else _enlarge(config),
        )
    if falling:
        return Diagnosis(
            "ideal",
            f"{read}: a small gap, and {fell}.",
            "More epochs may bring a little more.",
        )
    return Diagnosis(
        "converged",
        f"{read}, and {fell}: hardly at all.",
        "More epochs bring nothing; a larger network or augmentation might.",
    )


def _diverging(sentence: str) -> Diagnosis:
    return Diagnosis("diverging", sentence, "Divide the learning rate by 10, and by 10 again.")


def _regularise(config: TrainConfig) -> str:
    """Return what isn't yet done against learning by heart."""
    ideas = []
    if config.images < 60_000:
        ideas.append("more images")
    if config.augmentation == "none":
        ideas.append("augmentation")
    if not config.dropout:
        ideas.append("dropout of 0.5")
    if not config.weight_decay:
        ideas.append("weight decay")
    if not config.early_stopping:
        ideas.append("early stopping")
    return f"Raise regularisation: try {', '.join(ideas) or 'a smaller network'}."


def _hurry(config: TrainConfig) -> str:
    """Return what to do about a network that still learns when its run ends."""
    return (
        f"It still learns, only slowly: try a learning rate above {config.learning_rate:g}, or "
        "more epochs; where that doesn't help, more maps or another block."
    )


def _enlarge(config: TrainConfig) -> str:
    """Return what keeps a network from learning more."""
    if config.learning_rate < TINY_RATE:
        return f"A learning rate of {config.learning_rate:g} hardly moves it: try 0.004."
    ideas = ["more maps or another block", "more epochs"]
    if config.dropout:
        ideas.append("less dropout")
    if config.weight_decay > 1e-3:
        ideas.append("less weight decay")
    return f"Raise capacity: try {', '.join(ideas)}."
