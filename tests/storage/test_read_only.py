"""A data folder in which nobody can write is a sentence, and an old database stays as it is."""

import ctypes
import os
import sys
import tempfile
from pathlib import Path

import pytest

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.store import RunStore
from cnnlib.storage.database import RecordsError
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import Talk

pytestmark = pytest.mark.skipif(sys.platform != "linux", reason="ways of Linux")
NOBODY = 65_534


@pytest.fixture
def folder():
    """Return a folder that others may look into; pytest's own are for one user."""
    with tempfile.TemporaryDirectory() as made:
        yield Path(made)
        Path(made).chmod(0o755)


@pytest.fixture
def closed(folder):
    """Return a function after which nobody, not even the superuser, can write in the folder."""
    system = ctypes.CDLL(None)

    def close():
        for path in (*folder.iterdir(), folder):
            path.chmod(0o555)
        if os.geteuid() == 0:
            system.setfsuid(NOBODY)  # of this thread alone

    yield close
    system.setfsuid(os.geteuid())


def test_a_new_database_is_refused(folder, closed):
    closed()
    for store in (RunStore, TalkStore):
        with pytest.raises(RecordsError, match=r"."):
            store(folder)


def test_an_old_database_is_kept_as_it_is(folder, closed):
    store = RunStore(folder)
    run = store.create("ada", "Run", TrainConfig(), "here")
    store.close()
    content = {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()}
    closed()
    with pytest.raises(RecordsError, match=r"."):
        RunStore(folder).create("ada", "Another", TrainConfig(), "here")
    with pytest.raises(RecordsError, match=r"."):
        TalkStore(folder).create("ada", Talk("Mine"))
    assert {path.name: path.read_bytes() for path in folder.iterdir() if path.is_file()} == content
    assert run
