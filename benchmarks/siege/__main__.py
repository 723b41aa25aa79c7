"""Lay siege to a server: `python -m benchmarks.siege --seconds 60 --seed 1`.

Fifty honest visitors draw and step, first by themselves and then while ten attackers send all that
once hurt, and random inputs. Printed are the seconds that the honest visitors wait, and what the
server's processes hold before and after. A bar that is missed makes the exit code 1.
"""

import argparse
import asyncio
import contextlib
import json
import os
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Iterator
from statistics import median, quantiles

from benchmarks.report import Row, show
from benchmarks.siege.people import PEOPLE, Class
from benchmarks.siege.server import WORKER, Held, Watched, grown
from cnnlib.runs.crew import KEPT_S, MOST_KEPT
from tests.browser import harness

SLOWER, MEMORY_MB = 2.0, 50.0  # the bars
ROUNDS = 4  # so that whatever else the machine does falls on both sides
_READY_S = 8.0  # in which a server loads its libraries, and gets ready to train
_WARM_S = 10.0  # in which one of the class's runs has its turn
_STEADY_MB = 10.0  # by which processes that have warmed up grow at most in that time
_PROCESSES = 1 + 1 + MOST_KEPT  # the server's, and of those that train and those that wait
_MOST_TRAINERS = max(1, (os.cpu_count() or 1) - 1) + MOST_KEPT + 1  # and one that stands ready
_LEAVE_S = KEPT_S + 60.0  # at most until what attackers left behind is given back


async def _besiege(address: str, asked: argparse.Namespace) -> list[Row]:
    server = Watched()
    await asyncio.sleep(_READY_S)
    alone: list[float] = []
    besieged: list[float] = []
    told: Counter[str] = Counter()
    async with Class(address) as people:
        _say("the class has come")
        before = await _warm(server, people)
        for turn in range(ROUNDS):
            _say(f"round {turn + 1} of {ROUNDS}")
            alone += await people.act(asked.seconds / ROUNDS)
            with _attackers(address, f"{asked.seed}.{turn}", asked.only) as attackers:
                besieged += await people.act(asked.seconds / ROUNDS)
                during = server.memory()
                left, _ = await asyncio.to_thread(attackers.communicate)
            told.update(json.loads(left))
        _say("the attackers have left")
        after = await _settle(server, before, asked.leave)
    print("attacks: " + ", ".join(f"{count} {name}" for name, count in told.items()))
    for name, memory in (("before", before), ("during", during), ("after", after)):
        told = (f"{len(mb)} {one} {sum(mb):.0f} MB" for one, mb in memory.items())
        print(f"memory {name}: " + ", ".join(told))
    rows = []
    for name, figure in (("median", median), ("95th percentile", _late)):
        bar = SLOWER if figure is _late else None
        what = f"{PEOPLE} people under siege: {name}"
        one, other = 1000 * figure(besieged), 1000 * figure(alone)
        rows.append(Row(what, one, "ms", bar, False, "the same people by themselves", other))
    rows.append(Row("answers to them under siege", len(besieged), "", None))
    kept, trainers = grown(before, after), after.get(WORKER, [])
    rows.append(Row("memory the server keeps when attackers have left", kept, "MB", MEMORY_MB))
    count, largest = len(trainers), max(trainers, default=0.0)
    rows.append(Row("processes that train or wait by then", count, "", _MOST_TRAINERS))
    rows.append(Row("the largest of these", largest, "MB", None))
    rows.append(Row("restarts of the server", int(not server.lives), "", 0))
    return rows


async def _warm(server: Watched, people: Class) -> Held:
    """Let the people act until their runs have processes that grow no more; return what is held."""
    deadline = time.monotonic() + _LEAVE_S
    before = server.memory()
    while time.monotonic() < deadline:
        await people.act(_WARM_S)
        held = server.memory()
        stands, before = grown(before, held) < _STEADY_MB, held
        if stands and len(server.processes) >= _PROCESSES:
            break
    return before


@contextlib.contextmanager
def _attackers(address: str, seed: str, only: list[str]) -> Iterator[subprocess.Popen[str]]:
    """Run the attackers, and see them begin."""
    # Attackers have machines of their own, so here they give way to the server.
    command = ["nice", sys.executable, "-m", "benchmarks.siege.attackers", address, seed, *only]
    pipe = subprocess.PIPE
    with subprocess.Popen(command, stdin=pipe, stdout=pipe, text=True, cwd=harness.ROOT) as made:
        try:
            assert made.stdout
            made.stdout.readline()
            yield made
        finally:
            made.kill()


def _say(what: str) -> None:
    print(f"{what} …", file=sys.stderr, flush=True)


async def _settle(server: Watched, before: Held, leave: float) -> Held:
    """Wait until the memory is back, or for long enough, and return what is held."""
    deadline = time.monotonic() + leave
    while True:
        held = server.memory()
        back = grown(before, held) < MEMORY_MB and len(held.get(WORKER, ())) <= _MOST_TRAINERS
        if back or time.monotonic() > deadline:
            return held
        await asyncio.sleep(2)


def _late(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


def main() -> int:
    """Lay siege, print the rows, and return the exit code."""
    parser = argparse.ArgumentParser("python -m benchmarks.siege", description=__doc__)
    parser.add_argument("--seconds", type=float, default=60)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--leave", type=float, default=_LEAVE_S, help="seconds to give back in")
    parser.add_argument("--only", action="append", default=[], help="an attack, by its name")
    asked = parser.parse_args()
    with harness.serve() as address:
        rows = asyncio.run(_besiege(address, asked))
    return 0 if show(rows) else 1


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(main())
