from hypothesis import given
from hypothesis import strategies as st

from cnnlib.ui.mailbox import Mailbox
from tests.ui.nonsense import NONSENSE


def letter(*events, serial=None, session="me", heard=()):
    """Return what a component says; each event is (serial, name, arrival, value)."""
    names = ("serial", "name", "arrival", "value")
    told = [dict(zip(names, event, strict=True)) for event in events]
    last = max((event[0] for event in events), default=0) if serial is None else serial
    return {"session": session, "serial": last, "heard": list(heard), "events": told}


def test_an_event_is_read_in_one_run_however_often_it_arrives():
    box = Mailbox("me")
    for _ in range(2):
        box.begin()
        box.receive("pad", letter((1, "sample", 0, 4), (2, "sample", 0, 5)))
    assert box.read("pad", "sample") == [4, 5]
    assert box.read("pad", "sample") == [4, 5]  # in the same run
    box.begin()
    box.receive("pad", letter((2, "sample", 0, 5), (3, "sample", 0, 6)))
    assert box.read("pad", "sample") == [6]
    assert box.taken["pad"] == 3


def test_an_event_that_nobody_read_waits_for_the_next_run():
    box = Mailbox("me")
    box.receive("stage", letter((1, "add", 0, "draw")))
    box.begin()
    box.begin()
    assert box.read("stage", "add") == ["draw"]


def test_the_last_event_stays_to_be_asked_for():
    box = Mailbox("me")
    box.receive("walk", letter((1, "answer", 0, "x")))
    assert box.read("walk", "answer") == ["x"]
    box.begin()
    assert box.read("walk", "answer") == []
    assert box.latest("walk", "answer") == "x"


def test_a_state_that_was_kept_counts_as_arrived_though_it_is_no_event():
    box = Mailbox("me")
    box.receive("pad", letter((1, "sample", 0, 4), serial=7))
    assert box.taken["pad"] == 7


def test_what_was_said_to_an_earlier_session_or_about_an_earlier_link_does_not_count():
    box = Mailbox("me", arrival=2)
    assert box.receive("pad", letter((1, "sample", 2, 4), session="another", heard=[3])) == set()
    box.receive("pad", letter((1, "sample", 1, 4)))
    box.receive("stage", letter((1, "add", 1, "draw")), lasting=True)
    assert box.read("pad", "sample") == []
    assert box.taken == {"pad": 1, "stage": 1}  # or it would be said for ever
    assert box.read("stage", "add") == ["draw"]


def test_a_page_that_is_left_takes_its_events_along():
    box = Mailbox("me")
    for key in ("pad", "stage"):
        box.receive(key, letter((1, "x", 0, key)))
    box.leave(["stage"])
    assert (box.read("pad", "x"), box.latest("pad", "x")) == ([], None)
    assert (box.read("stage", "x"), box.latest("stage", "x")) == (["stage"], "stage")


def test_marks_are_told():
    assert Mailbox("me").receive("ear", letter(heard=[3, 1, 3, "x", None, -1])) == {1, 3}


@given(st.lists(NONSENSE, max_size=5), NONSENSE, NONSENSE, NONSENSE)
def test_nonsense_is_no_event_and_raises_nothing(said, serial, heard, events):
    box = Mailbox("me")
    known = {"session": "me", "serial": serial, "heard": heard, "events": events}
    for one in [*said, known, known | {"serial": 3, "events": [events, *said]}]:
        marks = box.receive("pad", one)
        assert all(isinstance(mark, int) and mark >= 0 for mark in marks)
    assert all(0 <= number <= 2**53 for number in box.taken.values())
