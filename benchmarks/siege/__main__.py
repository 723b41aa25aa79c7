"""Lay siege to a server: `python -m benchmarks.siege --seconds 60 --seed 1`.

Fifty honest visitors draw and step, first by themselves and then while ten attackers send all that
once hurt, and random inputs. Printed are the seconds that the honest visitors wait, and what the
server's processes hold before and after. A bar that is missed makes the exit code 1.
"""

import argparse
import asyncio
import os
import subprocess
import sys
import time
from statistics import median, quantiles

from benchmarks.report import Row, show
from benchmarks.siege.people import PEOPLE, Class
from benchmarks.siege.server import Watched
from tests.browser import harness

SLOWER, MEMORY_MB = 2.0, 50.0  # the bars
_READY_S = 8.0  # in which a server loads its libraries, and gets ready to train
_WARM_S = 15.0  # in which a class brings the server's memory to what the class needs
_LEAVE_S = 180.0  # at most until what the attackers left behind is given back


async def _besiege(
    address: str, seconds: float, seed: str, leave: float, only: list[str]
) -> list[Row]:
    server = Watched()
    await asyncio.sleep(_READY_S)
    async with Class(address) as people:
        await people.act(_WARM_S)
        before = server.memory()
        alone = await people.act(seconds)
        # Attackers have machines of their own, so here they give way to the server.
        command = ["nice", sys.executable, "-m", "benchmarks.siege.attackers", address, seed, *only]
        attackers = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=harness.ROOT
        )
        try:
            besieged = await people.act(seconds)
            during = server.memory()
            told, _ = await asyncio.to_thread(attackers.communicate)
        finally:
            attackers.kill()
        after = await _settle(server, before, leave)
    print(f"attacks: {told.strip()}")
    for name, memory in (("before", before), ("during", during), ("after", after)):
        print(f"memory {name}: " + ", ".join(f"{one} {mb:.0f} MB" for one, mb in memory.items()))
    rows = []
    for name, figure in (("median", median), ("95th percentile", _late)):
        bar = SLOWER if figure is _late else None
        what = f"{PEOPLE} people under siege: {name}"
        one, other = 1000 * figure(besieged), 1000 * figure(alone)
        rows.append(Row(what, one, "ms", bar, False, "the same people by themselves", other))
    grown = sum(after.values()) - sum(before.values())
    rows.append(Row("answers to them under siege", len(besieged), "", None))
    rows.append(Row("memory kept when attackers have left", grown, "MB", MEMORY_MB))
    rows.append(Row("restarts of the server", int(not server.lives), "", 0))
    return rows


async def _settle(server: Watched, before: dict[str, float], leave: float) -> dict[str, float]:
    """Wait until the memory is back, or for long enough, and return what is held."""
    deadline = time.monotonic() + leave
    while True:
        held = server.memory()
        if sum(held.values()) < sum(before.values()) + MEMORY_MB or time.monotonic() > deadline:
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
        rows = asyncio.run(_besiege(address, asked.seconds, asked.seed, asked.leave, asked.only))
    return 0 if show(rows) else 1


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(main())
