"""The rows of runs and events: what each statement changes, and what it leaves alone."""

import pytest

from cnnlib.storage.runs import RunRows

HELD = ("queued", "training")


@pytest.fixture
def rows(tmp_path):
    rows = RunRows(tmp_path)
    yield rows
    rows.close()


def row(run, **other):
    plain = {
        "id": run,
        "owner": "ada",
        "title": "One",
        "settings": "{}",
        "state": "queued",
        "created": 5.0,
        "server": "here",
    }
    return plain | other


def change(run, server="here", state="training"):
    return {
        "id": run,
        "server": server,
        "state": state,
        "sentence": "why",
        "place": 2,
        "changed": 9.0,
    }


def test_a_run_is_found_with_every_column_and_what_stands_beside_it(rows):
    rows.insert(row("a"), began=("the words", "b"))
    rows.set_rate("a", 0.5)
    rows.set_rate("a", 0.25)
    assert rows.find("a") == row("a") | {
        "sentence": "",
        "place": 0,
        "changed": 5.0,
        "seconds": 0.0,
        "told": 0,
        "checkpoint": 0,
        "rewound": 0,
        "began": "the words",
        "origin": "b",
        "rate": 0.25,
    }
    rows.insert(row("c"))
    assert [rows.find("c")[name] for name in ("began", "origin", "rate")] == ["", "", None]
    assert rows.find("nobody") is None


def test_runs_are_listed_by_owner_and_by_state_in_order(rows):
    rows.insert(row("a", created=1.0))
    rows.insert(row("b", created=2.0, state="over"))
    rows.insert(row("c", created=3.0, state="over", owner="bob"))
    assert [found["id"] for found in rows.of_owner("ada")] == ["b", "a"]
    assert [found["id"] for found in rows.within(HELD)] == ["a"]
    assert [found["id"] for found in rows.outside(HELD)] == ["c", "b"]
    assert rows.within(()) == []
    assert len(rows.outside(())) == 3


@pytest.mark.parametrize(
    ("state", "server", "free", "changed"),
    [
        ("queued", "here", (), True),
        ("queued", "there", (), False),
        ("over", "here", (), False),
        ("over", "there", ("over",), True),
        ("queued", "there", ("over",), False),
    ],
)
def test_a_run_is_changed_by_the_server_that_holds_it_or_where_it_is_free(
    rows, state, server, free, changed
):
    rows.insert(row("a", state=state))
    rows.insert(row("b", state=state))
    other = rows.find("b")
    assert rows.change(change("a", server), HELD, free) is changed
    names = ("server", "state", "sentence", "place", "changed")
    found = tuple(rows.find("a")[name] for name in names)
    assert found == ((server, "training", "why", 2, 9.0) if changed else ("here", state, "", 0, 5))
    assert rows.find("b") == other


def test_runs_that_servers_left_get_another_state_and_all_others_stay(rows):
    rows.insert(row("a"))
    rows.insert(row("b", server="there"))
    rows.insert(row("c", state="over"))
    rows.leave({"there"}, HELD, "left", "It is gone.")
    assert [rows.find(run)["state"] for run in "abc"] == ["left", "queued", "over"]
    assert rows.find("a")["sentence"] == "It is gone."


def test_an_event_changes_its_run_in_the_same_transaction(rows):
    rows.insert(row("a"))
    assert rows.append("a", 1, b"x", 6.0, seconds=1.5)
    assert rows.append("a", 2, b"yz", 7.0)
    found = rows.find("a")
    assert (found["told"], found["seconds"], found["changed"]) == (2, 1.5, 7.0)
    assert rows.append("a", 3, b"", 8.0, 2.0, ("over", "Done."))
    found = rows.find("a")
    assert (found["state"], found["sentence"], found["seconds"]) == ("over", "Done.", 2.0)
    assert rows.events("a") == [(1, b"x"), (2, b"yz"), (3, b"")]
    assert rows.events("a", after=2) == [(3, b"")]
    assert rows.latest("a") == (3, b"")
    assert rows.size("a") == 3


def test_an_event_without_its_run_or_under_a_number_that_is_taken_changes_nothing(rows):
    rows.insert(row("a"))
    rows.append("a", 1, b"x", 6.0)
    before = rows.find("a")
    assert not rows.append("a", 1, b"other", 7.0, 3.0, ("over", ""))
    assert not rows.append("nobody", 1, b"x", 7.0)
    assert rows.find("a") == before
    assert rows.events("a") == [(1, b"x")]
    assert rows.latest("nobody") is None
    assert rows.size("nobody") == 0


def test_going_back_deletes_later_events_and_counts_once_where_there_were_any(rows):
    rows.insert(row("a"))
    for number in (1, 2, 3):
        rows.append("a", number, b"x", 6.0)
    rows.set_checkpoint("a", 1)
    rows.rewind("a", 1)
    rows.rewind("a", 1)
    assert [number for number, _ in rows.events("a")] == [1]
    found = rows.find("a")
    assert (found["rewound"], found["told"], found["checkpoint"]) == (1, 3, 1)


def test_a_deleted_run_takes_all_its_rows_along(rows):
    rows.insert(row("a"), began=("words", ""))
    rows.append("a", 1, b"x", 6.0)
    rows.set_rate("a", 1.0)
    rows.delete("a")
    assert rows.find("a") is None
    rows.insert(row("a"))
    assert rows.events("a") == []
    assert [rows.find("a")[name] for name in ("began", "rate")] == ["", None]
