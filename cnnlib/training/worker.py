"""The process in which runs train: `python -m cnnlib.training.worker FOLDER`.

The process makes itself ready, says so, and then takes orders, which are lines of JSON on its
standard input. The events of a run go into the store, where pages read them. Standard output tells
the server only of changes, in lines of JSON too. The input ends when the server does. Then the
process ends at once, even in the middle of a step, because the store is whole at any instant.
"""

import contextlib
import json
import os
import signal
import sys
import traceback
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from queue import Empty, Queue
from threading import Thread
from time import perf_counter
from typing import IO, Any

import numpy as np
import torch

from cnnlib.data import Dataset
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import BatchTaken, Ended, Report, StepDone
from cnnlib.runs.meter import Meter
from cnnlib.runs.sets import make
from cnnlib.runs.store import RunStore
from cnnlib.training.trainer import Training, train

TOLD_S = 0.12  # seconds of training from one `Progress` to the next
IDLE_S = 1.0  # how long no order comes before the default digits are drawn
CHECKPOINT_S = 5.0  # the least seconds of training between two checkpoints
_CHECKPOINT_SHARE = 0.01  # the largest share of the time that may go into checkpoints

Say = Callable[..., None]


class Inbox:
    """The orders that have come in. When the input ends, the process ends."""

    def __init__(self, lines: IO[str]) -> None:
        self._orders: Queue[dict[str, Any]] = Queue()
        Thread(target=self._read, args=(lines,), daemon=True).start()

    def _read(self, lines: IO[str]) -> None:
        for line in lines:
            self._orders.put(json.loads(line))
        os._exit(0)

    def wait(self, seconds: float | None = None) -> dict[str, Any]:
        """Wait for the next order and return it; raise `queue.Empty` if none comes in time."""
        return self._orders.get(timeout=seconds)

    def empty(self) -> bool:
        """Return whether no order waits."""
        return self._orders.empty()


class Job:
    """One run in this process, until the run is over or given back.

    Parameters
    ----------
    store : RunStore
    order : dict
        The order that began the run.
    inbox : Inbox
    say : callable
    """

    def __init__(self, store: RunStore, order: dict[str, Any], inbox: Inbox, say: Say) -> None:
        self.store, self.inbox, self.say = store, inbox, say
        self.run: str = order["run"]
        self.number: int = order["job"]
        record = store.run(self.run)
        if record is None:
            raise ValueError("this run was deleted")
        state = store.rewind(self.run)
        start = store.start(record) if state is None else None
        self.training: Training = train(record.config, _data(record.config), start)
        if state is not None:
            self.training.restore(state)
        self.meter = Meter(self.training.seconds)
        self.per_epoch = self.training.steps // record.config.epochs
        self.told_any = False
        self.until = ""  # "resume", "batch", "epoch", "microscope"; "" while the run is paused
        self.target = 0  # the step that ends the epoch, for a run that trains until then
        self.here = True
        self._checkpoint_due = self.training.seconds + CHECKPOINT_S
        if record.rate is not None:
            self.training.learning_rate = record.rate
        self.obey(order["goal"], 0.0)

    def go(self) -> None:
        """Train, pause and obey until the run is over or given back."""
        while self.here:
            while self.here and (not self.until or not self.inbox.empty()):
                order = self.inbox.wait()
                # An order to an earlier job of this process came too late.
                if order["job"] == self.number:
                    self.obey(order["do"], order.get("value", 0.0))
            if self.here:
                self.step()

    def obey(self, order: str, value: float) -> None:
        """Carry out an order, or begin to."""
        match order:
            case "resume" | "epoch":
                if not self.until:
                    self.say(job=self.number, now="training")
                self.until = order
                self.target = (self.training.step // self.per_epoch + 1) * self.per_epoch
            case "batch" | "microscope":
                self.until = order
            case "pause":
                self.pause()
            case "release":
                if self.until:
                    self.pause()
                self.here = False
                self.say(job=self.number, now="released")
            case "rate":
                self.training.learning_rate = value
            case "stop":
                self.tell_progress()
                done = self.training
                sentence = f"Stopped by its owner after {done.step:,} of {done.steps:,} steps."
                self.end(Ended("stopped", sentence, done.seconds, done.step))

    def step(self) -> None:
        """Take the run to its next event."""
        if self.until == "microscope":
            event = self.training.microscope()
        else:
            event = next(self.training, None)
        match event:
            case StepDone():
                self.count(event)
            case Ended() | None:
                self.tell_progress()
                self.end(event)
            case _:
                self.tell_progress()
                weights = self.training.network if isinstance(event, Report) else None
                self.store.append(self.run, event, weights)
        if isinstance(event, BatchTaken):
            self.until = "batch"  # the same batch's `StepDone` follows
        elif isinstance(event, Report) and self.until == "epoch" and event.step >= self.target:
            self.pause()
        elif self.here and self.until and self.training.seconds > self._checkpoint_due:
            self.checkpoint()

    def count(self, step: StepDone) -> None:
        """Gather a step, and tell the gathered steps when it is time."""
        self.meter.add(step, self.training.seconds)
        if not self.told_any or self.meter.waited > TOLD_S:
            self.tell_progress()
        if self.until == "batch":
            self.pause()

    def tell_progress(self) -> None:
        """Tell the gathered steps as one `Progress`."""
        if progress := self.meter.take():
            self.told_any = True
            self.store.append(self.run, progress)

    def pause(self) -> None:
        """Save the state of the run, and take no step until the next order."""
        self.tell_progress()
        self.checkpoint()
        self.until = ""
        self.say(job=self.number, now="paused")

    def checkpoint(self) -> None:
        """Keep the state that the run can go on from."""
        begun = perf_counter()
        self.store.save_checkpoint(self.run, self.training.state())
        cost = perf_counter() - begun
        self._checkpoint_due = self.training.seconds + max(CHECKPOINT_S, cost / _CHECKPOINT_SHARE)

    def end(self, event: Ended | None) -> None:
        """Close the run's history."""
        if event is not None:
            self.store.append(self.run, event, self.training.network)
        self.here = False
        self.say(job=self.number, now="over")


def warm_up() -> None:
    """Take some steps on blank images, because the first steps of a process take long."""
    blank = Dataset(np.zeros((64, 28, 28), np.uint8), np.zeros(64, np.uint8), "blank")
    for _ in train(TrainConfig(epochs=1, batch_size=16, device="cpu"), (blank, blank)):
        pass


def _data(config: TrainConfig) -> tuple[Dataset, Dataset]:
    return _made(TrainConfig(data=config.data, images=config.images, seed=config.seed))


@lru_cache(2)
def _made(config: TrainConfig) -> tuple[Dataset, Dataset]:
    return make(config)


def main() -> None:
    """Take orders until the input ends."""
    # A stop of the whole service reaches this process too. The server then ends, and asks it to
    # put its run down first.
    for signal_of_stop in (signal.SIGINT, signal.SIGTERM):
        signal.signal(signal_of_stop, signal.SIG_IGN)
    with contextlib.suppress(AttributeError, OSError):
        os.nice(5)  # so that the server, which answers people, goes first
    folder = Path(sys.argv[1])
    # Output of libraries goes to standard error, because it must not come between the lines that
    # the server reads.
    out = os.fdopen(os.dup(1), "w", encoding="utf-8")
    os.dup2(2, 1)

    def say(**words: Any) -> None:
        out.write(json.dumps(words) + "\n")
        out.flush()

    inbox = Inbox(sys.stdin)
    warm_up()
    say(now="ready")
    while True:
        try:
            order = inbox.wait(IDLE_S)
        except Empty:
            _data(TrainConfig())  # most runs begin with these digits, and now nobody waits
            order = inbox.wait()
        if order["do"] != "begin":
            continue
        torch.set_num_threads(order["threads"])
        try:
            with contextlib.closing(RunStore(folder)) as store:
                Job(store, order, inbox, say).go()
        except Exception as problem:  # every error is told in the run, and the app goes on
            say(job=order["job"], now="failed", why=_sentence(problem))
            return


def _sentence(problem: Exception) -> str:
    if isinstance(problem, (ValueError, OSError)):
        return f"Training broke off: {problem}."
    traceback.print_exc()  # for the server's log, because this error is the program's own fault
    return f"Training broke off because of {type(problem).__name__}: {problem}."


if __name__ == "__main__":
    main()
