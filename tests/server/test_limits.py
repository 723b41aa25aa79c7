"""The door counts what a visitor holds and sends, by browser and by address."""

import asyncio
import re
from concurrent.futures import ThreadPoolExecutor

import pytest
from starlette.requests import Request

from cnnlib.runs import service
from cnnlib.server import limits
from cnnlib.talks import remote, store
from cnnlib.ui.owner import COOKIE
from tests.browser import harness
from tests.server.raw import ask, closing, frame, open_socket

TOO_BIG = 1009


def together(*living):
    """Run coroutines in a thread, because the browser of other tests has its loop in this one."""

    async def all_of_them():
        return await asyncio.gather(*living)

    with ThreadPoolExecutor(1) as thread:
        return thread.submit(lambda: asyncio.run(all_of_them())).result()


def scope(kind, who="a", host="10.0.0.1", **more):
    headers = [(b"cookie", f"{COOKIE}={who * 32}".encode())] if who else []
    plain = {"type": kind, "client": (host, 1), "headers": headers, "extensions": {}}
    plain |= {"path": "/", "query_string": b"", "method": "PUT"}
    return plain | {"extensions": {"websocket.http.response": {}}} | more


class Door:
    """A middleware in front of an app that holds each socket until it is let go."""

    def __init__(self, made):
        self.free = asyncio.Event()
        self.door = made(self.app)

    async def app(self, scope, receive, _):
        if scope["type"] == "websocket":
            await self.free.wait()
        elif not [part async for part in Request(scope, receive).stream()]:
            raise AssertionError("a stream ends with an empty part")

    async def come(self, scope, *bodies):
        """Return the status of a refusal, or None, and how much the app was given."""
        told, left = (
            [],
            [{"type": "http.request", "body": body, "more_body": True} for body in bodies],
        )
        if left:
            left[-1]["more_body"] = False

        async def receive():
            return left.pop(0) if left else {"type": "http.disconnect"}

        async def send(message):
            told.append(message)

        await self.door(scope, receive, send)
        return next((one["status"] for one in told if "status" in one), None), len(left)


@pytest.fixture
def few(monkeypatch):
    monkeypatch.setattr(limits, "SOCKETS_OF_BROWSER", 2)
    monkeypatch.setattr(limits, "SOCKETS_OF_ADDRESS", 4)
    monkeypatch.setattr(limits, "UPLOADS_OF_BROWSER", 10)
    monkeypatch.setattr(limits, "UPLOADS_OF_ADDRESS", 20)


def sockets(*scopes, then=()):
    """Open sockets in a row, then end them and open more; return which were refused."""

    async def live():
        door = Door(limits.Sockets)
        coming = [asyncio.create_task(door.come(one)) for one in scopes]
        await asyncio.sleep(0)
        refused = [one.done() for one in coming]
        door.free.set()
        await asyncio.gather(*coming)
        return refused, [(await door.come(one))[0] for one in then], door.door._open

    return together(live())[0]


def test_a_browser_holds_so_many_sockets_and_others_hold_theirs(few):
    one = scope("websocket")
    refused, after, held = sockets(one, one, one, scope("websocket", "b"), then=[one])
    assert refused == [False, False, True, False]
    assert after == [None]
    assert not held


@pytest.mark.parametrize("made_up", ["abcdef", ["", "", "", "", "", ""]])
def test_made_up_cookies_bring_no_more_than_an_address_may_hold(few, made_up):
    coming = [scope("websocket", who) for who in made_up]
    elsewhere = scope("websocket", "z", "10.0.0.2")
    assert sockets(*coming, elsewhere)[0] == [False] * 4 + [True] * 2 + [False]


def test_sockets_that_are_opened_again_and_again_are_refused_for_a_while(few, monkeypatch):
    monkeypatch.setattr(limits, "OPENED_OF_BROWSER", 3)
    monkeypatch.setattr(limits, "OPENED_OF_ADDRESS", 5)

    async def live():
        door = Door(limits.Sockets)
        door.free.set()
        coming = [scope("websocket", who) for who in "aaaabcde"]
        return [(await door.come(one))[0] for one in coming]

    assert together(live()) == [[None, None, None, 429, None, 429, 429, 429]]


def test_a_network_of_ipv6_is_one_address(few):
    coming = [scope("websocket", "", f"2001:db8::{n:x}") for n in range(6)]
    assert sum(sockets(*coming)[0]) == 2
    coming = [scope("websocket", "", f"::ffff:10.0.0.{n}") for n in range(6)]
    assert sum(sockets(*coming)[0]) == 0


def uploads(*coming):
    async def live():
        door = Door(limits.Uploads)
        return [await door.come(one, *bodies) for one, *bodies in coming]

    return together(live())[0]


def test_uploads_are_counted_as_they_come_and_cut_off(few):
    mine = scope("http")
    told = uploads(
        (mine, b"x" * 6), (mine, b"x" * 6, b"x"), (mine, b"x"), (scope("http", "b"), b"")
    )
    assert told == [(None, 0), (429, 1), (None, 0), (None, 0)]


def test_a_length_that_is_too_much_is_refused_before_it_is_read(few):
    long = scope("http")
    long["headers"].append((b"content-length", b"11"))
    assert uploads((long, b"x" * 11)) == [(429, 1)]
    long["headers"][-1] = (b"content-length", b"1" * 5000)
    assert uploads((long, b"x" * 6, b"x" * 6)) == [(429, 0)]


def test_made_up_cookies_upload_no_more_than_an_address_may(few):
    told = uploads(*((scope("http", who), b"x" * 9) for who in "abcd"))
    assert told == [(None, 0), (None, 0), (429, 0), (429, 0)]


@pytest.mark.parametrize("path", ["/?a=", "/", "/train?net="])
def test_a_link_beyond_all_reason_is_refused(served, path):
    room = limits.LONGEST_LINK - len(path.replace("?", ""))
    status, _, told = ask(served, path + "a" * (room + 1))
    assert (status, told) == (414, b"The link has 16,001 bytes: use one of at most 16,000.\n")
    assert ask(served, "/?" + "a" * (limits.LONGEST_LINK - 1))[0] == 200


def test_a_message_beyond_all_reason_closes_its_socket_and_no_other(served):
    wire, status = open_socket(served)
    other, _ = open_socket(served)
    assert status == 101
    wire.sendall(frame(bytes(2_000_001)))
    assert closing(wire) == TOO_BIG
    other.sendall(frame(b"no message"))
    assert closing(other) == 1002


def test_the_real_server_counts_the_sockets_of_a_browser(served):
    cookie = f"{COOKIE}={'k' * 32}"
    held = [open_socket(served, Cookie=cookie) for _ in range(limits.SOCKETS_OF_BROWSER)]
    wire, status = open_socket(served, Cookie=cookie)
    other, others = open_socket(served, Cookie=f"{COOKIE}={'o' * 32}")
    for one, _ in [*held, (wire, status), (other, others)]:
        one.close()
    assert {status for _, status in held} == {101}
    assert (status, others) == (429, 101)


HALL = 200  # people behind one address


def test_a_hall_behind_one_address_reaches_no_limit_of_an_address():
    assert HALL * 4 < limits.SOCKETS_OF_ADDRESS  # tabs of each
    assert HALL * 8 < limits.OPENED_OF_ADDRESS  # pages that each opens in a minute
    assert HALL * 10 * 2**20 < limits.UPLOADS_OF_ADDRESS  # a photograph or two
    assert HALL < remote.MOST_OF_ADDRESS < remote.MOST
    assert HALL < service.MOST  # all press Start
    assert service.STARTED.most > HALL * 8  # two races in an hour
    assert store.WRITTEN.most > HALL * 2_000_000  # a talk, to which a drawing is added 20 times
    text = (harness.ROOT / "deploy" / "nginx.conf").read_text("utf-8")
    (rate,), (burst,) = re.findall(r"rate=(\d+)r/s", text), re.findall(r"burst=(\d+) ", text)
    assert int(burst) >= HALL * 10  # a first visit, all at once
    assert 2 * int(rate) >= HALL
