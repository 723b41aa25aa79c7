"""The time that a run in the app takes to start and to stop."""

import tempfile
import time
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from statistics import median

from benchmarks.report import Row
from cnnlib.models.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Progress
from cnnlib.runs.service import Runs

ROUNDS = 3
ENDLESS = TrainConfig(epochs=100, reports=1)
# A network of which one step takes longer than a stop may take.
HEAVY = replace(ENDLESS, architecture=PRESETS["deep plain"], batch_size=2000)


def run() -> list[Row]:
    """Measure and return the rows."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder:
        runs = Runs(Path(folder), slots=1)
        runs.warm()
        try:
            return _rows(runs)
        finally:
            runs.close()


def _rows(runs: Runs) -> list[Row]:
    starts = [_start(runs) for _ in range(ROUNDS)]
    return [
        Row("from Start to the first progress", 1000 * median(starts), "ms", 500),
        Row("stop while training, worst of 7", 1000 * max(_stops(runs, ENDLESS, 7)), "ms", 500),
        Row("stop within a long step, worst of 3", 1000 * max(_stops(runs, HEAVY, 3)), "ms", 500),
    ]


def _start(runs: Runs) -> float:
    """Return the seconds to the first progress."""
    _until(_is_ready(runs))
    time.sleep(4)  # so that the process has drawn its digits
    begun = time.perf_counter()
    run = runs.start("me", "Measured", ENDLESS)
    _until(lambda: _has_progress(runs, run))
    spent = time.perf_counter() - begun
    runs.delete(run, "me")
    return spent


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


def _has_progress(runs: Runs, run: str) -> bool:
    return any(isinstance(event, Progress) for _, event in runs.store.events(run))


def _until(condition: Callable[[], object]) -> None:
    deadline = time.monotonic() + 60
    while not condition():
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.005)
