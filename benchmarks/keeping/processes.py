"""Processes of a server: which are workers, and which outlive it."""

import time
from collections.abc import Iterable
from pathlib import Path

from benchmarks.siege.server import Watched

# In which a process ends whose server is gone. One that loads its libraries hears of that only
# when they are loaded, which takes long on a busy machine.
_MOMENT_S = 30.0


def workers(server: Watched) -> list[int]:
    """Return the processes that train, wait or stand ready for a server."""
    return [one for one in server.processes[1:] if "cnnlib.training.worker" in _command(one)]


def outliving(processes: Iterable[int]) -> int:
    """Return how many processes still run after a moment."""
    left, deadline = set(processes), time.monotonic() + _MOMENT_S
    while left and time.monotonic() < deadline:
        left = {one for one in left if _runs(one)}
        time.sleep(0.05)
    return len(left)


def _command(process: int) -> str:
    try:
        return Path(f"/proc/{process}/cmdline").read_text()
    except OSError:
        return ""


def _runs(process: int) -> bool:
    try:
        return Path(f"/proc/{process}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except OSError:
        return False
