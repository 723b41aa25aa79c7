"""Many steps told together, because a page can show new numbers only a few times a second."""

from cnnlib.runs.events import Progress, StepDone


class Meter:
    """Gathers steps until they are told.

    Parameters
    ----------
    seconds : float
        How long the run has been training before.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._told = self._now = seconds
        self._clear()

    def _clear(self) -> None:
        self._last: StepDone | None = None
        self._loss, self._correct, self._count = 0.0, 0, 0

    @property
    def waited(self) -> float:
        """Seconds of training that are not told yet."""
        return self._now - self._told

    def add(self, step: StepDone, seconds: float) -> None:
        """Gather one step; after this step the run has been training for `seconds`."""
        self._last, self._now = step, seconds
        self._loss += step.loss * step.count
        self._correct += step.correct
        self._count += step.count

    def take(self) -> Progress | None:
        """Return the steps gathered since the last call as one, or None if there are none."""
        last = self._last
        if last is None:
            return None
        told = Progress(
            last.step,
            last.steps,
            last.epoch,
            self._loss / self._count,
            self._correct / self._count,
            last.learning_rate,
            self._count / max(self.waited, 1e-9),
            self._now,
        )
        self._told = self._now
        self._clear()
        return told
