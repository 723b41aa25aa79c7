"""Visitors who take little are answered at once, and those who take much in turn."""

from contextlib import ExitStack
from threading import Event, Thread

import pytest

from cnnlib.ui import crowd
from cnnlib.ui.crowd import LATELY_S, LEAST, LONGEST_S, MUCH_NEW_S, MUCH_S, NEW_S, Crowd

HALL = "10.0.0.1"


class Time:
    """A clock that stands still but where somebody waits or takes processor time."""

    def __init__(self, made):
        self.now, self.waited, self.taken = 1000.0, 0.0, 0.0
        made._sleep = self.wait

    def wait(self, _, seconds):
        assert seconds is not None, "nobody would ever wake the one who waits"
        self.now += seconds
        self.waited += seconds

    def take(self, seconds):
        self.now += seconds
        self.taken += seconds


@pytest.fixture
def room():
    """Return a crowd whose clock is told."""
    made = Crowd(clock=lambda: time.now, spent=lambda: time.taken)
    time = Time(made)
    return made, time


def take(room, browser, seconds, place=HALL):
    """Have a visitor take processor time, and return how long the visitor waited for it."""
    made, time = room
    before = time.waited
    with made.turn(browser, place):
        time.take(seconds)
    return time.waited - before


def settle(room, *browsers):
    """Let browsers become old."""
    for browser in browsers:
        take(room, browser, 0.0)
    room[1].now += NEW_S


def test_whoever_takes_little_never_waits(room):
    settle(room, "a", "b")
    for _ in range(50):
        assert take(room, "a", 0.01) == take(room, "b", 0.01) == 0
        room[1].now += 1.0


def test_whoever_takes_much_waits_as_long_as_the_others_need(room):
    settle(room, "much", "light")
    assert take(room, "much", 1.0) == 0  # nothing was known of this one
    assert take(room, "much", 1.0) < 0.5  # nobody else is there
    for number in range(2000):  # many people, each of whom takes little
        settle(room, f"light {number}") if number < 100 else None
        assert take(room, f"light {number % 100}", 0.03) == 0
    take(room, "much", 0.6)
    take(room, "much", 1.0)
    assert take(room, "much", 1.0) == pytest.approx(1 / LEAST - 1)


def test_much_is_forgotten(room):
    settle(room, "much")
    take(room, "much", 1.0)
    room[1].now += 3 * LATELY_S
    assert room[0]._taken("much", room[1].now) < MUCH_S


def test_made_up_browsers_of_one_address_are_one_newcomer(room):
    made, time = room
    for number in range(60):
        take(room, f"made up {number}", 0.01)
    here = f"new at {HALL}"
    assert made._taken(here, time.now) == pytest.approx(0.6, rel=0.1)
    assert made._accounts("another", HALL) == {"another": MUCH_S, here: MUCH_NEW_S}
    assert made._accounts("", HALL) == {here: MUCH_NEW_S}
    time.now += NEW_S
    assert made._accounts("made up 1", HALL) == {"made up 1": MUCH_S}


def test_known_browsers_and_accounts_are_limited(room, monkeypatch):
    monkeypatch.setattr(crowd, "_MOST_KNOWN", 50)
    for number in range(500):
        take(room, f"made up {number}", 0.001)
        room[1].now += 1.0
    assert len(room[0]._came) <= 50
    assert len(room[0]._used) <= 51


def test_those_who_take_much_run_one_at_a_time_and_others_beside_them():
    made, most, running = Crowd(spent=lambda: 0.0), [], []
    names = ["a", "b", "c"]
    for name in (*names, "light"):
        made._came[name] = -NEW_S - 1
    for name in names:
        made._used[name] = crowd._Use(9.0, made._clock())

    def work(name):
        with made.turn(name, HALL):
            running.append(name)
            most.append(len(running))
            running.remove(name)

    with ExitStack() as held:
        held.enter_context(made.turn("a", HALL))
        hands = [Thread(target=work, args=(name,)) for name in names[1:]]
        for hand in hands:
            hand.start()
        done = Event()
        Thread(target=lambda: (work("light"), done.set())).start()
        assert done.wait(10)
        assert most == [1]
        assert all(hand.is_alive() for hand in hands)
    for hand in hands:
        hand.join(10)
    assert most == [1, 1, 1]


@pytest.fixture
def queue(monkeypatch):
    """Return a function that lets visitors wait together, and tells in which order they came."""
    monkeypatch.setattr(crowd, "LONGEST_S", 1e6)
    made, order = Crowd(spent=lambda: 0.0), []
    now = made._clock()

    def work(name, place):
        with made.turn(name, place):
            order.append(name)

    def come(visitors, known, meanwhile=id):
        for name, seconds in known.items():
            if " " not in name:
                made._came[name] = now - NEW_S - 1
            made._used[name] = crowd._Use(seconds, now)
        with made.turn("runs", HALL):
            hands = [Thread(target=work, args=one) for one in visitors]
            for number, hand in enumerate(hands, 1):
                hand.start()
                while len(made._waiting) < number:
                    pass
            meanwhile(made)
        for hand in hands:
            hand.join(30)
        return order

    return come


def test_the_one_who_has_taken_less_comes_first(queue):
    known = {"runs": 5.0, "most": 9.0, "less": 6.0}
    assert queue([("most", HALL), ("less", HALL)], known) == ["less", "most"]


def test_ever_new_browsers_do_not_keep_out_a_known_one_nor_many_known_ones_a_newcomer(queue):
    evil, known = "10.6.6.6", {"runs": 0.6, "known": 0.7, "new at 10.6.6.6": 3.0}
    others = {f"known{number}": 0.6 for number in range(6)}
    visitors = [(f"made up {number}", evil) for number in range(6)]
    visitors += [(name, HALL) for name in others] + [("known", HALL)]
    order = queue(visitors, known | others)
    are_new = [name.startswith("made up") for name in order]
    assert are_new == [True, False] * 6 + [False]


def test_a_visitor_who_takes_little_wakes_nobody(queue, monkeypatch):
    woken = []
    sleep = Crowd._sleep

    def count(made, turn, seconds):
        sleep(made, turn, seconds)
        woken.append(turn)

    def draw(made):
        for _ in range(100):
            with made.turn("light", HALL):
                pass
        assert not woken

    monkeypatch.setattr(Crowd, "_sleep", count)
    known = {"runs": 5.0, "light": 0.0, **{f"much{number}": 5.0 for number in range(20)}}
    queue([(name, HALL) for name in known if "much" in name], known, draw)
    # Each is called when the turn is the visitor's own, and at the end of the turn before.
    assert len(woken) <= 2 * 20


def test_one_who_waits_for_somebody_else_keeps_nobody_for_long(room):
    settle(room, "asks", "other")
    take(room, "asks", 1.0)
    take(room, "other", 1.0)
    made, time = room
    with made.turn("asks", HALL):
        before = time.waited
        with made.turn("other", HALL):  # while the first one still runs
            assert time.waited - before == pytest.approx(LONGEST_S)
    assert take(room, "asks", 0.1) <= LONGEST_S


def test_nobody_of_many_who_come_at_once_is_forgotten(monkeypatch):
    monkeypatch.setattr(crowd, "MUCH_S", 0.0)
    monkeypatch.setattr(crowd, "MUCH_NEW_S", 0.0)
    monkeypatch.setattr(crowd, "LONGEST_S", 1e6)
    made, done = Crowd(spent=lambda: 0.0), []

    def work(number):
        for turn in range(40):
            with made.turn(f"browser {number % 7} {turn % 3}", f"10.0.0.{number % 3}"):
                done.append(number)

    hands = [Thread(target=work, args=(number,), daemon=True) for number in range(30)]
    for hand in hands:
        hand.start()
    for hand in hands:
        hand.join(30)
    assert len(done) == 30 * 40


def test_a_turn_ends_with_its_script_however_that_ends(room):
    settle(room, "much")
    take(room, "much", 1.0)
    with pytest.raises(ZeroDivisionError), room[0].turn("much", HALL):
        raise ZeroDivisionError
    assert take(room, "much", 0.1) >= 0
