"""Processes and turns: the runs that train now, those that wait, and those that only pause.

As many runs train at once as there are slots; the rest queue. A run that pauses gives its turn
back and keeps its process for some minutes; then only its files keep it. While others wait, a run
gives way after some seconds and queues again. One more process stands ready, so that a run
trains as soon as it is started.
"""

import time
from dataclasses import dataclass, replace
from math import inf
from threading import Condition
from typing import Any

from cnnlib.runs.ledger import Ledger
from cnnlib.runs.process import Process
from cnnlib.runs.turns import Waiting, in_order

TURN_S = 10.0  # how long a run trains while others wait
KEPT_S = 300.0  # how long a paused run keeps its process
MOST_KEPT = 4  # runs that keep their processes although they don't train
STOPPED_S = 0.4  # how long a run that was told to stop may take before its process is killed
READY_AGAIN_S = 5.0  # the next process gets ready only then, because it would slow a run's start
NOT_AGAIN_S = 60.0  # the wait after a process that could not even get ready


@dataclass
class Held:
    """A run that has a process.

    Attributes
    ----------
    waiting : Waiting
        The run's entry in the queue, by which it trains.
    process : Process
    since : float
        When the run began to train, or to pause.
    training : bool
        Whether the run has a turn now.
    yields : bool
        Whether the run was told to pause for others, and will queue again.
    deadline : float or None
        When the process is killed, if the run has not stopped by itself.
    begun : bool
        Whether the process has said anything of the run. Until then the run does not train,
        though it has a turn: libraries are loaded and pictures are drawn, which takes seconds.
    rests : bool
        Whether its owner told the run to pause, and not to train since then.
    saved : bool
        Whether the run has paused since it trained last, and so has saved its state.
    """

    waiting: Waiting
    process: Process
    since: float
    training: bool = True
    yields: bool = False
    deadline: float | None = None
    begun: bool = False
    rests: bool = False
    saved: bool = False

    @property
    def may_yield(self) -> bool:
        """Whether the run has begun to train, and nobody has told it to pause yet."""
        return self.training and self.begun and not self.yields and not self.rests


class Crew:
    """The processes of a server. Call it with `changed` held.

    Parameters
    ----------
    ledger : Ledger
        Is told every run's state.
    slots : int
        Runs that train at once.
    threads : int
        How many threads each process computes with.

    Attributes
    ----------
    changed : Condition
        The lock of all that a server knows of its runs; notified when something has changed.
    wanted : bool
        Whether a process should stand ready.
    """

    def __init__(self, ledger: Ledger, slots: int, threads: int) -> None:
        self.changed = Condition()
        self.wanted = False
        self._ledger, self._slots, self._threads = ledger, slots, threads
        self._queue: dict[str, Waiting] = {}
        self._held: dict[str, Held] = {}
        self._places: dict[str, int] = {}  # the places in the queue that the ledger was told
        self._served: dict[str, float] = {}  # when each owner's last turn began
        self._spare: Process | None = None
        self._spare_due = 0.0
        self._open = True

    @property
    def stands_ready(self) -> bool:
        """Whether a process stands ready."""
        spare = self._spare
        return spare is not None and spare.ready

    def enqueue(self, run: str, owner: str, goal: str) -> None:
        """Have a run train, in its turn, until it has reached its goal."""
        held, is_one = self._held.get(run), goal in ("batch", "microscope")
        if held:
            held.rests = is_one  # the run pauses after the batch
        # One batch takes so little time that it needs no turn.
        if held and (held.training or is_one):
            held.yields = False
            if is_one:
                self._queue.pop(run, None)
            else:
                held.waiting = replace(held.waiting, goal=goal)  # also after others had a turn
            held.process.send(do=goal)
            self._tell_places()
            return
        since = self._queue[run].since if run in self._queue else time.monotonic()
        self._queue[run] = Waiting(run, owner, since, goal)
        self._dispatch()

    def pause(self, run: str) -> None:
        """Have a run pause, or leave the queue."""
        held = self._held.get(run)
        if held and held.training:
            held.yields, held.rests = False, True
            held.process.send(do="pause")
            if not held.begun:
                # The process reads the order before its first step: nothing need be waited for.
                held.training, held.since = False, time.monotonic()
                self._ledger.tell(run, "paused")
                self._dispatch()
        elif self._queue.pop(run, None):
            self._ledger.tell(run, "paused")
            self._tell_places()

    def stop(self, run: str) -> None:
        """End a run, by force if it doesn't end within a moment."""
        if held := self._held.get(run):
            held.process.send(do="stop")
            held.deadline = time.monotonic() + STOPPED_S
        else:
            self.forget(run)
            self._ledger.end(run)

    def set_rate(self, run: str, rate: float) -> None:
        """Tell a run its new learning rate, because it may have read the old one in the store."""
        if held := self._held.get(run):
            held.process.send(do="rate", value=rate)

    def forget(self, run: str) -> None:
        """Let a run go, and kill its process if it has one."""
        self._queue.pop(run, None)
        if held := self._held.pop(run, None):
            held.process.run = ""
            held.process.kill()
        self._dispatch()

    def holds(self, run: str) -> bool:
        """Return whether a run has a process, or waits for one."""
        return run in self._held or run in self._queue

    def tend(self) -> float:
        """Do the work that is due, and return in how many seconds to look again."""
        now = time.monotonic()
        for run, held in list(self._held.items()):
            if held.deadline and now > held.deadline:
                self.forget(run)
                self._ledger.end(run)
            elif self._queue and now - held.since > TURN_S and held.may_yield:
                held.yields = True
                held.process.send(do="pause")
        self._put_down(now)
        if self._wants_spare(now):
            self._spare = self._spawn()
        return 0.05 if any(held.deadline for held in self._held.values()) else 0.5

    def close(self) -> None:
        """Have the runs save their state, as far as a second allows, and end all processes."""
        self._open = False
        for held in self._held.values():
            held.process.send(do="release")
        processes = [held.process for held in self._held.values()]
        processes += [self._spare] if self._spare else []
        self.changed.wait_for(lambda: not self._held, 1.0)
        for process in processes:
            process.end()
        self.changed.release()  # so that the last words of the processes are heard
        try:
            for process in processes:
                process.wait(0.5)
        finally:
            self.changed.acquire()

    # Turns

    def _order(self) -> list[Waiting]:
        training = [held.waiting.owner for held in self._held.values() if held.training]
        return in_order(self._queue.values(), training, self._served)

    def _dispatch(self) -> None:
        """Give free turns to waiting runs, and tell the others their places."""
        while self._open and self._free and self._queue:
            waiting = self._order()[0]
            del self._queue[waiting.run]
            self._train(waiting)
        self._tell_places()

    @property
    def _free(self) -> int:
        return self._slots - sum(held.training for held in self._held.values())

    def _tell_places(self) -> None:
        places = {waiting.run: place for place, waiting in enumerate(self._order(), 1)}
        for run, place in places.items():
            if self._places.get(run) != place:
                self._ledger.tell(run, "queued", place=place)
        self._places = places

    def _train(self, waiting: Waiting) -> None:
        run, now = waiting.run, time.monotonic()
        self._served[waiting.owner] = now
        if held := self._held.get(run):
            held.waiting, held.since, held.training, held.saved = waiting, now, True, False
            held.process.send(do=waiting.goal)
        else:
            process = self._spare or self._spawn()
            self._spare, self._spare_due = None, now + READY_AGAIN_S
            self._held[run] = Held(waiting, process, now)
            process.begin(run, waiting.goal, self._threads)
        self._ledger.tell(run, "training")

    # Processes

    def _spawn(self) -> Process:
        return Process(self._ledger.store.folder, self._threads, self._hear)

    def _wants_spare(self, now: float) -> bool:
        return self.wanted and not self._spare and now >= self._spare_due and self._free > 0

    def _put_down(self, now: float) -> None:
        """Take processes back from runs that have paused for long, or that hold too many idle ones.

        The runs whose turn comes soonest keep their processes first, then those that have paused
        last. A run that has not saved its state keeps its process: another process would begin the
        run from an older state.
        """
        idle = [run for run, held in self._held.items() if held.saved]
        idle.sort(key=lambda run: (self._places.get(run, inf), -self._held[run].since))
        for number, run in enumerate(idle):
            held, waiting = self._held[run], self._queue.get(run)
            if number >= MOST_KEPT or (not waiting and now - held.since > KEPT_S):
                # Nothing has to be waited for, because the run has saved its state.
                held.process.send(do="release")
                self._part(held, run)
                self._reuse(held.process)
                if waiting:
                    self._queue[run] = waiting

    def _hear(self, process: Process, words: dict[str, Any]) -> None:
        with self.changed:
            run, now = process.run, words["now"]
            if now == "ready":
                process.ready = True
            elif now == "gone":
                self._lose(process, words["code"])
            elif run and words["job"] == process.job:
                self._follow(self._held[run], run, words)
            self._dispatch()
            self.changed.notify_all()

    def _follow(self, held: Held, run: str, words: dict[str, Any]) -> None:
        if not held.begun:
            # A turn lasts from here: a process may take longer to get ready than a turn lasts.
            held.begun, held.since = True, time.monotonic()
        match words["now"]:
            case "training" if not held.rests:
                held.training, held.saved = True, False
                self._ledger.tell(run, "training")
            case "paused":
                held.training, held.saved, held.since = False, True, time.monotonic()
                if held.yields:
                    held.yields = False
                    self._queue[run] = replace(held.waiting, since=held.since)
                elif run not in self._queue:
                    self._ledger.tell(run, "paused")
            case "over" | "released":
                self._part(held, run)
                self._reuse(held.process)
                if words["now"] == "over":
                    self._ledger.drop(run)
            case "failed":
                self._part(held, run)
                self._ledger.tell(run, "failed", words["why"])

    def _part(self, held: Held, run: str) -> None:
        held.process.run = ""
        self._queue.pop(run, None)
        del self._held[run]

    def _reuse(self, process: Process) -> None:
        if self._open and not self._spare:
            self._spare = process
        else:
            process.end()

    def _lose(self, process: Process, code: int) -> None:
        if process is self._spare:
            self._spare = None
        if not process.ready:
            self._spare_due = time.monotonic() + NOT_AGAIN_S
        if not process.run:
            return
        run, held = process.run, self._held[process.run]
        self._part(held, run)
        if held.deadline:
            self._ledger.end(run)
        elif self._open and code == 0:
            # An earlier run failed at the last moment, after which the process read no more orders.
            if held.rests:
                self._ledger.tell(run, "paused")
            else:
                self._queue[run] = held.waiting
        elif self._open:
            how = f"signal {-code}" if code < 0 else f"exit code {code}"
            self._ledger.tell(
                run,
                "failed",
                f"Its process died ({how}). All that the run had told is kept, and the run "
                "can be resumed from its last checkpoint.",
            )
