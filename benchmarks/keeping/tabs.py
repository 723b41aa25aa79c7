"""Five hundred tabs stand open while somebody draws, and then they leave."""

import asyncio
import time
from collections.abc import Callable
from contextlib import AsyncExitStack
from pathlib import Path
from statistics import median, quantiles

from benchmarks.keeping.people import STROKE, owners
from benchmarks.report import Row
from benchmarks.siege.server import Watched
from benchmarks.visitors import Visitor
from tests.browser import harness

TABS, AT_ONCE, STROKES = 500, 8, 100
HALL = "127.0.0.9"
SLOWER, FILES_OF_TAB, MEMORY_MB = 2.0, 5.0, 50.0
_READY_S = 8.0  # in which a server loads its libraries, and gets ready to train
_LEAVE_S = 200.0  # at most until tabs that left are forgotten
_LOOK_S = 5.0


def run(tabs: int = TABS, leave_s: float = _LEAVE_S) -> list[Row]:
    """Open, draw and leave, and return the rows."""
    with harness.serve() as address:
        server = Watched()
        time.sleep(_READY_S)
        return asyncio.run(_crowd(address, server, tabs, leave_s))


async def _crowd(address: str, server: Watched, tabs: int, leave_s: float) -> list[Row]:
    async with Visitor(address, "draw", owner=next(owners("draws", 1))) as drawing:
        await drawing.open()
        alone = [await _stroke(drawing, number) for number in range(STROKES)]
        files, memory = _files(server), _memory(server)
        async with AsyncExitStack() as room:
            begun, gate = time.monotonic(), asyncio.Semaphore(AT_ONCE)

            async def come(owner: str) -> None:
                async with gate:
                    visitor = Visitor(address, "draw", owner=owner, host=HALL)
                    await room.enter_async_context(visitor)
                    await visitor.open()

            await asyncio.gather(*(come(owner) for owner in owners("comes", tabs)))
            opened_s = time.monotonic() - begun
            beside = [await _stroke(drawing, STROKES + number) for number in range(STROKES)]
            held, full = _files(server) - files, _memory(server) - memory
        left, deadline = time.monotonic(), time.monotonic() + leave_s
        while time.monotonic() < deadline:
            await asyncio.sleep(_LOOK_S)
            still, grown = _files(server) - files, _memory(server) - memory
            if still <= 0 and grown < MEMORY_MB:
                break
        gone_s = time.monotonic() - left
        after = [await _stroke(drawing, 2 * STROKES + number) for number in range(STROKES)]
    peer = "the same hand before anybody came"

    def stroke(what: str, figure: Callable[[list[float]], float], times: list[float]) -> Row:
        ours, theirs = 1000 * figure(times), 1000 * figure(alone)
        return Row(f"a stroke {what}", ours, "ms", SLOWER, False, peer, theirs)

    return [
        Row(f"{tabs} tabs open a page, {AT_ONCE} at a time", opened_s, "s", None),
        stroke("beside them, median", median, beside),
        stroke("beside them, 95th percentile", _late, beside),
        stroke("when they have left, median", median, after),
        Row("files that a tab holds", held / tabs, "", FILES_OF_TAB),
        Row("memory of a tab", full / tabs, "MB", None),
        # The last tab that left may stay until another one leaves.
        Row("files still open when they have left", still, "", FILES_OF_TAB),
        Row(f"memory kept {gone_s:.0f} s after they left", grown, "MB", MEMORY_MB),
        Row("restarts of the server", int(not server.lives), "", 0),
    ]


async def _stroke(visitor: Visitor, number: int) -> float:
    strokes = [{"points": STROKE[: 6 * (1 + number % 6)], "erase": False}]
    drawing = {"sequence": number + 1, "strokes": strokes, "down": True}
    return await visitor.keep("paper", drawing=drawing)


def _late(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def _files(server: Watched) -> int:
    return len(list(Path(f"/proc/{server.process}/fd").iterdir()))


def _memory(server: Watched) -> float:
    return sum(server.memory()["server"])
