"""The server as the siege sees it: which process it is, and what all its processes hold."""

import os
from contextlib import suppress
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")

SERVER, WORKER = "server", "cnnlib.training.worker"
Held = dict[str, list[float]]


def grown(before: Held, after: Held) -> float:
    """Return by how many MB the server's own process grew.

    The processes of runs have bounds of their own: there are so many at most, and a run that would
    need much is refused.
    """
    return sum(after[SERVER]) - sum(before[SERVER])


class Watched:
    """The process that this one started last, with all that it has started, on Linux."""

    def __init__(self) -> None:
        self.process = _children(os.getpid())[-1]

    @property
    def lives(self) -> bool:
        """Whether the process is the one that it was."""
        return self.process in _children(os.getpid())

    @property
    def processes(self) -> list[int]:
        """The process and all that it has started, and so on."""
        found = [self.process]
        for process in found:
            found += _children(process)
        return found

    def memory(self) -> Held:
        """Return the MB that each of these processes holds alone, by their commands."""
        held: Held = {}
        for process in self.processes:
            with suppress(OSError):  # the process has ended
                text = Path(f"/proc/{process}/smaps_rollup").read_text()
                command = Path(f"/proc/{process}/cmdline").read_text().split("\0")
                name = next((part for part in command if "cnnlib" in part), SERVER)
                own = int(text.partition("\nPss:")[2].split()[0]) / 1024
                held.setdefault(name, []).append(own)
        return held


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]
