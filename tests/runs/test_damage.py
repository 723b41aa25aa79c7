"""A byte that flips in the database is a sentence, or one run less, and never anything else."""

import random
import shutil

import pytest

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Ended, Progress
from cnnlib.runs.store import RunStore
from cnnlib.storage.database import FILE, RecordsError
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import Beat, Talk

FLIPS = 300


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    folder = tmp_path_factory.mktemp("whole")
    store, talks = RunStore(folder), TalkStore(folder)
    for number in range(3):
        run = store.create("ada", f"Run {number}", TrainConfig(), "here")
        for step in range(1, 4):
            store.append(run, Progress(step, 3, 0.5, 0.5, 0.1, 0.1, 1.0, 1.0))
        talk = talks.create("ada", Talk(f"Talk {number}", (Beat("draw", notes="x" * 500),)))
        talks.change(talk, "ada", lambda talk: talk.inserted(0, Beat("pooling")))
    store.append(run, Ended("finished", "Done.", 1.0, 3))
    store._rows._database.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    talks._rows._database.close()
    store.close()
    return folder


def use(folder):
    """Read and write as pages do, past every sentence; return how much could be read."""
    read = 0
    store = talks = None
    try:
        store = RunStore(folder)
        for record in [*store.of_owner("ada"), *store.live()]:
            try:
                assert record.config
                read += len(store.events(record.id))
                store.latest(record.id)
                store.append(record.id, Ended("stopped", "", 1.0, 1))
            except RecordsError:
                pass
        store.prune(1e9, 1e9, 0)
    except RecordsError:
        pass
    try:
        talks = TalkStore(folder)
        for talk_id in talks.of_owner("ada"):
            try:
                read += talks.find(talk_id) is not None
                talks.change(talk_id, "ada", lambda talk: talk.inserted(0, Beat("draw")))
                talks.undo(talk_id, "ada")
            except (RecordsError, ValueError):
                pass
    except RecordsError:
        pass
    if store:
        store.close()
    if talks:
        talks._rows._database.close()
    return read


def test_the_whole_database_is_read(whole, tmp_path):
    shutil.copy(whole / FILE, tmp_path / FILE)
    assert use(tmp_path) == 18 + 3


def test_a_flipped_byte_anywhere_is_a_sentence_or_one_thing_less(whole, tmp_path):
    content, chance = (whole / FILE).read_bytes(), random.Random(5)
    read = []
    for _ in range(FLIPS):
        damaged = bytearray(content)
        damaged[chance.randrange(len(content))] ^= 1 << chance.randrange(8)
        for old in tmp_path.glob(f"{FILE}*"):
            old.unlink()
        (tmp_path / FILE).write_bytes(damaged)
        read.append(use(tmp_path))
    assert sum(read) > 0.8 * 21 * FLIPS
