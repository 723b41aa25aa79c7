"""No order is lost, at whatever moment of a turn it comes; processes are played here."""

from pathlib import Path
from types import SimpleNamespace

import pytest

from cnnlib.runs import crew as module
from cnnlib.runs.crew import TURN_S, Crew


class Book:
    """A ledger in memory."""

    def __init__(self):
        self.states, self.store = {}, SimpleNamespace(folder=Path("nowhere"))

    def tell(self, run, state, *_, **__):
        self.states[run] = state

    drop = end = tell


class Played:
    """A process that says nothing by itself."""

    pid = 0

    def __init__(self, *_):
        self.run, self.job, self.ready = "", 0, True

    def begin(self, run, *_):
        self.run, self.job = run, self.job + 1

    def send(self, **order):
        pass

    def end(self):
        pass

    kill = end


class Turns:
    """A crew with one turn and two runs, of which the first trains and the second waits."""

    def __init__(self, monkeypatch):
        self.now, self.book = 0.0, Book()
        monkeypatch.setattr(module, "Process", Played)
        monkeypatch.setattr(module, "time", SimpleNamespace(monotonic=lambda: self.now))
        self.crew = Crew(self.book, 1, 1)
        with self.crew.changed:
            self.crew.enqueue("mine", "me", "resume")
            self.say("mine", "training")
            self.crew.enqueue("other", "you", "resume")

    def say(self, run, now):
        process = self.crew._held[run].process
        self.crew._hear(process, {"now": now, "job": process.job})

    def end_turn(self):
        self.now += TURN_S + 0.1
        with self.crew.changed:
            self.crew.tend()

    def order(self, goal):
        with self.crew.changed:
            self.crew.pause("mine") if goal == "pause" else self.crew.enqueue("mine", "me", goal)
            self.crew.tend()


@pytest.fixture
def turns(monkeypatch):
    return Turns(monkeypatch)


@pytest.mark.parametrize("order", ["pause", "batch", "microscope"])
@pytest.mark.parametrize("gives_way_before", [True, False])
def test_a_run_that_is_to_rest_does_not_queue_again(turns, order, gives_way_before):
    if gives_way_before:
        turns.end_turn()
    turns.order(order)
    if not gives_way_before:
        turns.end_turn()
    turns.say("mine", "paused")
    assert turns.book.states == {"mine": "paused", "other": "training"}
    assert not turns.crew._queue


def test_one_batch_of_a_run_that_waits_ends_its_waiting(turns):
    turns.end_turn()
    turns.say("mine", "paused")
    assert turns.book.states["mine"] == "queued"
    turns.order("batch")
    turns.say("mine", "paused")
    assert turns.book.states["mine"] == "paused"


def test_a_run_that_trains_for_an_epoch_does_so_after_others_had_a_turn(turns):
    turns.order("epoch")
    turns.end_turn()
    turns.say("mine", "paused")
    assert turns.crew._queue["mine"].goal == "epoch"


def test_a_turn_begins_when_the_process_has_got_ready(turns):
    turns.end_turn()
    turns.say("mine", "paused")
    for _ in range(3):
        turns.end_turn()  # the process still loads its libraries
    turns.say("other", "training")
    turns.order("pause")  # "mine" leaves the queue
    turns.order("resume")
    assert not turns.crew._held["other"].yields
    turns.end_turn()
    assert turns.crew._held["other"].yields


def test_a_run_that_was_paused_before_it_began_stays_so_when_its_process_is_gone(turns):
    with turns.crew.changed:
        turns.crew.forget("mine")  # now the other one has the turn, and has not begun
        turns.crew.pause("other")
        process = turns.crew._held["other"].process
        turns.crew._hear(process, {"now": "gone", "code": 0})
    assert turns.book.states["other"] == "paused"
    assert not turns.crew.holds("other")
