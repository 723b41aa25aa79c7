"""The store of runs survives kills, full disks and damaged files; its losses are told in words."""

import json
import os
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import pytest

from cnnlib.network import Flatten, Linear, Network
from cnnlib.runs import files
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Ended, Progress
from cnnlib.runs.start import Start
from cnnlib.runs.store import RunStore
from cnnlib.storage.database import RecordsError

CONFIG = TrainConfig(images=1000, learning_rate=0.25)
SERVER = "this"


def progress(step):
    return Progress(step, 100, step / 10, 1.0, 0.5, 0.1, 1000.0, step / 100)


def network(value, inputs=784):
    weight = np.full((10, inputs), value, np.float32)
    side = round(inputs**0.5)
    layers = [("flatten", Flatten()), ("logits", Linear(weight, np.zeros(10)))]
    return Network(layers, (1, side, side))


def bias_free(net):
    return float(net.parameters["logits.weight"][0, 0])


@pytest.fixture
def store(tmp_path):
    store = RunStore(tmp_path)
    yield store
    store.close()


@pytest.fixture
def run(store):
    return store.create("me", "First run", CONFIG, SERVER)


def steps(store, run):
    return [event.step for _, event in store.events(run)]


def test_a_run_is_there_for_another_process_with_all_that_was_told(store, run, tmp_path):
    store.append(run, progress(1))
    store.append(run, progress(2), network(0.5))
    other = RunStore(tmp_path)
    record = other.run(run)
    assert (record.owner, record.title, record.state) == ("me", "First run", "queued")
    assert record.config == CONFIG
    assert record.seconds == 0.02
    assert [number for number, _ in other.events(run)] == [1, 2]
    assert steps(other, run) == [1, 2]
    assert bias_free(other.network(run)) == 0.5
    other.close()


def test_events_after_a_number_are_those_that_are_new(store, run):
    for step in range(1, 6):
        store.append(run, progress(step))
    assert [event.step for _, event in store.events(run, after=3)] == [4, 5]
    assert store.events(run, after=5) == []
    assert store.latest(run)[0] == 5


def test_ids_cannot_be_guessed_and_owners_see_their_own_newest_first(store):
    mine = [store.create("me", f"{n}", CONFIG) for n in range(3)]
    store.create("you", "other", CONFIG)
    assert len(set(mine)) == 3
    assert all(len(run) == 12 for run in mine)
    assert [record.id for record in store.of_owner("me")] == mine[::-1]
    assert store.of_owner("nobody") == []
    assert store.run("../../etc") is None


def test_a_title_is_one_line_of_bounded_length(store):
    assert store.run(store.create("me", "a\n b" + "c" * 500, CONFIG)).title == "a b" + "c" * 77
    assert store.run(store.create("me", "  ", CONFIG)).title == "Run"


@pytest.mark.parametrize(
    ("outcome", "state"), [("finished", "finished"), ("stopped early", "finished")]
)
def test_the_end_is_told_and_recorded_together(store, run, outcome, state):
    store.append(run, Ended(outcome, "It is done.", 3.5, 100))
    record = store.run(run)
    assert (record.state, record.sentence, record.seconds) == (state, "It is done.", 3.5)
    assert not record.live
    assert not record.resumable
    assert not store.change(run, SERVER, "training")
    assert store.run(run).state == state


def test_only_the_server_that_holds_a_run_changes_it(store, run):
    assert store.change(run, SERVER, "training")
    assert not store.change(run, "another", "paused")
    assert store.run(run).state == "training"


def test_runs_of_servers_that_are_gone_are_interrupted_and_can_be_taken_over(store, run):
    other = store.create("you", "elsewhere", CONFIG, "living")
    store.interrupt({"living"})
    assert store.run(run).state == "interrupted"
    assert store.run(other).state == "queued"
    assert store.run(run).resumable
    assert not store.change(run, "new", "training")
    assert store.change(run, "new", "queued")
    assert not store.change(run, "too late", "queued")
    assert store.run(run).server == "new"


# Checkpoints


def test_a_run_goes_back_to_its_checkpoint(store, run):
    store.append(run, progress(1), network(1))
    store.save_checkpoint(run, {"w": np.arange(3), "i": np.array(7)})
    store.append(run, progress(2), network(2))
    store.append(run, progress(3))
    state = store.rewind(run)
    assert state["w"].tolist() == [0, 1, 2]
    assert int(state["i"]) == 7
    assert steps(store, run) == [1]
    assert store.numbers(run) == [1]
    assert store.run(run).rewound == 1
    assert store.append(run, progress(2)) == 4, "a number that was read before tells another event"
    assert steps(store, run) == [1, 2]


def test_without_a_checkpoint_it_starts_over(store, run):
    store.append(run, progress(1), network(1))
    assert store.rewind(run) is None
    assert store.events(run) == []
    assert store.numbers(run) == []
    assert store.rewind(run) is None
    assert store.run(run).rewound == 1


def test_only_the_last_checkpoint_is_kept_and_none_after_the_end(store, run, tmp_path):
    for step in range(3):
        store.append(run, progress(step))
        store.save_checkpoint(run, {"step": np.array(step)})
    assert [p.name for p in (tmp_path / "runs" / run).iterdir()] == ["state-3.npz"]
    assert int(store.rewind(run)["step"]) == 2
    store.append(run, Ended("stopped", "", 1.0, 3))
    assert list((tmp_path / "runs" / run).iterdir()) == []


@pytest.mark.parametrize("damage", ["missing", "empty", "garbage", "pickle"])
def test_a_lost_checkpoint_is_told_and_the_history_stays(store, run, tmp_path, damage):
    store.append(run, progress(1))
    store.save_checkpoint(run, {"w": np.arange(3)})
    store.append(run, progress(2))
    path = tmp_path / "runs" / run / "state-1.npz"
    path.unlink()
    if damage == "pickle":
        with path.open("wb") as file:
            np.savez(file, w=np.array([print], dtype=object))
    elif damage != "missing":
        path.write_bytes(b"" if damage == "empty" else b"PK garbage")
    with pytest.raises(RecordsError, match=r"checkpoint .*so it cannot go on: its history stays"):
        store.rewind(run)
    assert steps(store, run) == [1, 2]


@pytest.mark.parametrize("damage", [None, b"", b"PK\x03\x04 no zip"])
def test_lost_weights_are_told(store, run, tmp_path, damage):
    with pytest.raises(RecordsError, match="no longer there"):
        store.network(run)
    store.append(run, progress(1), network(1))
    path = tmp_path / "runs" / run / "1.npz"
    path.unlink() if damage is None else path.write_bytes(damage)
    with pytest.raises(RecordsError, match="no longer there" if damage is None else "are damaged"):
        store.network(run)


def test_weights_of_an_event_are_its_own_or_those_before(store, run):
    for step in (1, 2, 3):
        store.append(run, progress(step), network(step) if step != 2 else None)
    assert [bias_free(store.network(run, number)) for number in (1, 2, 3)] == [1, 1, 3]
    assert bias_free(store.network(run)) == 3


def test_a_large_networks_long_run_is_thinned_but_keeps_its_first_and_last(
    store, run, tmp_path, monkeypatch
):
    monkeypatch.setattr(files, "MOST_BYTES", 20_000)
    rng = np.random.default_rng(0)
    for step in range(20):
        net = network(1, 144)
        noise = rng.normal(size=net.parameters["logits.weight"].shape).astype(np.float32)
        layers = [("flatten", Flatten()), ("logits", Linear(noise, np.zeros(10)))]
        store.append(run, progress(step), Network(layers, (1, 12, 12)))
    numbers = store.numbers(run)
    assert len(numbers) < 10
    assert (numbers[0], numbers[-1]) == (1, 20)
    assert sum(p.stat().st_size for p in (tmp_path / "runs" / run).iterdir()) < 30_000


# Kills


_WRITER = """
import sys
from pathlib import Path
import numpy as np
from cnnlib.network import Flatten, Linear, Network
from cnnlib.runs.events import Progress
from cnnlib.runs.store import RunStore
store, run = RunStore(Path(sys.argv[1])), sys.argv[2]
for step in range(1, 100_000):
    weight = np.full((10, 784), step, np.float32)
    net = Network([("flatten", Flatten()), ("logits", Linear(weight, np.zeros(10)))])
    event = Progress(step, 9, 1.0, 1.0, 1.0, 1.0, 1.0, float(step))
    store.append(run, event, net if step % 3 == 0 else None)
    if step % 4 == 0:
        store.save_checkpoint(run, {"step": np.array(step)})
    print(step, flush=True)
"""


@pytest.mark.parametrize("seed", range(5))
def test_a_kill_at_any_instant_loses_nothing_that_was_told(store, run, tmp_path, seed):
    command = [sys.executable, "-c", _WRITER, str(tmp_path), run]
    root = Path(__file__).parents[2]
    writer = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True)
    first = int(writer.stdout.readline())
    time.sleep(np.random.default_rng(seed).uniform(0, 0.1))
    writer.kill()
    told = [first, *(int(line) for line in writer.stdout.read().split("\n")[:-1])]
    writer.wait()
    writer.stdout.close()
    kept = steps(store, run)
    assert kept == list(range(1, len(kept) + 1))
    assert len(kept) >= told[-1]
    assert [bias_free(store.network(run, n)) for n in store.numbers(run)] == store.numbers(run)
    assert {n for n in store.numbers(run) if n <= len(kept)} == set(range(3, len(kept) + 1, 3))
    checkpoint = store.run(run).checkpoint
    assert told[-1] - 4 <= checkpoint <= len(kept)
    state = store.rewind(run)
    assert (int(state["step"]) if state else 0) == checkpoint
    assert len(store.events(run)) == checkpoint
    assert all(n <= checkpoint for n in store.numbers(run))


# Full disks and foolish files


def test_nothing_that_is_kept_or_sent_is_ever_unpickled():
    modules = list((Path(__file__).parents[2] / "cnnlib").rglob("*.py"))
    assert len(modules) > 50
    for module in modules:
        text = module.read_text(encoding="utf-8")
        for word in ("import pickle", "allow_pickle=True", "multiprocessing", "torch.load"):
            assert word not in text, module


def test_a_full_disk_is_told_and_the_run_keeps_what_it_had(store, run):
    (pages,) = store._rows._database.execute("PRAGMA page_count").fetchone()
    store._rows._database.execute(f"PRAGMA max_page_count = {pages}")
    told = []

    def fill():
        while True:
            told.append(store.append(run, progress(len(told) + 1)))

    with pytest.raises(RecordsError, match="is full: make room"):
        fill()
    assert told
    assert steps(store, run) == told


def test_a_disk_without_room_for_weights_is_told_and_no_half_file_stays(
    store, run, monkeypatch, tmp_path
):
    store.append(run, progress(1), network(1))

    def full(_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(os, "fsync", full)
    with pytest.raises(RecordsError, match="No space left on device"):
        store.append(run, progress(2), network(2))
    with pytest.raises(RecordsError, match="No space left on device"):
        store.save_checkpoint(run, {"step": np.array(2)})
    assert steps(store, run) == [1]
    assert [path.name for path in (tmp_path / "runs" / run).iterdir()] == ["1.npz"]


def test_a_run_that_was_deleted_takes_no_more_events(store, run, tmp_path):
    store.append(run, progress(1), network(1))
    store.delete(run)
    assert store.run(run) is None
    assert store.events(run) == []
    assert not (tmp_path / "runs" / run).exists()
    with pytest.raises(RecordsError, match="was deleted"):
        store.append(run, progress(2))


def test_settings_that_were_edited_are_told_and_other_runs_are_found(store, run):
    store._rows._database.execute("UPDATE runs SET settings = ?", (json.dumps({"epochs": "many"}),))
    other = store.create("me", "Other", CONFIG, SERVER)
    with pytest.raises(RecordsError, match="this run's settings are damaged, or of another"):
        store.run(run)
    assert [record.id for record in store.of_owner("me")] == [other]


# Pruning


def end(store, title, changed):
    run = store.create("me", title, CONFIG, SERVER)
    store.append(run, Ended("finished", "", 1.0, 1), network(1))
    store._rows._database.execute("UPDATE runs SET changed = ? WHERE id = ?", (changed, run))
    return run


def test_old_runs_are_pruned_and_live_ones_never(store, run, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    old = end(store, "old", now)
    assert store.prune(50, 10**9, 0) == []
    now += 40
    assert store.prune(50, 10**9, 40) == []
    new = end(store, "new", now)
    now += 20
    assert store.prune(50, 10**9, 20) == [old]
    assert store.run(old) is None
    assert store.run(new)
    assert store.run(run)
    now += 1000
    assert store.prune(50, 10**9, 1000) == [new]
    assert store.run(run)


def test_a_clock_that_is_forty_days_ahead_deletes_nothing(store, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    run = end(store, "over", now)
    store.prune(30 * 86400, 10**9, 0)
    now += 40 * 86400
    assert store.prune(30 * 86400, 10**9, 5) == []
    assert store.run(run)


def test_a_run_that_went_on_begins_to_rest_anew(store, monkeypatch):
    now = time.time()
    monkeypatch.setattr(time, "time", lambda: now)
    run = store.create("me", "One", CONFIG, SERVER)
    store.change(run, SERVER, "interrupted")
    store.prune(50, 10**9, 0)
    now += 45
    store.change(run, SERVER, "queued")
    assert store.prune(50, 10**9, 45) == []
    store.change(run, SERVER, "interrupted")
    now += 45
    assert store.prune(50, 10**9, 45) == []
    now += 51
    assert store.prune(50, 10**9, 51) == [run]


def test_beyond_the_size_the_oldest_go_first(store):
    now = time.time()
    runs = [end(store, f"{age}", now - age) for age in (30, 20, 10)]
    size = store.size(runs[0])
    assert size > 200
    assert store.prune(1000, 2 * size + 10, 0) == [runs[0]]
    assert [record.id for record in store.of_owner("me")] == runs[:0:-1]


def test_the_rate_of_a_run_is_the_last_that_it_was_told(store, run, tmp_path):
    assert store.run(run).rate is None
    store.set_rate(run, 0.5)
    store.set_rate(run, 0.125)
    other = RunStore(tmp_path)
    assert other.run(run).rate == 0.125
    other.delete(run)
    assert store._rows._database.execute("SELECT count(*) FROM rates").fetchone()[0] == 0
    other.close()


# Weights that a run begins with


def test_a_run_keeps_the_weights_that_it_began_with_and_whose_they_are(store, run, tmp_path):
    store.append(run, progress(1), network(0.25))
    began = Start(store.network(run), "the network of the run “First run”", run)
    second = store.create("me", "On", CONFIG, SERVER, began)
    store.delete(run)
    other = RunStore(tmp_path)
    record = other.run(second)
    assert (record.began, record.origin) == (began.words, run)
    start = other.start(record)
    assert bias_free(start.network) == 0.25
    assert (start.words, start.run) == (began.words, run)
    other.append(second, progress(1), network(0.5))
    assert other.numbers(second) == [1]
    assert bias_free(other.start(record).network) == 0.25
    other.delete(second)
    assert not (tmp_path / "runs" / second).exists()
    other.close()


def test_a_run_with_random_weights_began_from_none(store, run):
    record = store.run(run)
    assert (record.began, record.origin, store.start(record)) == ("", "", None)


@pytest.mark.parametrize("damage", [Path.unlink, lambda file: file.write_bytes(b"PK")])
def test_first_weights_that_are_gone_or_damaged_are_told(store, tmp_path, damage):
    run = store.create("me", "On", CONFIG, SERVER, Start(network(1), "the file “a.npz”"))
    damage(tmp_path / "runs" / run / "start.npz")
    with pytest.raises(RecordsError, match="the weights that this run began from are gone or dam"):
        store.start(store.run(run))


def test_a_run_that_cannot_be_recorded_leaves_no_weights(store, tmp_path):
    store._rows._database.execute("PRAGMA max_page_count = 100")  # as on a disk that is nearly full
    with pytest.raises(RecordsError, match="is full"):
        store.create("me", "On", CONFIG, SERVER, Start(network(1), "the file" * 100_000))
    assert not list((tmp_path / "runs").iterdir())
    assert store.of_owner("me") == []


def test_a_database_of_an_earlier_version_gets_what_it_lacks(store, run, tmp_path):
    store._rows._database.execute("DROP TABLE starts")
    store.close()
    again = RunStore(tmp_path)
    assert again.run(run).began == ""
    again.close()
