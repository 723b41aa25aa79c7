"""A server is killed twenty times while people train, write talks and draw.

All that the server had acknowledged is there afterwards: each event that somebody has read, each
beat, each drawing; and each run can be resumed.
"""

import asyncio
import os
import signal
import sys
import tempfile
import time
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random

from benchmarks.keeping.people import (
    Told,
    beats_of,
    draw,
    field_of,
    is_one_history,
    owners,
    start_run,
    steps,
    until_it_breaks,
    write_talk,
)
from benchmarks.keeping.processes import outliving
from benchmarks.report import Row
from benchmarks.siege.server import Watched
from benchmarks.visitors import Visitor
from cnnlib.drawings.drawing import Drawing
from cnnlib.runs.store import RunStore
from tests.browser import harness

KILLS, PEOPLE, RESUMED = 20, 3, 18
_LATEST_S = 3.0  # after a run has told something, the server is killed within so many seconds
_LOOK_S = 0.05
_PATIENCE_S = 120.0


def run(kills: int = KILLS, resumed: int = RESUMED, seed: int = 1) -> list[Row]:
    """Kill, look and resume, and return the rows."""
    chance, told = Random(seed), Told()  # noqa: S311 - nothing secret
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder, left = Path(name), 0
        for turn in range(kills):
            with harness.serve(data=folder) as address:
                server = Watched()
                started = asyncio.run(_work(address, folder, turn, told, chance, server))
                left += outliving(started)
            print(f"kill {turn + 1} of {kills}", file=sys.stderr, flush=True)
        store = RunStore(folder)
        lost = told.lost(store)
        whole = sum(is_one_history(store, run) for run in told.events)
        short = sum(max(0, count - beats_of(folder, owner)) for owner, count in told.beats.items())
        with harness.serve(data=folder) as address:
            drawings = asyncio.run(_opened(address, told))
            chosen = chance.sample(list(told.events), min(resumed, len(told.events)))
            gone_on = asyncio.run(_resume(address, store, chosen))
        store.close()
    events = sum(map(len, told.events.values()))
    runs = len(told.events)
    return [
        Row(f"{kills} kills, {runs} runs: events that were read", events, "", None),
        Row("of them lost", lost, "", 0),
        Row("runs with one history", whole, "", runs, at_least=True),
        Row("beats that were added", sum(told.beats.values()), "", None),
        Row("of them lost", short, "", 0),
        Row("drawings whose links open again", drawings, "", len(told.drawings), at_least=True),
        Row("workers that outlived their server", left, "", 0),
        Row(f"runs of {len(chosen)} that go on when resumed", gone_on, "", len(chosen), True),
    ]


async def _work(
    address: str, folder: Path, turn: int, told: Told, chance: Random, server: Watched
) -> list[int]:
    """Have people work, kill the server in the midst of it, and return the server's workers."""
    first, *others = owners("trains", PEOPLE, turn)
    run, store = await start_run(address, first), RunStore(folder)
    told.events[run] = []
    async with AsyncExitStack() as room:
        acts = []
        for act, page in ((write_talk, "pooling"), (draw, "draw")):
            for owner in owners(act.__name__, PEOPLE, turn):
                visitor = await room.enter_async_context(Visitor(address, page, owner=owner))
                acts.append(asyncio.create_task(until_it_breaks(act(visitor, owner, told))))
        deadline = time.monotonic() + _PATIENCE_S
        while not steps(store, run):
            assert time.monotonic() < deadline, store.run(run)
            await asyncio.sleep(_LOOK_S)
        told.events |= {await start_run(address, owner): [] for owner in others}
        over = time.monotonic() + chance.uniform(0, _LATEST_S)
        while time.monotonic() < over:
            told.read(store)
            await asyncio.sleep(_LOOK_S)
        workers = server.processes[1:]
        os.kill(server.process, signal.SIGKILL)
        await asyncio.gather(*acts)
    store.close()
    return workers


async def _opened(address: str, told: Told) -> int:
    """Return how many drawings a new server shows when their links are opened."""
    found = 0
    for owner, query in told.drawings.items():
        drawing = field_of(query, "drawing")
        async with Visitor(address, "draw", query, owner=owner) as visitor:
            await visitor.open()
            found += bool(Drawing.decode(drawing)) and field_of(visitor.query, "drawing") == drawing
    return found


async def _resume(address: str, store: RunStore, runs: list[str]) -> int:
    """Resume runs one after the other, and return how many take further steps."""
    gone_on = 0
    for run in runs:
        record = store.run(run)
        assert record
        until = time.monotonic() + _PATIENCE_S
        while store.run(run).live and time.monotonic() < until:  # type: ignore[union-attr]
            await asyncio.sleep(_LOOK_S)  # the new server finds out that the old one is gone
        async with Visitor(address, "train", f"run={run}", owner=record.owner) as visitor:
            await visitor.open()
            await visitor.act("do_resume", trigger_value=True)
            told = (store.latest(run) or (0,))[0]
            while time.monotonic() < until:
                latest = store.latest(run)
                if latest and latest[0] > told and steps(store, run):
                    gone_on += is_one_history(store, run)
                    break
                await asyncio.sleep(_LOOK_S)
            await visitor.act("do_stop", trigger_value=True)
    return gone_on
