"""The queue is fair to owners, and a server's lock shows whether that server lives."""

import subprocess
import sys
from pathlib import Path

import pytest

from cnnlib.runs import presence
from cnnlib.runs.presence import Presence
from cnnlib.runs.turns import Place, Waiting, in_order, makes_way
from cnnlib.storage.database import RecordsError


def order(waiting, training=(), served=()):
    queue = [Waiting(name, name[0], since, "resume") for since, name in enumerate(waiting)]
    return " ".join(one.run for one in in_order(queue, training, dict(served)))


def way(places, owner, address, trains=()):
    """Return the run that makes way; a place is written as its owner, address and number."""
    held = [
        Place(one, one[0], one[1].strip("-"), since, one not in trains)
        for since, one in enumerate(places)
    ]
    return makes_way(held, owner, address)


def test_the_newest_waiting_run_of_who_holds_most_makes_way():
    assert way(["a11", "a12", "b11", "a13"], "c", "2") == "a13"
    assert way(["a11", "a12", "b11", "a13"], "c", "2", trains=["a13"]) == "a12"
    assert way(["a11", "a12", "b11"], "c", "1") == "a12"
    assert way(["a11", "b21"], "c", "3") is None
    assert way(["a11", "a12"], "a", "1") is None
    assert way(["a11", "a12"], "b", "2", trains=["a11", "a12"]) is None


def test_made_up_owners_of_one_address_make_way_for_another_address():
    strangers = [f"{letter}1x" for letter in "abcdefgh"]
    assert way([*strangers, "x21", "x22"], "y", "2") == "h1x"
    assert way(["x21", *strangers], "y", "3") == "h1x"


def test_runs_of_unknown_addresses_are_not_counted_together():
    assert way(["a-1", "b-1", "c-1"], "d", "1") is None
    assert way(["a-1", "b-1", "c-1"], "d", "") is None


def test_an_owner_with_many_runs_does_not_keep_others_waiting():
    assert order(["a1", "a2", "a3", "b1", "c1", "b2"]) == "a1 b1 c1 a2 b2 a3"


def test_who_trains_already_waits_for_those_who_do_not():
    assert order(["a1", "a2", "b1"], training=["a"]) == "b1 a1 a2"
    assert order(["a1", "b1"], training=["a", "b"]) == "a1 b1"


def test_who_had_a_turn_last_waits_for_who_had_none():
    assert order(["a1", "a2", "b1"], served={"a": 5.0}) == "b1 a1 a2"
    assert order(["a1", "b1", "c1"], served={"a": 5.0, "b": 3.0}) == "c1 b1 a1"


def test_among_equals_who_came_first_is_first():
    assert order(["c1", "a1", "b1"]) == "c1 a1 b1"
    assert order([]) == ""


@pytest.fixture
def at_once(monkeypatch):
    monkeypatch.setattr(presence, "_NEW_S", 0.0)


def test_servers_see_each_other_until_they_leave(tmp_path, at_once):
    first, second = Presence(tmp_path), Presence(tmp_path)
    assert first.others() == {second.name}
    assert second.others() == {first.name}
    second.leave()
    assert first.others() == set()
    first.leave()


def test_a_killed_servers_sign_is_gone_with_it(tmp_path, at_once):
    code = (
        "import sys; from pathlib import Path; from cnnlib.runs.presence import Presence; "
        "print(Presence(Path(sys.argv[1])).name, flush=True); sys.stdin.read()"
    )
    command = [sys.executable, "-c", code, str(tmp_path)]
    root = Path(__file__).parents[2]
    here = Presence(tmp_path)
    with subprocess.Popen(
        command, cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
    ) as other:
        name = other.stdout.readline().strip()
        assert here.others() == {name}
        other.kill()
    assert here.others() == set()
    assert [path.stem for path in (tmp_path / "servers").iterdir()] == [here.name]
    here.leave()


def test_a_folder_without_room_for_the_sign_is_told(tmp_path):
    (tmp_path / "servers").write_text("in the way")
    with pytest.raises(RecordsError, match="cannot be written"):
        Presence(tmp_path)
