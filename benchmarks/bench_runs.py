"""What a run in the app costs beside the same loop alone, and how soon it starts and stops."""

import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median
from threading import Event as Signal
from threading import Thread

from benchmarks.report import Row
from cnnlib.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Progress
from cnnlib.runs.service import Runs

ROOT = Path(__file__).parents[1]
ROUNDS = 3
POLL_S = 0.2  # as the page does
CONFIG = TrainConfig(epochs=2)
ENDLESS = replace(CONFIG, epochs=100, reports=1)
# One step of it takes longer than a stop may.
HEAVY = replace(ENDLESS, architecture=PRESETS["deep plain"], batch_size=2000)

# The loop in a terminal: the same steps, from the first to the last, on the same threads; and
# as nice as the app's process, so that what else the machine does falls on both alike.
ALONE = """
import os
import time
os.nice(5)
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Ended, StepDone
from cnnlib.training.trainer import train
training, first = train(TrainConfig(epochs=2)), None
for event in training:
    if first is None and isinstance(event, StepDone):
        first = time.perf_counter()
print((training.step - 1) * training.config.batch_size / (time.perf_counter() - first))
"""


def run() -> list[Row]:
    """Measure on the default configuration and return the rows."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        runs = Runs(Path(folder), slots=1)
        runs.warm()
        try:
            return _rows(runs)
        finally:
            runs.close()


def _rows(runs: Runs) -> list[Row]:
    starts, inside, alone = [], [], []
    for _ in range(ROUNDS):
        soon, speed = _watched(runs)
        starts.append(soon)
        inside.append(speed)
        alone.append(_alone())
    return [
        Row(
            "training in the app, one viewer",
            median(inside),
            "/s",
            0.85,
            at_least=True,
            peer="the same loop alone in a terminal, images per second",
            theirs=median(alone),
        ),
        Row("from Start to the first progress", 1000 * median(starts), "ms", 500),
        Row("stop while training, worst of 7", 1000 * max(_stops(runs, ENDLESS, 7)), "ms", 500),
        Row("stop within a long step, worst of 3", 1000 * max(_stops(runs, HEAVY, 3)), "ms", 500),
    ]


def _watched(runs: Runs) -> tuple[float, float]:
    """Return the seconds to the first progress, and images per second from there on."""
    _until(_is_ready(runs))
    time.sleep(4)  # the process draws its digits meanwhile
    over, begun = Signal(), time.perf_counter()
    run = runs.start("me", "Measured", CONFIG)
    viewer = Thread(target=_view, args=(runs, run, over))
    viewer.start()
    _until(lambda: _steps(runs, run))
    first, step = time.perf_counter(), _steps(runs, run)
    _until(lambda: not runs.run(run).live, 0.05)
    spent = time.perf_counter() - first
    over.set()
    viewer.join()
    last = runs.store.latest(run)
    assert last
    steps = getattr(last[1], "step") - step  # noqa: B009 - every last event has one
    return first - begun, steps * CONFIG.batch_size / spent


def _view(runs: Runs, run: str, over: Signal) -> None:
    """Read what a page reads, as often."""
    after = 0
    while not over.wait(POLL_S):
        runs.run(run)
        for number, _ in runs.store.events(run, after):
            after = number


def _alone() -> float:
    threads = str(max(1, len(os.sched_getaffinity(0)) - 1))
    environment = os.environ | {"OMP_NUM_THREADS": threads}
    command = [sys.executable, "-c", ALONE]
    return float(subprocess.check_output(command, cwd=ROOT, env=environment, text=True))


def _stops(runs: Runs, config: TrainConfig, count: int) -> list[float]:
    found = []
    for number in range(count):
        _until(_is_ready(runs))
        run = runs.start("me", "To stop", config)
        _until(lambda run=run: runs.store.latest(run))
        time.sleep(0.1 * (number + 1))
        asked = time.perf_counter()
        runs.command(run, "me", "stop")
        _until(lambda run=run: not runs.run(run).live)
        found.append(time.perf_counter() - asked)
        runs.delete(run, "me")
    return found


def _is_ready(runs: Runs) -> Callable[[], object]:
    return lambda: runs.ready


def _steps(runs: Runs, run: str) -> int:
    events = [event for _, event in runs.store.events(run) if isinstance(event, Progress)]
    return events[-1].step if events else 0


def _until(condition: Callable[[], object], look_s: float = 0.005) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(look_s)
