"""What a speaker asks for comes to the projector's window, and to no other."""

import asyncio
from concurrent.futures import ThreadPoolExecutor

import pytest

from cnnlib.talks.remote import Remotes
from cnnlib.ui import wishes


class Window:
    """A projector's end of the socket."""

    def __init__(self, code, **query):
        self.path_params, self.query_params = {"code": code}, query
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


def told(remotes, ask, code, **query):
    """Return what a window was told, which leaves some looks after what was asked."""

    async def live():
        window = Window(code, **query)
        telling = asyncio.create_task(wishes.tell(window, remotes))
        await asyncio.sleep(3 * wishes.LOOK_S)
        if channel := remotes.get(code):
            ask(channel)
        await asyncio.sleep(5 * wishes.LOOK_S)
        window.leaves.set()
        await asyncio.wait_for(telling, 5)
        return window

    # In a thread of its own: a browser that other tests drive has its loop in this one.
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(live())).result()


def test_a_wish_is_told_once_and_only_to_whose_code_it_is(remotes):
    code, other = remotes.open("lecture", 3), remotes.open("lecture", 3)
    remotes.ask(remotes.get(code), 9)  # before the window came: not for it

    def ask(channel):
        remotes.ask(remotes.get(code), 4, blank=True)

    assert told(remotes, ask, code).told == [(2, 4, True, False)]
    assert told(remotes, ask, other).told == []


def test_a_window_whose_connection_broke_is_told_what_was_asked_meanwhile(remotes):
    code = remotes.open("lecture", 3)
    remotes.ask(remotes.get(code), 4)
    remotes.ask(remotes.get(code), 5, play=True)
    assert told(remotes, lambda _: None, code, after="1").told == [(2, 5, False, True)]
    assert told(remotes, lambda _: None, code, after="2").told == []
    assert told(remotes, lambda _: None, code, after="²").told == []


def test_a_wrong_code_is_sent_away(remotes):
    window = told(remotes, lambda _: None, "GUESS2")
    assert (window.told, window.closed) == ([], wishes.NO_SUCH_CODE)
