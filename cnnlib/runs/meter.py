"""Many steps told together: a few times a second is as much as a page can show."""

from cnnlib.runs.events import Progress, StepDone


class Meter:
    """Gathers steps until they are told.

    Parameters
    ----------
    seconds : float
        That the run has been training before.
    """

    def __init__(self, seconds: float = 0.0) -> None:
        self._told = self._now = seconds
        self._clear()

    def _clear(self) -> None:
        self._last: StepDone | None = None
        self._loss, self._correct, self._count = 0.0, 0, 0

    @property
    def waited(self) -> float:
        """Seconds of training that are untold."""
        return self._now - self._told

    def add(self, step: StepDone, seconds: float) -> None:
        """Gather one step, after which the run has been training for so long."""
        self._last, self._now = step, seconds
        self._loss += step.loss * step.count
        self._correct += step.correct
        self._count += step.count

    def take(self) -> Progress | None:
        """Return what was gathered since the last time, or None where that is nothing."""
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
