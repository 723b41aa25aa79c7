"""The course of a run as a table, without torch."""

import csv
import io
from collections.abc import Iterable

from cnnlib.runs.events import Event, Progress, Report

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
