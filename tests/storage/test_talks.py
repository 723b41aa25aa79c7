"""The rows of talks and versions: what each statement changes, and what it leaves alone."""

from contextlib import suppress

import pytest

from cnnlib.storage.talks import TalkRows


@pytest.fixture
def rows(tmp_path):
    rows = TalkRows(tmp_path)
    for number, (talk, owner) in enumerate([("a", "ada"), ("b", "ada"), ("c", "bob")]):
        rows.insert(talk, owner, float(number))
        rows.add_version(talk, f"text of {talk}", 3)
    return rows


def test_the_text_of_a_talk_is_its_last_version_and_an_owners_newest_talk_comes_first(rows):
    rows.add_version("a", "later", 3)
    assert rows.text("a") == "later"
    assert rows.of_owner("ada") == ["b", "a"]
    assert (rows.owner("a"), rows.owner("nobody"), rows.text("nobody")) == ("ada", None, None)
    assert (rows.count("ada"), rows.count("bob"), rows.count("nobody")) == (2, 1, 0)


def test_the_last_versions_are_kept_and_dropped_one_by_one_down_to_the_first(rows):
    for number in range(4):
        rows.add_version("a", f"{number}", 3)
    assert [rows.drop_version("a") for _ in range(4)] == [True, True, False, False]
    assert rows.text("a") == "1"
    assert rows.text("b") == "text of b"


def test_a_deleted_talk_is_out_of_sight_until_it_is_restored(rows):
    rows.mark_deleted("a")
    assert rows.text("a") is None
    assert rows.of_owner("ada") == ["b"]
    assert rows.count("ada") == 1
    assert rows.owner("a") == "ada"
    assert rows.restore("a")
    assert not rows.restore("a")
    assert rows.text("a") == "text of a"


def test_talks_that_were_deleted_long_ago_while_servers_ran_are_gone_for_good(rows):
    rows.mark_deleted("a")
    rows._database.execute("INSERT INTO uptime VALUES (1, 100.0, 0.0)")
    rows.mark_deleted("b")
    rows.purge(100.0)
    assert rows.restore("a")
    rows.mark_deleted("a")
    rows._database.execute("UPDATE talks SET deleted = 0 WHERE id = 'a'")
    rows.purge(99.0)
    assert not rows.restore("a")
    assert rows.owner("a") is None
    assert rows.restore("b")
    assert rows.owner("c") == "bob"


def test_a_date_of_an_earlier_version_is_no_age(rows):
    rows._database.execute("UPDATE talks SET deleted = 1.7e9 WHERE id = 'a'")
    rows._database.execute("INSERT INTO uptime VALUES (1, 100.0, 0.0)")
    rows.purge(30.0)
    rows._database.execute("UPDATE uptime SET seconds = 129")
    rows.purge(30.0)
    assert rows.owner("a")
    rows._database.execute("UPDATE uptime SET seconds = 131")
    rows.purge(30.0)
    assert rows.owner("a") is None


def test_the_oldest_versions_of_an_owner_make_room_and_then_deleted_talks(rows):
    before = rows.size("ada")
    rows.add_version("a", "xx", 9)
    rows.add_version("b", "yyy", 9)
    assert rows.size("ada") == before + 5
    assert rows.drop_oldest("ada")
    assert rows.drop_oldest("ada")
    assert (rows.size("ada"), rows.text("a"), rows.text("b")) == (5, "xx", "yyy")
    assert not rows.drop_oldest("ada")
    rows.mark_deleted("a")
    assert rows.drop_oldest("ada")
    assert (rows.size("ada"), rows.owner("a"), rows.text("b")) == (3, None, "yyy")
    assert rows.text("c")


def test_a_transaction_is_kept_whole_or_not_at_all(rows):
    with suppress(ZeroDivisionError), rows.transaction():
        rows.mark_deleted("a")
        _ = 1 / 0
    assert rows.text("a") == "text of a"
