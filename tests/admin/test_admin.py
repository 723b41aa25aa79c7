"""The keeper of a server sees who holds what, and has runs stopped and deleted."""

import time

import pytest

from cnnlib.admin import report
from cnnlib.admin.__main__ import main
from cnnlib.models.architecture import PRESETS
from cnnlib.runs import service
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.service import Runs
from cnnlib.runs.store import RunStore
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import Talk

ADA, BOB = "a" * 32, "b" * 32
LONG = TrainConfig(images=400, batch_size=20, epochs=500, architecture=PRESETS["tiny"], reports=1)


def until(condition, seconds=60.0):
    """Wait until something holds; only a broken program takes this long."""
    deadline = time.monotonic() + seconds
    while not (found := condition()):
        assert time.monotonic() < deadline, "waited in vain"
        time.sleep(0.02)
    return found


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.setenv("CNN_CLASSROOM_DATA", str(tmp_path))
    return tmp_path


@pytest.fixture
def held(folder):
    store, talks = RunStore(folder), TalkStore(folder)
    run = store.create(ADA, "First", LONG, "gone")
    store.change(store.create(ADA, "Second", LONG, "gone"), "gone", "interrupted")
    talk = talks.create(BOB, Talk("Bob's"))
    store.close(), talks.close()
    return run, talk


def test_owners_are_listed_by_a_mark(held, capsys):
    assert main(["who"]) == 0
    told = capsys.readouterr().out
    assert ADA not in told
    lines = [line.split() for line in told.splitlines()]
    assert lines[0] == ["owner", "training", "queued", "paused", "over", "talks", "MB"]
    assert sorted(lines[1:]) == sorted(
        [
            [report.mark(ADA), "0", "1", "0", "1", "0", "0.0"],
            [report.mark(BOB), "0", "0", "0", "0", "1", "0.0"],
        ]
    )


def test_runs_and_limits_are_listed(held, capsys):
    assert main(["runs"]) == 0
    told = capsys.readouterr().out
    assert ADA not in told
    assert f"{held[0]}  {report.mark(ADA)}  queued " in told
    assert main(["quotas"]) == 0
    assert "runs that train or wait" in capsys.readouterr().out


def test_a_server_carries_out_what_its_keeper_orders(folder, monkeypatch, capsys):
    monkeypatch.setattr(service, "LOOK_S", 0.1)
    runs = Runs(folder, slots=1)
    stopped, deleted = (runs.start(ADA, "A run", LONG) for _ in range(2))
    until(lambda: runs.store.events(stopped))
    assert main(["stop", stopped]) == 0
    assert main(["delete", deleted]) == 0
    until(lambda: not runs.run(stopped).live)
    until(lambda: runs.store.run(deleted) is None)
    assert runs.run(stopped).state == "stopped"
    assert runs.store.orders() == []
    assert main(["delete", stopped]) == 0
    until(lambda: runs.store.run(stopped) is None)
    runs.close()


def test_a_talk_is_deleted_and_its_owner_brings_it_back(held, folder, capsys):
    assert main(["delete", held[1]]) == 0
    talks = TalkStore(folder)
    assert talks.of_owner(BOB) == {}
    assert talks.undo(held[1], BOB)
    assert talks.of_owner(BOB) == {held[1]: Talk("Bob's")}
    talks.close()


def test_an_id_that_is_none_and_a_folder_without_data_are_told(held, capsys, monkeypatch, tmp_path):
    assert main(["delete", "nothing", "stop"]) == 1
    assert "nothing: there is no such run or talk." in capsys.readouterr().err
    assert main(["delete", "-begins-with-a-hyphen"]) == 1
    assert "-begins-with-a-hyphen: there is no such run or talk." in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["stop"])
    assert "stop whom? Write the ids" in capsys.readouterr().err
    assert main(["stop", held[1]]) == 1
    assert "there is no such run." in capsys.readouterr().err
    monkeypatch.setenv("CNN_CLASSROOM_DATA", str(tmp_path / "empty"))
    assert main(["who"]) == 1
    assert "holds no classroom.sqlite3" in capsys.readouterr().err
