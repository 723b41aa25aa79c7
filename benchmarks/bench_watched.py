"""Training in the app while a browser watches, beside the same loop alone in a terminal."""

import os
import re
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from playwright.sync_api import Page, sync_playwright

from benchmarks.report import Row
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Ended, Progress
from cnnlib.runs.store import RunRecord, RunStore
from tests.browser import harness

PAIRS = 5
CONFIG = TrainConfig(epochs=3)
READY_S = 12.0  # in which a process gets ready and draws its digits
_TURN_S = 0.1
_PATIENCE_MS = 60_000

# The loop in a terminal takes the same steps, from the first to the last, on the same threads. It
# is as nice as the app's process, so that other work on the machine slows both alike.
ALONE = f"""
import os
import time
os.nice(5)
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import StepDone
from cnnlib.training.trainer import train
training, first = train(TrainConfig(epochs={CONFIG.epochs})), None
for event in training:
    if first is None and isinstance(event, StepDone):
        first = time.perf_counter()
print((training.step - 1) * training.config.batch_size / (time.perf_counter() - first))
"""


def run() -> list[Row]:
    """Train watched and alone in turn, and return the pair whose ratio is the median."""
    pairs = []
    with (
        tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as folder,
        harness.serve(data=Path(folder)) as address,
        sync_playwright() as playwright,
    ):
        browser = harness.launch(playwright)
        page, store = browser.new_page(viewport=harness.PROJECTOR), RunStore(Path(folder))
        page.goto(f"{address}/train")
        time.sleep(READY_S)
        for number in range(PAIRS):
            # The one that goes first goes second the next time.
            if number % 2:
                alone, watched = _alone(), _watched(page, store, address)
            else:
                watched, alone = _watched(page, store, address), _alone()
            pairs.append((watched, alone))
        store.close()
        browser.close()
    watched, alone = sorted(pairs, key=lambda pair: pair[0] / pair[1])[PAIRS // 2]
    what = f"training in the app, a browser watching, median of {PAIRS}"
    peer = "the same loop alone in a terminal, images per second"
    return [Row(what, watched, "/s", 0.85, at_least=True, peer=peer, theirs=alone)]


def _watched(page: Page, store: RunStore, address: str) -> float:
    """Press Start, watch the run to its end, and return its images per second."""
    page.goto(f"{address}/train?epochs={CONFIG.epochs}")
    page.locator(".learning").wait_for()
    page.get_by_role("button", name=re.compile("^Start")).click(timeout=_PATIENCE_MS)
    page.wait_for_url("**run=*", timeout=_PATIENCE_MS)
    run = page.url.partition("run=")[2].partition("&")[0]
    begun, first = _progress(store, run)
    while _record(store, run).live:
        time.sleep(_TURN_S)
    page.locator(".learning .state", has_text="Finished").wait_for()
    ended = store.latest(run)
    assert ended
    assert isinstance(ended[1], Ended)
    steps = ended[1].step - first
    return steps * CONFIG.batch_size / (_record(store, run).changed - begun)


def _progress(store: RunStore, run: str) -> tuple[float, int]:
    """Return the time at which a run told its first progress, and the step that it told of."""
    while True:
        told, record = store.latest(run), _record(store, run)
        if told and told[0] == record.told and isinstance(told[1], Progress):
            return record.changed, told[1].step
        time.sleep(0.005)


def _record(store: RunStore, run: str) -> RunRecord:
    record = store.run(run)
    assert record
    return record


def _alone() -> float:
    threads = str(max(1, len(os.sched_getaffinity(0)) - 1))
    command = [sys.executable, "-c", ALONE]
    environment = os.environ | {"OMP_NUM_THREADS": threads}
    told = subprocess.check_output(command, cwd=harness.ROOT, env=environment, text=True)
    return float(told)
