"""A diagnosis of a run from its course, in words and with its numbers; without torch.

The rule of thumb is the lecture's: a big gap between training and validation is overfitting, no
gap at a poor accuracy is underfitting, and a small gap is the aim.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Diverged, Report

GUESSING = math.log(10)  # the loss if each of the ten digits gets the same probability
BIG_GAP = 0.03
GOOD = 0.95
FALLING = 0.95  # losses are still falling if both fell below this share of their earlier values
CREEPING = 0.995  # and below this share, a poor network still learns, only slowly
TINY_RATE = 1e-5


@dataclass(frozen=True)
class Diagnosis:
    """A finding about a run, its reason, and advice.

    Attributes
    ----------
    kind : str
        "overfitting", "underfitting", "diverging", "converged", "ideal", "learning" or
        "too early".
    sentence : str
        The reason, with its numbers.
    advice : str
        Says what to change, if anything.
    """

    kind: str
    sentence: str
    advice: str


def diagnose(
    reports: Sequence[Report], config: TrainConfig, diverged: Diverged | None = None
) -> Diagnosis:
    """Diagnose a run from its reports.

    The training numbers are means over the steps since the report before, each taken before its
    step and on augmented images. They are therefore a little worse than the network is.

    Parameters
    ----------
    reports : sequence of Report
        The reports so far, in their order.
    config : TrainConfig
    diverged : Diverged, optional
        The run's last event, if it diverged.
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
            f"There {'is 1 report' if reports else 'are no reports'} yet: a diagnosis needs two.",
            "Let it train on.",
        )
    last, earlier = reports[-1], reports[-1 - max(1, len(reports) // 4)]
    best = min(reports, key=lambda report: report.validation_loss)
    gap = last.accuracy - last.validation_accuracy
    read = (
        f"It read {last.accuracy:.1%} of the training images, on average since the report before, "
        f"and now reads {last.validation_accuracy:.1%} of the validation images"
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
            f"{read}: no gap, but both are poor; {fell}.",
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
    """Advise against learning by heart, with the means that the run doesn't use yet."""
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
    """Advise on a network that still learns when its run ends."""
    return (
        f"It still learns, only slowly: try a learning rate above {config.learning_rate:g}, or "
        "more epochs; where that doesn't help, more maps or another block."
    )


def _enlarge(config: TrainConfig) -> str:
    """Advise on a network that learns no more: on its learning rate or its capacity."""
    if config.learning_rate < TINY_RATE:
        return f"A learning rate of {config.learning_rate:g} hardly moves it: try 0.004."
    ideas = ["more maps or another block", "more epochs"]
    if config.dropout:
        ideas.append("less dropout")
    if config.weight_decay > 1e-3:
        ideas.append("less weight decay")
    return f"Raise capacity: try {', '.join(ideas)}."
