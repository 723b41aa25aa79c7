"""The care of runs goes on, whatever the system refuses meanwhile."""

import subprocess
import time
from dataclasses import replace
from threading import Event

import pytest

from cnnlib.models.architecture import PRESETS
from cnnlib.runs import service
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.ledger import Ledger
from cnnlib.runs.service import Runs
from cnnlib.runs.store import RunRecord

TINY = TrainConfig(images=400, architecture=PRESETS["tiny"], device="cpu")


@pytest.fixture
def none_given(monkeypatch):
    """Have the system give no process."""

    def refuse(*_, **__):
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(subprocess, "Popen", refuse)


@pytest.fixture
def runs(none_given, tmp_path):
    made = Runs(tmp_path, slots=1)
    yield made
    made.close()


def until(condition):
    while not condition():
        time.sleep(0.01)


def test_a_run_that_gets_no_process_fails_with_a_sentence_and_keeps_no_turn(runs):
    started = [runs.start("me", "A run", TINY) for _ in range(2)]
    until(lambda: all(runs.run(run).state == "failed" for run in started))
    assert all("can be resumed" in runs.run(run).sentence for run in started)
    runs.warm()  # a process that stands ready is not given either
    with runs._crew.changed:
        assert runs._crew._free == 1


def test_a_fault_does_not_end_the_care_of_runs(none_given, tmp_path, monkeypatch):
    again, calls = Event(), []

    def find(*_):
        calls.append(1)
        if len(calls) == 2:  # the first is asked as the server begins
            raise OSError(24, "Too many open files")
        if len(calls) > 2:
            again.set()

    monkeypatch.setattr(service, "_find_orphans", find)
    monkeypatch.setattr(service, "LOOK_S", 0.01)
    made = Runs(tmp_path, slots=1)
    try:
        assert again.wait(30)
    finally:
        made.close()


def test_a_state_that_another_thread_stores_meanwhile_is_no_fault(tmp_path):
    class Passing(dict):
        """States, of which each is stored as soon as somebody has looked for it."""

        def __contains__(self, run):
            found = super().__contains__(run)
            self.pop(run, None)
            return found

    record = RunRecord("a", "me", "", "", "training", "", 0, 0, 0, 0, "", 0, 0, 0, "", "", None)
    ledger = Ledger(None, "")
    ledger._unsaved = Passing(a=("paused", "", 0))
    assert ledger.current(record) in (record, replace(record, state="paused"))
