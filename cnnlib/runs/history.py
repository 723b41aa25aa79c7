"""The events that a run has told so far, by kind or as a table, without torch."""

import csv
import io
from collections.abc import Iterable
from dataclasses import dataclass, field, replace

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import BatchTaken, Begun, Diverged, Event, Progress, Report

COLUMNS = (
    "step",
    "epoch",
    "seconds",
    "learning_rate",
    "loss",
    "accuracy",
    "validation_loss",
    "validation_accuracy",
)


def to_csv(events: Iterable[Event]) -> str:
    """Return CSV with a line for each `Progress` and each `Report`; columns it lacks are empty.

    Examples
    --------
    >>> print(to_csv([Progress(8, 80, 0.5, 1.25, 0.5, 0.01, 9000.0, 0.75)]), end="")
    step,epoch,seconds,learning_rate,loss,accuracy,validation_loss,validation_accuracy
    8,0.5,0.75,0.01,1.25,0.5,,
    """
    file = io.StringIO(newline="")
    writer = csv.writer(file, lineterminator="\n")
    writer.writerow(COLUMNS)
    for event in events:
        if isinstance(event, Progress | Report):
            writer.writerow([getattr(event, name, "") for name in COLUMNS])
    return file.getvalue()


@dataclass
class History:
    """The events of one run, by kind.

    Attributes
    ----------
    rewound : int
        How often the run had gone back to a checkpoint; after each time, other events follow.
    last : int
        Number of the last event that was read.
    begun : Begun or None
    progress : list of Progress
    reports : list of Report
    batch : BatchTaken or None
        The last step that was taken apart.
    diverged : Diverged or None
    """

    rewound: int = 0
    last: int = 0
    begun: Begun | None = None
    progress: list[Progress] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)
    batch: BatchTaken | None = None
    diverged: Diverged | None = None

    @classmethod
    def of(cls, events: Iterable[tuple[int, Event]]) -> "History":
        """Return the history that numbered events make up."""
        told = cls()
        told.read(events)
        return told

    @property
    def taken(self) -> int:
        """The number of the step that was taken apart last; 0 for none."""
        return self.batch.step if self.batch else 0

    @property
    def seconds(self) -> float:
        """How long the run had been training at its last event."""
        return max((told[-1].seconds for told in (self.progress, self.reports) if told), default=0)

    def until(self, seconds: float) -> "History":
        """Return the history as it was after some seconds of training."""
        return replace(
            self,
            progress=[one for one in self.progress if one.seconds <= seconds],
            reports=[one for one in self.reports if one.seconds <= seconds],
            # The run's end counts once every other event was told.
            diverged=self.diverged if seconds >= self.seconds else None,
        )

    def read(self, events: Iterable[tuple[int, Event]]) -> None:
        """Take in numbered events that are new."""
        for self.last, event in events:
            match event:
                case Begun():
                    self.begun = event
                case Progress():
                    self.progress.append(event)
                case Report():
                    self.reports.append(event)
                case BatchTaken():
                    self.batch = event
                case Diverged():
                    self.diverged = event


@dataclass(frozen=True)
class Past:
    """A run with all its events.

    Attributes
    ----------
    title : str
    config : TrainConfig
    told : History
    """

    title: str
    config: TrainConfig
    told: History
