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


async def turns():
    """Let every task do what it can do without waiting for anything."""
    for _ in range(20):
        await asyncio.sleep(0)


def told(remotes, ask, name, **query):
    """Return the messages to a window that leaves after the wish."""

    async def live():
        window = Window(name, **query)
        telling = asyncio.create_task(wishes.tell(window, remotes))
        await turns()
        if channel := remotes.get(name):
            ask(channel)
        await turns()
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
    assert told(remotes, lambda _: None, mine.window, after="1" * 5000).told == []


def test_a_guessed_name_is_sent_away_and_a_code_too(remotes):
    for guess in ("GUESS2", remotes.open("lecture", 3).code):
        window = told(remotes, lambda _: None, guess)
        assert (window.told, window.closed) == ([], wishes.NO_SUCH_WINDOW)


def test_of_too_many_sockets_of_one_window_the_newest_stay(remotes):
    channel = remotes.open("lecture", 3)

    async def live():
        windows = [Window(channel.window) for _ in range(wishes.MOST + 2)]
        telling = [asyncio.create_task(wishes.tell(one, remotes)) for one in windows]
        await turns()
        remotes.ask(channel, 7)
        await turns()
        for one in windows:
            one.leaves.set()
        await asyncio.wait_for(asyncio.gather(*telling), 5)
        return windows

    with ThreadPoolExecutor(1) as thread:
        windows = thread.submit(lambda: asyncio.run(live())).result()
    assert [one.closed for one in windows] == [wishes.TAKEN_OVER] * 2 + [None] * wishes.MOST
    assert [one.told for one in windows] == [[]] * 2 + [[(1, 7, False, False)]] * wishes.MOST
    assert channel.ears == []
