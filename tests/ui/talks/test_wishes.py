"""A speaker's wish reaches the projector's window, and no other window."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnlib.talks.remote import Remotes
from cnnlib.ui.talks import wishes


class Window:
    """A projector's end of the socket."""

    def __init__(self, name, **query):
        self.path_params, self.query_params = {"window": name}, query
        self.told, self.closed, self.leaves = [], None, asyncio.Event()

    async def accept(self):
        pass

    async def close(self, why):
        self.closed = why

    async def receive(self):
        await self.leaves.wait()

    async def send_json(self, wish):
        self.told.append((wish["serial"], wish["beat"], wish["blank"], wish["play"]))


@pytest.fixture
def remotes():
    return Remotes()


def told(remotes, ask, name, **query):
    """Return the messages to a window that leaves some looks after the wish."""

    async def live():
        window = Window(name, **query)
        telling = asyncio.create_task(wishes.tell(window, remotes))
        await asyncio.sleep(3 * wishes.LOOK_S)
        if channel := remotes.get(name):
            ask(channel)
        await asyncio.sleep(5 * wishes.LOOK_S)
        window.leaves.set()
        await asyncio.wait_for(telling, 5)
        return window

    # In a thread of its own, because the browser of other tests has its loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(live())).result()


def test_a_wish_is_told_once_and_only_to_whom_it_is_for(remotes):
    mine, other = remotes.open("lecture", 3), remotes.open("lecture", 3)
    remotes.ask(mine, 9)  # the window opened later, and is not told of this wish

    def ask(channel):
        remotes.ask(mine, 4, blank=True)

    assert told(remotes, ask, mine.window).told == [(2, 4, True, False)]
    assert told(remotes, ask, other.window).told == []


def test_a_window_whose_connection_broke_is_told_what_was_asked_meanwhile(remotes):
    mine = remotes.open("lecture", 3)
    remotes.ask(mine, 4)
    remotes.ask(mine, 5, play=True)
    assert told(remotes, lambda _: None, mine.window, after="1").told == [(2, 5, False, True)]
    assert told(remotes, lambda _: None, mine.window, after="2").told == []
    assert told(remotes, lambda _: None, mine.window, after="²").told == []
    assert told(remotes, lambda _: None, mine.window, after="9" * 5000).told == []


def test_a_guessed_name_is_sent_away_and_a_code_too(remotes):
    for guess in ("GUESS2", remotes.open("lecture", 3).code):
        window = told(remotes, lambda _: None, guess)
        assert (window.told, window.closed) == ([], wishes.NO_SUCH_WINDOW)
