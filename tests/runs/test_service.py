"""Runs in real processes: commanded, queued, killed, and taken up again."""

import os
import resource
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from itertools import pairwise
from math import inf
from pathlib import Path

import numpy as np
import pytest

from cnnlib.allowance import Allowance
from cnnlib.models.architecture import PRESETS
from cnnlib.runs import crew, presence
from cnnlib.runs import service as module
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import BatchTaken, Begun, Ended, Progress, Report
from cnnlib.runs.service import Runs, RunsError
from cnnlib.runs.start import Start
from cnnlib.runs.store import RunStore
from cnnlib.storage.database import FILE, RecordsError

SHORT = TrainConfig(images=400, batch_size=20, epochs=2, architecture=PRESETS["tiny"], device="cpu")
LONG = replace(SHORT, epochs=500, reports=1)


def until(condition):
    """Wait until something holds, however little of the machine is left for it."""
    while not (found := condition()):
        time.sleep(0.01)
    return found


@pytest.fixture(scope="module")
def runs(tmp_path_factory):
    made = Runs(tmp_path_factory.mktemp("runs"), slots=1)
    made.warm()
    yield made
    made.close()


@pytest.fixture(scope="module")
def sparing(tmp_path_factory):
    """Make a server that has no process stand ready, except one that put its run down."""
    made = Runs(tmp_path_factory.mktemp("sparing"), slots=1)
    yield made
    made.close()


@pytest.fixture(autouse=True)
def unhurried(monkeypatch):
    """Let no turn and no patience end by the clock, except in the tests of these."""
    monkeypatch.setattr(crew, "TURN_S", inf)
    monkeypatch.setattr(crew, "STOPPED_S", inf)


@pytest.fixture
def start(runs, unhurried):
    """Start runs of "me"; after the test stop them, so that their processes stand ready again."""
    started = []

    def begin(config=LONG, owner="me", on=runs, start=None):
        started.append((on, on.start(owner, "A run", config, start), owner))
        return started[-1][1]

    yield begin
    for on, run, owner in reversed(started):
        if (record := on.store.run(run)) and on.run(run).live:
            on.command(run, owner, "stop")
            until(lambda on=on, run=run: not on.run(run).live)
        if record:
            on.delete(run, owner)


def told(runs, run, kind):
    return [event for _, event in runs.store.events(run) if isinstance(event, kind)]


def state(runs, run):
    return runs.run(run).state


def until_it_learns(runs, run, more=1):
    enough = len(told(runs, run, Progress)) + more
    until(lambda: len(told(runs, run, Progress)) >= enough or not runs.run(run).live)
    assert len(told(runs, run, Progress)) >= enough, runs.run(run).sentence
    # A run may have told something before the server has heard its process. Until then a pause is
    # one of a run that has not begun, and is told before the run has saved its state.
    until(lambda: run not in runs._crew._held or runs._crew._held[run].begun)


def holder(runs, run):
    return runs._crew._held[run].process


def assert_one_history(runs, run):
    """Check that steps grow from event to event, so that none is missing or told twice."""
    steps = [event.step for event in told(runs, run, Progress)]
    assert steps
    assert all(a < b for a, b in pairwise(steps))
    reports = [event.step for event in told(runs, run, Report)]
    assert all(a < b for a, b in pairwise(reports))
    assert len(told(runs, run, Begun)) == 1


def test_a_run_trains_to_its_end_and_can_be_read_afterwards(runs, start):
    run = start(SHORT)
    until(lambda: not runs.run(run).live)
    record = runs.run(run)
    assert record.state == "finished"
    assert record.sentence
    assert record.seconds > 0
    events = [event for _, event in runs.store.events(run)]
    assert isinstance(events[0], Begun)
    assert isinstance(events[-1], Ended)
    assert told(runs, run, Progress)[-1].step == 40
    assert len(told(runs, run, Report)) >= 2
    assert_one_history(runs, run)
    numbers = [n for n, event in runs.store.events(run) if isinstance(event, Report | Ended)]
    assert runs.store.numbers(run) == numbers
    assert runs.store.network(run).forward is not None
    with pytest.raises(RunsError, match=r"This run is over \(finished\)"):
        runs.command(run, "me", "resume")


def test_a_run_pauses_and_goes_on_by_a_batch_an_epoch_or_for_good(runs, start):
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "pause")
    until(lambda: state(runs, run) == "paused")
    step = told(runs, run, Progress)[-1].step
    runs.command(run, "me", "batch")
    until(lambda: told(runs, run, Progress)[-1].step > step)
    assert told(runs, run, Progress)[-1].step == step + 1
    runs.command(run, "me", "epoch")
    until(lambda: told(runs, run, Progress)[-1].step > step + 1)
    until(lambda: state(runs, run) == "paused")
    last = told(runs, run, Progress)[-1]
    assert last.step % 20 == 0
    assert last.step - step - 1 <= 20
    assert told(runs, run, Report)[-1].step == last.step
    runs.command(run, "me", "resume")
    until_it_learns(runs, run)
    assert state(runs, run) == "training"
    assert_one_history(runs, run)


def test_one_step_under_the_microscope_is_a_step_of_the_run(runs, start):
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "microscope")
    (taken,) = until(lambda: told(runs, run, BatchTaken))
    until(lambda: state(runs, run) == "paused")
    assert taken.step == told(runs, run, Progress)[-1].step
    runs.command(run, "me", "batch")
    until(lambda: told(runs, run, Progress)[-1].step == taken.step + 1)


def test_stop_ends_a_run_that_trains_or_waits_or_pauses(runs, start):
    training, waiting, paused = start(), start(), start()
    runs.command(paused, "me", "pause")
    assert state(runs, paused) == "paused"
    until_it_learns(runs, training)
    for run in (waiting, paused, training):
        runs.command(run, "me", "stop")
        until(lambda run=run: state(runs, run) == "stopped")
        assert isinstance(runs.store.latest(run)[1], Ended)
        assert "Stopped by its owner" in runs.run(run).sentence
    assert runs.store.numbers(training)
    with pytest.raises(RunsError, match=r"over \(stopped\)"):
        runs.command(training, "me", "stop")


def test_a_run_that_does_not_stop_is_stopped(runs, start, monkeypatch):
    monkeypatch.setattr(crew, "STOPPED_S", 0.4)
    run = start()
    until_it_learns(runs, run)
    os.kill(holder(runs, run).pid, signal.SIGSTOP)
    runs.command(run, "me", "stop")
    until(lambda: state(runs, run) == "stopped")
    ended = runs.store.latest(run)[1]
    assert ended.step == told(runs, run, Progress)[-1].step > 0


def test_the_learning_rate_changes_in_mid_run(runs, start):
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "rate", 1e-5)
    until(lambda: told(runs, run, Progress)[-1].learning_rate <= 1e-5)
    assert told(runs, run, Progress)[0].learning_rate > 1e-5


def test_a_rate_that_is_none_is_refused_with_its_number(runs, start):
    run = start()
    for rate in (0, -1, float("nan"), float("inf"), 1e7, None, "0.1"):
        with pytest.raises(RunsError, match=r"^Learning rate .* use a number above 0"):
            runs.command(run, "me", "rate", rate)


def test_the_rate_of_a_waiting_run_is_its_rate_when_its_turn_comes(runs, start):
    first, second = start(), start()
    runs.command(second, "me", "rate", 1e-5)
    runs.command(first, "me", "stop")
    until_it_learns(runs, second)
    assert told(runs, second, Progress)[0].learning_rate <= 1e-5


def test_others_watch_and_change_nothing(runs, start):
    run = start()
    for name in ("pause", "resume", "stop", "rate"):
        with pytest.raises(RunsError, match="Only the browser that started this run can change it"):
            runs.command(run, "you", name, 0.1)
    with pytest.raises(RunsError, match="Only the browser that started"):
        runs.delete(run, "you")
    assert runs.run(run).live
    assert runs.of_owner("you") == []
    assert [record.id for record in runs.of_owner("me")] == [run]


def test_wrong_ids_and_commands_are_told(runs, start):
    with pytest.raises(RunsError, match="There is no such run"):
        runs.run("../../etc/passwd")
    with pytest.raises(RunsError, match="There is no such run"):
        runs.command("", "me", "stop")
    with pytest.raises(RunsError, match="no command 'explode' for a run"):
        runs.command(start(), "me", "explode")


def test_those_who_wait_see_their_place_and_owners_take_turns(runs, start):
    first, second, third, other = start(), start(), start(), start(owner="you")
    places = [(runs.run(run).state, runs.run(run).place) for run in (first, second, third, other)]
    assert places == [("training", 0), ("queued", 2), ("queued", 3), ("queued", 1)]
    runs.command(first, "me", "stop")
    until(lambda: state(runs, other) == "training")
    assert [runs.run(run).place for run in (second, third)] == [1, 2]
    until_it_learns(runs, other)
    runs.command(other, "you", "pause")
    until(lambda: state(runs, second) == "training")
    runs.command(other, "you", "resume")
    assert [runs.run(run).place for run in (third, other)] == [2, 1]
    runs.delete(second, "me")  # before its process has come up
    assert state(runs, other) == "training"


def test_while_others_wait_a_run_gives_way_and_queues_again(runs, start, monkeypatch):
    monkeypatch.setattr(crew, "TURN_S", 0.2)
    first, second = start(), start(owner="you")
    until_it_learns(runs, first)
    until_it_learns(runs, second)
    until_it_learns(runs, first)
    until_it_learns(runs, second)
    assert {state(runs, run) for run in (first, second)} <= {"training", "queued"}
    assert_one_history(runs, first)


def test_a_pause_as_the_turn_ends_is_a_pause(runs, start, monkeypatch):
    first, second = start(), start(owner="you")
    until_it_learns(runs, first)
    process = holder(runs, first)
    os.kill(process.pid, signal.SIGSTOP)
    runs.command(first, "me", "pause")
    with monkeypatch.context() as hasty, runs._crew.changed:
        hasty.setattr(crew, "TURN_S", 0.0)
        runs._crew.tend()
    os.kill(process.pid, signal.SIGCONT)
    until_it_learns(runs, second)
    assert state(runs, first) == "paused"


def test_runs_that_gave_way_go_on_also_when_no_process_is_kept_for_them(runs, start, monkeypatch):
    monkeypatch.setattr(crew, "TURN_S", 0.2)
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    first, second = start(), start(owner="you")
    for run in (first, second) * 2:
        until_it_learns(runs, run)
        assert len(runs._crew._held) <= 2
    for run in (first, second):
        assert_one_history(runs, run)
        assert runs.run(run).rewound == 0


def test_nobody_takes_all_the_room(runs, start, monkeypatch):
    monkeypatch.setattr(module, "MOST_OF_OWNER", 2)
    monkeypatch.setattr(module, "MOST", 3)
    start(), start()
    with pytest.raises(RunsError, match="You have 2 runs that are not over: stop or delete one"):
        start()
    start(owner="you")
    with pytest.raises(RunsError, match="3 runs are under way on this server"):
        start(owner="you")


def test_a_newcomer_gets_the_place_of_who_holds_most_and_a_paused_run_holds_none(
    runs, start, monkeypatch
):
    monkeypatch.setattr(module, "MOST", 3)
    first, second, third = (start() for _ in range(3))
    newcomer = start(owner="you")
    assert state(runs, third) == "paused"
    assert "Its place was needed" in runs.run(third).sentence
    assert state(runs, newcomer) != "paused"
    with pytest.raises(RunsError, match="3 runs are under way"):
        runs.command(third, "me", "resume")
    runs.command(second, "me", "pause")
    runs.command(third, "me", "resume")
    assert state(runs, third) == "queued"
    assert runs.run(third).sentence == ""
    assert runs.run(first).live


def test_an_address_starts_so_many_runs_in_a_while(runs, start, monkeypatch):
    monkeypatch.setattr(module, "STARTED", Allowance(2, 60))
    start(), start(owner="you")
    with pytest.raises(RunsError, match="2 runs were started from your address within an hour"):
        start(owner="they")
    other = runs.start("they", "Elsewhere", LONG, address="10.0.0.7")
    runs.delete(other, "they")


def test_a_run_that_was_paused_and_forgotten_is_cut_short_and_can_be_resumed(
    runs, start, monkeypatch
):
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "pause")
    until(lambda: run not in runs._crew._held)
    with runs._crew.changed:
        runs._forget()
    assert state(runs, run) == "paused"
    monkeypatch.setattr(module, "FORGOTTEN_S", 0.0)
    with runs._crew.changed:
        runs._forget()
    assert state(runs, run) == "interrupted"
    monkeypatch.setattr(module, "FORGOTTEN_S", 3600.0)
    runs.command(run, "me", "resume")
    until_it_learns(runs, run)
    assert_one_history(runs, run)


def test_a_paused_run_is_put_down_and_taken_up_where_it_was(runs, start, monkeypatch):
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "pause")
    until(lambda: run not in runs._crew._held)
    assert state(runs, run) == "paused"
    before = told(runs, run, Progress)[-1]
    runs.command(run, "me", "resume")
    until_it_learns(runs, run)
    assert_one_history(runs, run)
    assert runs.run(run).rewound == 0
    after = told(runs, run, Progress)
    assert after[-1].seconds > before.seconds


def test_a_run_that_was_taken_up_at_once_keeps_its_process_while_it_trains(
    runs, start, monkeypatch
):
    run = start()
    until_it_learns(runs, run)
    process = holder(runs, run)
    os.kill(process.pid, signal.SIGSTOP)
    runs.command(run, "me", "pause")
    runs.command(run, "me", "resume")
    os.kill(process.pid, signal.SIGCONT)
    until_it_learns(runs, run, more=2)
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    with runs._crew.changed:
        runs._crew.tend()
    assert holder(runs, run) is process
    until_it_learns(runs, run)
    assert state(runs, run) == "training"


def put_down_unheard(runs, run):
    """Have a paused run's process put the run down, but hear of that only later; return its id."""
    pid = holder(runs, run).pid
    os.kill(pid, signal.SIGSTOP)
    until(lambda: run not in runs._crew._held)
    return pid


def test_a_run_is_held_though_its_process_was_late_to_put_it_down_before(
    sparing, start, monkeypatch
):
    run = start(on=sparing)
    until_it_learns(sparing, run)
    sparing.command(run, "me", "pause")
    until(lambda: state(sparing, run) == "paused")
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    pid = put_down_unheard(sparing, run)
    sparing.command(run, "me", "resume")
    assert holder(sparing, run).pid == pid
    os.kill(pid, signal.SIGCONT)
    until_it_learns(sparing, run, more=3)
    assert holder(sparing, run).pid == pid


def test_a_run_begins_elsewhere_if_its_process_ends_by_an_earlier_one(sparing, start, monkeypatch):
    first = start(on=sparing)
    until_it_learns(sparing, first)
    sparing.command(first, "me", "pause")
    until(lambda: state(sparing, first) == "paused")
    resource.prlimit(holder(sparing, first).pid, resource.RLIMIT_FSIZE, (1, 1))
    os.kill(holder(sparing, first).pid, signal.SIGSTOP)
    sparing.command(first, "me", "batch")  # which has to be saved when the run is put down
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    pid = put_down_unheard(sparing, first)
    second = start(on=sparing)
    assert holder(sparing, second).pid == pid
    os.kill(pid, signal.SIGCONT)
    until_it_learns(sparing, second)
    assert holder(sparing, second).pid != pid


def test_a_run_without_data_fails_with_the_reason_and_the_next_one_trains(runs, start, tmp_path):
    run = start(TrainConfig(data=str(tmp_path), architecture=PRESETS["tiny"]))
    until(lambda: state(runs, run) == "failed")
    assert "holds no file" in runs.run(run).sentence
    until_it_learns(runs, start())


# Kills


@pytest.mark.parametrize("wait", [0.0, 0.13])
def test_a_killed_process_is_told_and_its_run_goes_on_from_its_checkpoint(runs, start, wait):
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "epoch")  # makes a checkpoint when it pauses
    until(lambda: state(runs, run) == "paused")
    at = runs.store.latest(run)[0]
    runs.command(run, "me", "resume")
    until_it_learns(runs, run, more=2)
    time.sleep(wait)
    seen = runs.store.events(run)
    os.kill(holder(runs, run).pid, signal.SIGKILL)
    until(lambda: state(runs, run) == "failed")
    assert "died (signal 9)" in runs.run(run).sentence
    kept = runs.store.events(run)
    assert [number for number, _ in kept[: len(seen)]] == [number for number, _ in seen]
    assert_one_history(runs, run)
    runs.command(run, "me", "resume")
    until(lambda: runs.run(run).rewound == 1)
    until_it_learns(runs, run)
    assert_one_history(runs, run)
    assert runs.run(run).checkpoint >= at


_SERVER = """
import sys, time
from pathlib import Path
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.service import Runs
from tests.runs.test_service import LONG
runs = Runs(Path(sys.argv[1]), slots=1)
first = runs.start("me", "First", LONG)
runs.command(first, "me", "epoch")  # makes a checkpoint when it pauses
while runs.run(first).state != "paused":
    time.sleep(0.01)
runs.command(first, "me", "resume")
print(first, runs.start("me", "Second", LONG), flush=True)
while not (held := list(runs._crew._held.values())):
    time.sleep(0.01)
print(held[0].process.pid, "torch" in sys.modules, flush=True)
time.sleep(600)
"""


@pytest.fixture(scope="module")
def other_server(tmp_path_factory):
    """Start a server in a process of its own; return folder, two runs, process, worker's number."""
    folder = tmp_path_factory.mktemp("other")
    command = [sys.executable, "-c", _SERVER, str(folder)]
    root = Path(__file__).parents[2]
    with subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True) as server:
        ids = server.stdout.readline().split()
        worker, loaded_torch = server.stdout.readline().split()
        yield folder, ids, server, int(worker), loaded_torch
        server.kill()


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(presence, "_NEW_S", 0.0)
    monkeypatch.setattr(module, "LOOK_S", 0.05)


def is_running(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().split()[2] != "Z"
    except FileNotFoundError:
        return False


def test_a_server_does_not_load_torch(other_server):
    assert other_server[-1] == "False"


def test_two_servers_leave_each_others_runs_alone_and_one_finds_the_others_after_a_kill(
    other_server, at_once
):
    folder, (first, second), server, worker, _ = other_server
    here = Runs(folder, slots=1)
    until_it_learns(here, first)
    assert state(here, first) == "training"
    assert (state(here, second), here.run(second).place) == ("queued", 1)
    with pytest.raises(RunsError, match="belongs to another server"):
        here.command(first, "me", "pause")
    with pytest.raises(RunsError, match="belongs to another server"):
        here.delete(second, "me")
    until(lambda: here.run(first).checkpoint)
    until_it_learns(here, first)
    seen = [number for number, _ in here.store.events(first)]
    server.kill()
    until(lambda: state(here, first) == "interrupted")
    until(lambda: not is_running(worker))
    kept = [number for number, _ in here.store.events(first)]
    assert kept[: len(seen)] == seen
    assert_one_history(here, first)
    assert state(here, second) == "interrupted"
    for run in (first, second):
        here.command(run, "me", "resume")
        until_it_learns(here, run)
        assert_one_history(here, run)
        here.command(run, "me", "stop")
    until(lambda: state(here, second) == "stopped")
    here.close()


def test_a_stop_of_the_whole_service_puts_runs_down_and_all_lies_in_one_file(tmp_path, at_once):
    first = Runs(tmp_path / "here", slots=1)
    run = first.start("me", "A run", LONG)
    until_it_learns(first, run, more=3)
    worker = holder(first, run).pid
    for stop in (signal.SIGTERM, signal.SIGINT):
        os.kill(worker, stop)
        until_it_learns(first, run)
    first.close()
    assert not is_running(worker)
    (tmp_path / "copy").mkdir()
    shutil.copy(tmp_path / "here" / FILE, tmp_path / "copy" / FILE)
    copy = RunStore(tmp_path / "copy")
    record = copy.run(run)
    assert record.state == "interrupted"
    assert record.checkpoint == record.told
    assert len(copy.events(run)) > 4
    copy.close()
    second = Runs(tmp_path / "here", slots=1)
    record = second.run(run)
    assert record.state == "interrupted"
    assert record.checkpoint == second.store.latest(run)[0]
    second.close()


def test_a_rate_that_was_told_before_a_kill_holds_after_it(runs, start):
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "pause")
    until(lambda: state(runs, run) == "paused")
    runs.command(run, "me", "rate", 1e-5)
    os.kill(holder(runs, run).pid, signal.SIGKILL)
    until(lambda: state(runs, run) == "failed")
    at = told(runs, run, Progress)[-1].step
    runs.command(run, "me", "resume")
    until(lambda: told(runs, run, Progress)[-1].step > at)
    after = [event for event in told(runs, run, Progress) if event.step > at]
    assert all(event.learning_rate <= 1e-5 for event in after)
    assert runs.run(run).rate == 1e-5


def test_a_run_begins_with_weights_and_again_after_a_kill_before_its_first_checkpoint(runs, start):
    first = start(SHORT)
    until(lambda: not runs.run(first).live)
    begin = Start(runs.store.network(first), "the network of the run “A run”", first)
    runs.delete(first, "me")
    still = replace(LONG, learning_rate=1e-9)
    run = start(still, start=begin)
    until(lambda: told(runs, run, Report))
    os.kill(holder(runs, run).pid, signal.SIGKILL)
    until(lambda: state(runs, run) == "failed")
    assert runs.run(run).checkpoint == 0
    before = told(runs, run, Report)[0]
    runs.command(run, "me", "resume")
    until(lambda: runs.run(run).rewound == 1 and told(runs, run, Report))
    after = told(runs, run, Report)[0]
    assert after.validation_loss == pytest.approx(before.validation_loss)
    for name, values in begin.network.parameters.items():
        kept = runs.store.network(run, 10**6).parameters[name]
        np.testing.assert_allclose(kept, values, atol=1e-4)


def test_weights_that_do_not_fit_start_no_run(runs):
    begin = Start(PRESETS["digits"].network(), "the file “a.npz”")
    with pytest.raises(RunsError, match=r"^The file “a.npz” cannot be trained on .* it has conv1"):
        runs.start("nobody", "On", LONG, begin)
    assert runs.of_owner("nobody") == []


def test_a_run_whose_first_weights_are_gone_fails_with_the_reason(runs, start):
    waits = start()
    run = start(start=Start(PRESETS["tiny"].network(), "the file “a.npz”"))
    (runs.store.folder / "runs" / run / "start.npz").unlink()
    runs.delete(waits, "me")
    until(lambda: state(runs, run) == "failed")
    assert "the weights that this run began from are gone" in runs.run(run).sentence


# Disks


def test_a_disk_that_takes_nothing_more_ends_the_run_with_a_sentence(runs, start):
    run = start()
    until_it_learns(runs, run)
    resource.prlimit(holder(runs, run).pid, resource.RLIMIT_FSIZE, (1, 1))
    until(lambda: state(runs, run) == "failed")
    assert "cannot be written" in runs.run(run).sentence
    assert_one_history(runs, run)
    runs.command(run, "me", "resume")
    until_it_learns(runs, run)
    assert_one_history(runs, run)


def test_what_the_disk_does_not_take_is_told_all_the_same(runs, start, monkeypatch):
    run = start()
    until_it_learns(runs, run)

    def full(*_):
        raise RecordsError("the disk is full")

    with monkeypatch.context() as patch:
        patch.setattr(runs.store, "change", full)
        os.kill(holder(runs, run).pid, signal.SIGKILL)
        until(lambda: state(runs, run) == "failed")
        assert runs.store.run(run).state == "training"
    until(lambda: runs.store.run(run).state == "failed")


def test_a_process_is_not_taken_from_a_run_that_has_not_saved_its_state(runs, start, monkeypatch):
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    process = until(lambda: runs._crew.stands_ready and runs._crew._spare)
    os.kill(process.pid, signal.SIGSTOP)
    run = start()
    assert holder(runs, run) is process
    runs.command(run, "me", "pause")
    with runs._crew.changed:
        runs._crew.tend()
        held = run in runs._crew._held
    os.kill(process.pid, signal.SIGCONT)
    assert held
    until(lambda: run not in runs._crew._held)
    assert list((runs.store.folder / "runs" / run).glob("state-*"))


def test_a_deleted_checkpoint_is_told_and_the_history_stays(runs, start, monkeypatch):
    monkeypatch.setattr(crew, "MOST_KEPT", 0)
    run = start()
    until_it_learns(runs, run)
    runs.command(run, "me", "pause")
    until(lambda: run not in runs._crew._held)
    for file in (runs.store.folder / "runs" / run).glob("state-*"):
        file.unlink()
    before = len(runs.store.events(run))
    runs.command(run, "me", "resume")
    until(lambda: state(runs, run) == "failed")
    assert "checkpoint is missing" in runs.run(run).sentence
    assert len(runs.store.events(run)) == before


@pytest.mark.parametrize("trouble", ["file", "damaged", "later"])
def test_a_folder_that_cannot_be_used_is_told_and_training_goes_on_elsewhere(tmp_path, trouble):
    folder = tmp_path / "data"
    if trouble == "file":
        folder.write_text("in the way")
    else:
        folder.mkdir()
        (folder / FILE).write_bytes(b"no database at all " * 500)
    before = (folder if trouble == "file" else folder / FILE).read_bytes()
    runs = Runs(folder, slots=1)
    assert runs.notice.startswith("Runs are kept only until this server ends: ")
    elsewhere = runs.store.folder
    run = runs.start("me", "A run", LONG)
    assert state(runs, run) == "training"
    runs.close()
    assert not elsewhere.exists()
    assert (folder if trouble == "file" else folder / FILE).read_bytes() == before
