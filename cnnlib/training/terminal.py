"""A run in a terminal: a line for each report, and a bar that moves between reports."""

import signal
import sys

from cnnlib.runs.events import Begun, Ended, Progress, Report, StepDone
from cnnlib.runs.meter import Meter
from cnnlib.training.trainer import Training

WIDTH = 30  # characters of the bar
EVERY_S = 0.2  # seconds of training between two states of the bar


def follow(run: Training) -> Ended:
    """Print a run's events, and return the last one; Ctrl-C ends the run between two steps."""
    interrupts: list[int] = []
    before = signal.signal(signal.SIGINT, lambda number, _: interrupts.append(number))
    try:
        ended = _follow(run, interrupts)
    finally:
        signal.signal(signal.SIGINT, before)
    _say(ended.sentence)
    return ended


def _follow(run: Training, interrupts: list[int]) -> Ended:
    meter = Meter()
    while not interrupts:
        match event := next(run):  # every run tells `Ended` before it has no more events
            case StepDone():
                meter.add(event, run.seconds)
                if meter.waited > EVERY_S and (progress := meter.take()):
                    _show(progress)
            case Begun():
                _say(
                    f"{event.parameters:,} parameters, {event.images:,} images, "
                    f"{event.validation_images:,} to validate on; {event.steps:,} steps on "
                    f"{event.device}, {event.threads} thread{'s' * (event.threads > 1)}"
                )
            case Report():
                _say(
                    f"epoch {event.epoch:.3g}: loss {event.loss:.4f}, "
                    f"accuracy {event.accuracy:.2%}; validation loss {event.validation_loss:.4f}, "
                    f"accuracy {event.validation_accuracy:.2%}, {event.seconds:.1f} s"
                )
            case Ended():
                return event
    sentence = f"Stopped after {run.step:,} of {run.steps:,} steps."
    return Ended("stopped", sentence, run.seconds, run.step)


def _show(progress: Progress) -> None:
    """Draw the bar over the old one, if the output is a terminal."""
    if not sys.stderr.isatty():
        return
    filled = WIDTH * progress.step // progress.steps
    rate = progress.images_per_second
    left = progress.seconds * (progress.steps / progress.step - 1)
    sys.stderr.write(
        f"\r[{'#' * filled}{'.' * (WIDTH - filled)}] {progress.step:,} of {progress.steps:,} "
        f"steps, loss {progress.loss:.4f}, {rate:,.0f} images/s, {left:.0f} s left \x1b[K"
    )
    sys.stderr.flush()


def _say(line: str) -> None:
    if sys.stderr.isatty():
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
    print(line, flush=True)
