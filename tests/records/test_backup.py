"""A backup beside a training restores to runs that go on, and to every talk."""

import io
import shutil
import tarfile
import time

import pytest

from cnnlib.models.architecture import PRESETS
from cnnlib.records import backup as module
from cnnlib.records.__main__ import main
from cnnlib.records.backup import back_up
from cnnlib.records.restore import restore
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Progress
from cnnlib.runs.service import Runs
from cnnlib.runs.store import RunStore
from cnnlib.storage.database import FILE, RecordsError
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import Beat, Talk

LONG = TrainConfig(images=400, batch_size=20, epochs=500, architecture=PRESETS["tiny"], reports=1)
TALK = Talk("one", (Beat("draw", line="a"),))


def until(condition, seconds=60.0):
    """Wait until something holds; only a broken program takes this long."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.01)
    return found


@pytest.fixture
def folder(tmp_path):
    """Return a folder with a run that has a checkpoint, files of later events, and a talk."""
    place = tmp_path / "data"
    store, talks = RunStore(place), TalkStore(place)
    run = store.create("me", "A run", LONG, "here")
    network = PRESETS["tiny"].network()
    step = Progress(1, 3, 0.5, 0.5, 0.1, 0.1, 1.0, 1.0)
    store.append(run, step, network)
    store.save_checkpoint(run, dict(network.parameters))
    store.append(run, step, network)
    (place / "runs" / run / "99.npz").write_bytes(b"of an event that nobody told")
    talks.create("me", TALK)
    store.close(), talks.close()
    return place


def test_a_run_that_trains_goes_on_in_the_restored_folder(tmp_path):
    runs = Runs(tmp_path / "here", slots=1)
    run = runs.start("me", "A run", LONG)
    until(lambda: len(runs.store.events(run)) > 3)
    runs.command(run, "me", "pause")
    until(lambda: runs.run(run).state == "paused")
    runs.command(run, "me", "resume")
    until(lambda: runs.run(run).told > runs.run(run).checkpoint + 1)
    assert back_up(tmp_path / "here", tmp_path / "b.tar") == 1
    runs.close()
    assert restore(tmp_path / "b.tar", tmp_path / "there") == 1
    again = Runs(tmp_path / "there", slots=1)
    assert again.run(run).state == "interrupted"
    again.command(run, "me", "resume")
    told = again.run(run).told
    until(lambda: again.run(run).told > told + 1)
    assert again.run(run).state == "training"
    again.close()


def test_only_files_that_the_database_names_come_along(folder, tmp_path):
    assert back_up(folder, tmp_path / "b.tar") == 1
    (run,) = [path.name for path in (folder / "runs").iterdir()]
    with tarfile.open(tmp_path / "b.tar") as archive:
        assert archive.getnames() == [
            FILE,
            *(f"runs/{run}/{name}.npz" for name in ("1", "2", "state-1")),
        ]
    assert not list(folder.glob("backup-*"))
    restore(tmp_path / "b.tar", tmp_path / "there")
    talks = TalkStore(tmp_path / "there")
    assert list(talks.of_owner("me").values()) == [TALK]
    talks.close()
    store = RunStore(tmp_path / "there")
    assert store.rewind(run) is not None
    store.close()


def test_a_checkpoint_that_is_replaced_meanwhile_makes_the_backup_begin_again(
    folder, tmp_path, monkeypatch
):
    (run,) = [path.name for path in (folder / "runs").iterdir()]
    copied = []

    def meanwhile(source, file):
        # Two checkpoints are kept between the two looks at the files: the first is in neither.
        if not copied:
            keep("state-7.npz", 7)
        snapshot(source, file)
        if not copied:
            keep("state-8.npz", 8)
        copied.append(file)

    def keep(name, number):
        store = RunStore(folder)
        for old in (folder / "runs" / run).glob("state-*"):
            shutil.move(old, folder / "runs" / run / name)
        store._rows.set_checkpoint(run, number)
        store.close()

    snapshot = module.snapshot
    monkeypatch.setattr(module, "snapshot", meanwhile)
    back_up(folder, tmp_path / "b.tar")
    assert len(copied) == 2
    restore(tmp_path / "b.tar", tmp_path / "there")
    store = RunStore(tmp_path / "there")
    assert store.run(run).checkpoint == 8
    assert store.rewind(run) is not None
    store.close()


def test_where_links_cannot_be_made_files_are_copied(folder, tmp_path, monkeypatch):
    def refuse(*_):
        raise PermissionError("no links here")

    monkeypatch.setattr(module.os, "link", refuse)
    back_up(folder, tmp_path / "b.tar")
    restore(tmp_path / "b.tar", tmp_path / "there")


def test_data_that_are_there_stay(folder, tmp_path):
    back_up(folder, tmp_path / "b.tar")
    before = (folder / FILE).read_bytes()
    with pytest.raises(RecordsError, match="is there already: stop the server, and move"):
        restore(tmp_path / "b.tar", folder)
    assert (folder / FILE).read_bytes() == before


def archive(path, **members):
    with tarfile.open(path, "w") as made:
        for name, content in members.items():
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            made.addfile(entry, io.BytesIO(content))
    return path


@pytest.mark.parametrize(
    "members",
    [
        {"../out": b""},
        {"/etc/x": b""},
        {"runs/a/b.py": b""},
        {"runs/a/../../b.npz": b""},
        {"classroom.sqlite3": b"no database" * 99},
        {"runs/a/1.npz": b""},
        {},
    ],
)
def test_a_file_that_is_no_backup_is_refused_and_leaves_nothing(tmp_path, members):
    file = archive(tmp_path / "b.tar", **members)
    with pytest.raises(RecordsError):
        restore(file, tmp_path / "there")
    assert list((tmp_path / "there").iterdir()) == []
    assert not (tmp_path / "out").exists()


def test_a_cut_off_backup_is_refused(folder, tmp_path):
    back_up(folder, tmp_path / "b.tar")
    whole = (tmp_path / "b.tar").read_bytes()
    for length in (0, 700, len(whole) // 2):
        (tmp_path / "cut.tar").write_bytes(whole[:length])
        with pytest.raises(RecordsError):
            restore(tmp_path / "cut.tar", tmp_path / "there")
        assert list((tmp_path / "there").iterdir()) == []


def test_the_commands_say_what_they_did_and_what_failed(folder, tmp_path, monkeypatch, capsys):
    monkeypatch.setenv("CNN_CLASSROOM_DATA", str(folder))
    file = str(tmp_path / "b.tar")
    assert main(["backup", file]) == 0
    assert capsys.readouterr().out.endswith("b.tar, with the weights of 1 runs.\n")
    assert main(["restore", file]) == 1
    assert capsys.readouterr().err.startswith("restore failed: ")
    monkeypatch.setenv("CNN_CLASSROOM_DATA", str(tmp_path / "there"))
    assert main(["backup", file]) == 1
    assert "holds no classroom.sqlite3" in capsys.readouterr().err
    assert main(["restore", file]) == 0
