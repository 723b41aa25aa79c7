"""A run that is trained only to be recorded: nobody watches, and all its events are kept."""

from cnnlib.network import Network
from cnnlib.runs.events import Event, StepDone
from cnnlib.runs.meter import Meter
from cnnlib.runs.recording import Recording
from cnnlib.training.trainer import Training

_EVERY_S = 0.1  # seconds of training between two points of the curve


def record(title: str, run: Training) -> tuple[Recording, Network]:
    """Train a run to its end, and return its recording and the trained network."""
    events: list[Event] = []
    meter = Meter()
    for event in run:
        if isinstance(event, StepDone):
            meter.add(event, run.seconds)
        last = not isinstance(event, StepDone)
        if (last or meter.waited > _EVERY_S) and (progress := meter.take()):
            events.append(progress)
        if last:
            events.append(event)
    return Recording(title, run.config, tuple(events)), run.network
