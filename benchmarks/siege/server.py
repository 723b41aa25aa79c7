"""The server as the siege sees it: which process it is, and what all its processes hold."""

import os
from contextlib import suppress
from pathlib import Path

_PAGE = os.sysconf("SC_PAGE_SIZE")


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

    def memory(self) -> dict[str, float]:
        """Return the MB that these processes hold alone, by their commands."""
        held: dict[str, float] = {}
        for process in self.processes:
            with suppress(OSError):  # the process has ended
                text = Path(f"/proc/{process}/smaps_rollup").read_text()
                command = Path(f"/proc/{process}/cmdline").read_text().split("\0")
                name = next((part for part in command if "cnnlib" in part), "server")
                own = int(text.partition("\nPss:")[2].split()[0]) / 1024
                held[name] = held.get(name, 0.0) + own
        return held


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]
