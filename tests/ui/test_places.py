"""Two pages are made at a time, and one that waits for a process keeps nobody from opening one."""

from threading import Event, Thread

from cnnlib.ui.places import AT_ONCE, place, without_place


def started(work):
    hand = Thread(target=work, daemon=True)
    hand.start()
    return hand


def test_a_page_that_waits_gives_its_place_back_and_takes_it_again():
    go_on, made = Event(), Event()

    def wait():
        with place(), without_place():
            go_on.wait(30)

    waiting = [started(wait) for _ in range(AT_ONCE)]

    def make():
        with place():
            made.set()

    hand = started(make)
    assert made.wait(10)
    hand.join(10)
    go_on.set()
    for one in waiting:
        one.join(10)
    holding = [place() for _ in range(AT_ONCE)]
    for one in holding:
        one.__enter__()
    made.clear()
    hand = started(make)
    assert not made.wait(0.05)
    for one in holding:
        one.__exit__(None, None, None)
    assert made.wait(10)
    hand.join(10)


def test_nothing_is_given_back_where_no_page_is_made():
    with without_place():
        pass
    with place():
        pass
