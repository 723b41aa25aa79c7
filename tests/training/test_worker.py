"""The process that trains obeys its orders, and tells many steps together."""

import os
import time
from pathlib import Path
from queue import Queue

import pytest

from cnnlib.models.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Begun, Progress, StepDone
from cnnlib.runs.meter import Meter
from cnnlib.runs.process import Process
from cnnlib.runs.store import RunStore

CONFIG = TrainConfig(
    images=400, batch_size=20, epochs=500, architecture=PRESETS["tiny"], reports=1, device="cpu"
)


def step(number, loss=1.0, correct=5, count=10):
    return StepDone(number, 100, number / 10, loss, correct, count, 0.1 / number)


def test_steps_are_told_together_as_means_over_their_images():
    meter = Meter(seconds=1.0)
    assert meter.take() is None
    meter.add(step(1, loss=1.0, correct=10, count=10), 2.0)
    meter.add(step(2, loss=4.0, correct=0, count=30), 3.0)
    assert meter.waited == 2.0
    told = meter.take()
    assert (told.step, told.steps, told.epoch, told.learning_rate) == (2, 100, 0.2, 0.05)
    assert told.loss == (1 * 10 + 4 * 30) / 40
    assert told.accuracy == 10 / 40
    assert told.images_per_second == 40 / 2
    assert told.seconds == 3.0
    assert meter.take() is None
    assert meter.waited == 0.0


class Worker:
    """A real process with a store, and the lines that it writes."""

    def __init__(self, folder):
        self.store, self.words = RunStore(folder), Queue()
        self.process = Process(folder, 1, lambda _, words: self.words.put(words))

    def hears(self, **expected):
        while (words := self.words.get()) != expected:
            assert words["now"] not in ("failed", "gone"), words

    def begin(self, goal="resume"):
        run = self.store.create("me", "A run", CONFIG)
        self.process.begin(run, goal, 1)
        return run

    def until_it_learns(self, run):
        while not any(isinstance(event, Progress) for _, event in self.store.events(run)):
            time.sleep(0.01)


@pytest.fixture(scope="module")
def worker(tmp_path_factory):
    made = Worker(tmp_path_factory.mktemp("worker"))
    yield made
    made.process.end()
    made.process.wait(10)
    made.store.close()


def test_it_says_that_it_is_ready_and_trains_one_run_after_the_other(worker):
    worker.hears(now="ready")
    for _ in range(2):
        run = worker.begin(goal="batch")
        worker.hears(job=worker.process.job, now="paused")
        _, begun = worker.store.events(run)[0]
        assert isinstance(begun, Begun)
        assert begun.threads == 1
        assert worker.store.latest(run)[1].step == 1
        worker.process.send(do="stop")
        worker.hears(job=worker.process.job, now="over")


def test_an_order_to_a_run_that_is_over_does_nothing_to_the_next(worker):
    worker.begin(goal="batch")
    first = worker.process.job
    worker.hears(job=first, now="paused")
    worker.process.send(do="stop")
    worker.process.send(do="stop")
    second = worker.begin()
    worker.process.send(job=first, do="stop")
    worker.until_it_learns(second)
    assert worker.store.run(second).state == "queued"
    worker.process.send(do="stop")
    worker.hears(job=first + 1, now="over")
    assert worker.store.run(second).state == "stopped"


def test_it_leaves_the_server_its_cores(worker):
    environment = Path(f"/proc/{worker.process.pid}/environ").read_bytes().split(b"\0")
    assert b"OMP_WAIT_POLICY=passive" in environment
    assert b"OMP_NUM_THREADS=1" in environment
    niceness = os.getpriority(os.PRIO_PROCESS, worker.process.pid)
    assert niceness == min(19, os.getpriority(os.PRIO_PROCESS, 0) + 5)


def test_it_ends_in_the_middle_of_training_when_its_server_is_gone(tmp_path):
    worker = Worker(tmp_path)
    worker.until_it_learns(worker.begin())
    worker.process.end()
    worker.hears(now="gone", code=0)
    worker.store.close()
