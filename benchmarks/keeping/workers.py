"""The processes in which runs train are killed, all at once, again and again."""

import asyncio
import os
import signal
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from random import Random
from statistics import median

from benchmarks.keeping.people import Told, is_one_history, owners, start_run, steps
from benchmarks.keeping.processes import workers
from benchmarks.report import Row
from benchmarks.siege.server import Watched
from benchmarks.visitors import Visitor
from cnnlib.runs.store import RunStore
from tests.browser import harness

KILLS = 10
_LATEST_S = 2.0
_LOOK_S = 0.05
_PATIENCE_S = 120.0


def run(kills: int = KILLS, seed: int = 1) -> list[Row]:
    """Kill and resume, and return the rows."""
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as name:
        folder = Path(name)
        with harness.serve(data=folder) as address:
            trial = _Trial(address, RunStore(folder), Watched(), Random(seed))  # noqa: S311
            asyncio.run(trial.kill(kills))
            whole = sum(is_one_history(trial.store, run) for run in trial.told.events)
            trial.store.close()
    again_s = trial.again_s
    return [
        Row(f"{kills} kills of all workers: events that were read", trial.read, "", None),
        Row("of them lost", trial.lost, "", 0),
        Row("runs with one history", whole, "", len(trial.told.events), at_least=True),
        Row(f"runs of {trial.failed} that go on", len(again_s), "", trial.failed, at_least=True),
        Row("from Resume to the next step, median", 1000 * median(again_s), "ms", None),
    ]


class _Trial:
    """Two runs of two people, whose processes are killed."""

    def __init__(self, address: str, store: RunStore, server: Watched, chance: Random) -> None:
        self.store, self.told, self.again_s = store, Told(), list[float]()
        self.read = self.lost = self.failed = 0
        self._address, self._server, self._chance = address, server, chance

    async def kill(self, kills: int) -> None:
        """Kill all workers so often, and resume whatever failed."""
        runs = {await start_run(self._address, one): one for one in owners("trains", 2)}
        self.told.events = {run: [] for run in runs}
        await self._until(lambda: any(steps(self.store, run) for run in runs))
        for _ in range(kills):
            over = time.monotonic() + self._chance.uniform(0, _LATEST_S)
            while time.monotonic() < over:
                self.told.read(self.store)
                await asyncio.sleep(_LOOK_S)
            for one in workers(self._server):
                os.kill(one, signal.SIGKILL)
            await self._until(lambda: any(self._state(run) == "failed" for run in runs))
            self.lost += self.told.lost(self.store)
            for run, owner in runs.items():
                if self._state(run) == "failed":
                    self.failed += 1
                    await self._resume(run, owner)
        self.read += sum(map(len, self.told.events.values()))

    async def _resume(self, run: str, owner: str) -> None:
        record, seen = self.store.run(run), self.told.events[run]
        assert record
        kept = [number for number in seen if number <= record.checkpoint]
        self.read += len(seen) - len(kept)
        self.told.events[run] = kept  # a run that is resumed goes back to its checkpoint
        async with Visitor(self._address, "train", f"run={run}", owner=owner) as visitor:
            await visitor.open()
            asked = time.monotonic()
            await visitor.act("do_resume", trigger_value=True)
            await self._until(lambda: (self.store.latest(run) or (0,))[0] > record.told)
            self.again_s.append(time.monotonic() - asked)

    def _state(self, run: str) -> str:
        record = self.store.run(run)
        return record.state if record else ""

    @staticmethod
    async def _until(holds: Callable[[], bool]) -> None:
        deadline = time.monotonic() + _PATIENCE_S
        while not holds():
            assert time.monotonic() < deadline, "waited in vain"
            await asyncio.sleep(_LOOK_S)
