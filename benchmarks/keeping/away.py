"""A proxy in front of the server is away for a while, and all who come back have lost nothing."""

import asyncio
import tempfile
import time
from contextlib import AsyncExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import urlsplit

from benchmarks.keeping.people import STROKE, beats_of, field_of, owners
from benchmarks.report import Row
from benchmarks.visitors import Visitor
from cnnlib.drawings.drawing import Drawing
from tests.browser import harness

AWAY_S, PEOPLE = 60.0, 10
_READY_S = 8.0
_BEFORE_S = 0.05  # after which the proxy goes away: some acts are heard, and no answer comes back


class Proxy:
    """A proxy that passes bytes on, until it goes away.

    Parameters
    ----------
    address : str
        The server's.

    Attributes
    ----------
    address : str
        The proxy's own, once it has come.
    """

    def __init__(self, address: str) -> None:
        place = urlsplit(address)
        self._host, self._port = str(place.hostname), place.port
        self.address, self._own_port = "", 0
        self._door: asyncio.Server | None = None
        self._wires: set[asyncio.StreamWriter] = set()

    async def come(self) -> None:
        """Listen, at the same port as before."""
        self._door = await asyncio.start_server(self._pass_on, "127.0.0.1", self._own_port)
        self._own_port = self._door.sockets[0].getsockname()[1]
        self.address = f"http://127.0.0.1:{self._own_port}"

    async def go(self) -> None:
        """Break all connections, and take no more."""
        if self._door:
            self._door.close()
        for wire in list(self._wires):
            wire.transport.abort()
        await asyncio.sleep(0)

    async def _pass_on(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        there, back = await asyncio.open_connection(self._host, self._port)
        self._wires |= {writer, back}
        await asyncio.gather(_pump(reader, back), _pump(there, writer))
        self._wires -= {writer, back}


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    with suppress(OSError):
        while part := await reader.read(65536):
            writer.write(part)
            await writer.drain()
    with suppress(OSError, RuntimeError):
        writer.close()


def run(away_s: float = AWAY_S, people: int = PEOPLE) -> list[Row]:
    """Break and mend, and return the rows."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with harness.serve(data=folder) as address:
            time.sleep(_READY_S)
            found = asyncio.run(break_and_mend(address, away_s, people))
        beats = [beats_of(folder, owner) for owner in found.owners]
    once = sum(count == 3 for count in beats)
    what = f"{people} people, and a proxy away for {away_s:g} s"
    return [
        Row(f"{what}: cut off", found.cut_off, "", people, at_least=True),
        Row("all of them have their page again within", found.back_s, "s", None),
        Row("in the session that each had", found.same, "", people, at_least=True),
        Row("drawings of the moment before that stand", found.drawn, "", people, at_least=True),
        Row("people whose beats count once each", once, "", people, at_least=True),
    ]


@dataclass
class Found:
    """The things that people found when they came back.

    Attributes
    ----------
    owners : list of str
    cut_off, same, drawn : int
        How many were cut off, how many have their session, and how many their drawing.
    back_s : float
        Seconds until all had their page.
    """

    owners: list[str]
    cut_off: int
    same: int
    drawn: int
    back_s: float


async def break_and_mend(address: str, away_s: float, people: int) -> Found:
    """Have people draw and add beats to talks over a proxy that goes away in the midst of it.

    Each adds a beat before, one as the proxy goes away, and one after.
    """
    proxy = Proxy(address)
    await proxy.come()
    names = list(owners("draws", people))
    async with AsyncExitStack() as room:
        visitors = [Visitor(proxy.address, "draw", owner=owner) for owner in names]
        for visitor in visitors:
            await room.enter_async_context(visitor)
            await visitor.open()
            await visitor.say("stage", add="pooling?pool_k=2")
        sessions = [visitor.session for visitor in visitors]
        acts = [asyncio.create_task(_draw_and_add(visitor)) for visitor in visitors]
        await asyncio.sleep(_BEFORE_S)
        await proxy.go()
        cut_off = sum(await asyncio.gather(*acts))
        await asyncio.sleep(away_s)
        await proxy.come()
        begun = time.monotonic()
        await asyncio.gather(*(visitor.come_back() for visitor in visitors))
        back_s = time.monotonic() - begun
        for visitor in visitors:
            await visitor.say("stage", add="pooling?pool_k=4")
        drawn = sum(_points(visitor) == STROKE for visitor in visitors)
        same = sum(one.session == was for one, was in zip(visitors, sessions, strict=True))
    await proxy.go()
    return Found(names, cut_off, same, drawn, back_s)


async def _draw_and_add(visitor: Visitor) -> bool:
    """Draw and add a beat, and return whether the answer never came."""
    drawing = {"sequence": 1, "strokes": [{"points": STROKE, "erase": False}], "down": False}
    acts = visitor.keep("paper", drawing=drawing), visitor.say("stage", add="pooling?pool_k=3")
    told = await asyncio.gather(*acts, return_exceptions=True)
    return any(isinstance(one, Exception) for one in told)


def _points(visitor: Visitor) -> list[int]:
    drawing = Drawing.decode(field_of(visitor.query, "drawing"))
    return [number for stroke in drawing.strokes for number in stroke.points.flatten().tolist()]
