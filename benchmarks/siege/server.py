"""The server as the siege sees it: which process it is, and what all its processes hold."""

import os
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

    def memory(self) -> dict[str, float]:
        """Return the MB that the process and its processes hold alone, by their commands."""
        found: dict[str, float] = {}
        waiting = [self.process]
        while waiting:
            process = waiting.pop()
            try:
                text = Path(f"/proc/{process}/smaps_rollup").read_text()
                command = Path(f"/proc/{process}/cmdline").read_text().split("\0")
                waiting += _children(process)
            except OSError:  # the process has ended
                continue
            held = sum(
                int(line.split()[1]) for line in text.splitlines() if line.startswith("Pss:")
            )
            name = next((part for part in command if "cnnlib" in part), "server")
            found[name] = found.get(name, 0) + held / 1024
        return found


def _children(process: int) -> list[int]:
    tasks = Path(f"/proc/{process}/task").glob("*/children")
    return [int(one) for task in tasks for one in task.read_text().split()]
