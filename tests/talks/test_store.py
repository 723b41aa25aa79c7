import pytest

from cnnlib.allowance import Allowance
from cnnlib.storage.database import RecordsError
from cnnlib.talks import store as module
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import Beat, Talk
from cnnlib.talks.text import write

TALK = Talk("one", (Beat("draw", line="a"), Beat("pooling", {"pool": "L2"}, notes="x\ny")))


@pytest.fixture
def store(tmp_path):
    return TalkStore(tmp_path)


def test_a_talk_outlives_the_program(store, tmp_path):
    talk_id = store.create("ada", TALK)
    assert TalkStore(tmp_path).find(talk_id) == TALK
    assert TalkStore(tmp_path).of_owner("ada") == {talk_id: TALK}
    assert store.of_owner("bob") == {}
    assert store.find("guess") is None


def test_changes_are_undone_one_by_one_and_so_is_a_deletion(store):
    talk_id = store.create("ada", TALK)
    store.change(talk_id, "ada", lambda talk: talk.removed(0))
    store.change(talk_id, "ada", lambda talk: talk)  # no change: nothing to undo
    last = store.change(talk_id, "ada", lambda talk: talk.inserted(1, Beat("kernels")))
    assert [beat.lesson for beat in last.beats] == ["pooling", "kernels"]
    store.delete(talk_id, "ada")
    assert store.find(talk_id) is None
    with pytest.raises(ValueError, match="bring it back"):
        store.change(talk_id, "ada", lambda talk: talk)
    assert store.undo(talk_id, "ada")
    assert store.find(talk_id) == last
    assert store.undo(talk_id, "ada")
    assert store.undo(talk_id, "ada")
    assert store.find(talk_id) == TALK
    assert not store.undo(talk_id, "ada")


def test_nobody_changes_the_talk_of_another(store):
    talk_id = store.create("ada", TALK)
    for call in (
        lambda: store.change(talk_id, "bob", lambda talk: talk.removed(0)),
        lambda: store.undo(talk_id, "bob"),
        lambda: store.delete(talk_id, "bob"),
        lambda: store.delete("guess", "bob"),
    ):
        with pytest.raises(ValueError, match="only the browser that made"):
            call()
    assert store.find(talk_id) == TALK


def test_an_edit_that_fails_changes_nothing(store):
    talk_id = store.create("ada", TALK)
    with pytest.raises(ValueError, match="title"):
        store.change(talk_id, "ada", lambda talk: Talk("", talk.beats))
    assert store.find(talk_id) == TALK


def test_talks_and_their_pasts_are_bounded(store, monkeypatch):
    monkeypatch.setattr(module, "MOST_TALKS", 2)
    monkeypatch.setattr(module, "_MOST_VERSIONS", 3)
    talk_id = store.create("ada", TALK)
    for _ in range(6):
        store.change(talk_id, "ada", lambda talk: talk.inserted(0, Beat("draw")))
    assert [store.undo(talk_id, "ada") for _ in range(4)] == [True, True, False, False]
    store.create("ada", TALK)
    store.create("bob", TALK)
    with pytest.raises(ValueError, match="2 talks are kept"):
        store.create("ada", TALK)


def test_what_was_deleted_long_ago_is_gone(store, tmp_path, monkeypatch):
    talk_id = store.create("ada", TALK)
    store.delete(talk_id, "ada")
    assert TalkStore(tmp_path).undo(talk_id, "ada")
    store.delete(talk_id, "ada")
    monkeypatch.setattr(module, "_KEPT_S", -1)
    with pytest.raises(ValueError, match="only the browser that made"):
        TalkStore(tmp_path).undo(talk_id, "ada")


@pytest.mark.parametrize("damage", ["no talk", "CNN Classroom talk 1\n???", b"\xff\xfe", None, 7])
def test_one_damaged_talk_leaves_the_shelf_and_can_be_undone_or_deleted(store, damage):
    good, bad = store.create("ada", TALK), store.create("ada", TALK)
    store.change(bad, "ada", lambda talk: talk.removed(0))
    store._rows._database.execute("CREATE TABLE free AS SELECT * FROM talk_versions")
    store._rows._database.execute("DROP TABLE talk_versions")
    store._rows._database.execute("ALTER TABLE free RENAME TO talk_versions")
    last = store._rows._database.execute("SELECT max(id) FROM talk_versions").fetchone()[0]
    store._rows._database.execute("UPDATE talk_versions SET text = ? WHERE id = ?", (damage, last))
    if damage is not None:  # a talk without a text is a talk that was deleted
        assert store.of_owner("ada") == {bad: module.DAMAGED, good: TALK}
        with pytest.raises(RecordsError, match="this talk is damaged: undo its last change"):
            store.find(bad)
        with pytest.raises(RecordsError, match="damaged"):
            store.change(bad, "ada", lambda talk: talk)
    assert store.undo(bad, "ada")
    assert store.of_owner("ada") == {bad: TALK, good: TALK}
    store.delete(bad, "ada")
    assert store.of_owner("ada") == {good: TALK}


def test_a_talk_that_could_not_be_read_again_is_not_kept(store, monkeypatch):
    monkeypatch.setattr(module, "LARGEST", 1000)
    talk_id = store.create("ada", TALK)
    with pytest.raises(ValueError, match=r"the talk would have 1,.* characters, and 1,000 are"):
        store.change(talk_id, "ada", lambda talk: talk.inserted(0, Beat("draw", notes="x" * 990)))
    assert store.find(talk_id) == TALK


def test_an_owners_earlier_versions_make_room_and_then_no_more_is_kept(store, monkeypatch):
    monkeypatch.setattr(module, "MOST_CHARACTERS", 4000)
    talk_id = store.create("ada", TALK)
    for number in range(10):
        store.change(
            talk_id, "ada", lambda _, n=number: Talk(f"{n}", (Beat("draw", notes="x" * 1500),))
        )
    assert store._rows.size("ada") <= 4000
    assert store.find(talk_id).title == "9"
    store.create("bob", Talk("b", (Beat("draw", notes="x" * 3500),)))
    with pytest.raises(ValueError, match=r"your talks would have 5,.* characters, and 4,000 are"):
        store.create("ada", Talk("b", (Beat("draw", notes="x" * 3500),)))
    assert list(store.of_owner("ada")) == [talk_id]
    store.delete(talk_id, "ada")
    store.create("ada", Talk("b", (Beat("draw", notes="x" * 3500),)))


def test_an_address_writes_so_much_in_a_while(store, monkeypatch):
    monkeypatch.setattr(module, "WRITTEN", Allowance(len(write(TALK)), 60))
    store.create("ada", TALK, "10.0.0.1")
    with pytest.raises(ValueError, match="much was written from your address"):
        store.create("made up", TALK, "10.0.0.1")
    store.create("ada", TALK, "10.0.0.2")


def noted(letter, size):
    return Talk(letter, (Beat("draw", notes=letter * size),))


def test_where_all_talks_are_too_much_whoever_holds_most_loses_earlier_versions(store, monkeypatch):
    now = [1000.0]
    monkeypatch.setattr(module, "monotonic", lambda: now[0])
    monkeypatch.setattr(module, "MOST_OF_ALL", 9000)
    mine = store.create("ada", noted("a", 1000))
    store.change(mine, "ada", lambda _: noted("b", 1000))
    theirs = store.create("eve", noted("c", 3000))
    store.change(theirs, "eve", lambda _: noted("d", 3000))
    store.create("bob", noted("e", 1500))
    assert store.find(theirs) == noted("d", 3000)
    assert not store.undo(theirs, "eve")
    assert store.undo(mine, "ada")
    store.create("bob", noted("e", 1500))
    with pytest.raises(ValueError, match="talks of all visitors have 9,000 characters, which are"):
        store.create("new", noted("f", 2000))
    now[0] += 61
    with pytest.raises(ValueError, match="or try again in a minute"):
        store.create("new", noted("f", 2000))
    assert store.find(mine) == noted("a", 1000)
    store.delete(theirs, "eve")
    now[0] += 61
    store.create("new", noted("f", 2000))
