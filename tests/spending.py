"""Measures of work: processor time, because others compute too, and memory at its peak."""

import sys
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from time import process_time

_STATUS, _REFERENCES = Path("/proc/self/status"), Path("/proc/self/clear_refs")
_FORGET_THE_PEAK = "5"


@dataclass(frozen=True)
class Spent:
    """Processor seconds, and the MB by which the process grew beyond what it held before."""

    seconds: float
    mb: float


def spending(work: Callable[[], object]) -> Spent:
    """Do some work, and return what it took; what the work raises passes through."""
    before, began = _forget(), process_time()
    work()
    return Spent(process_time() - began, _peak() - before)


def _forget() -> float:
    """Have the system forget the peak, where it can; return the peak from now on, in MB."""
    if _REFERENCES.exists():
        _REFERENCES.write_text(_FORGET_THE_PEAK)
    return _peak()


def _peak() -> float:
    if _STATUS.exists():
        return int(_STATUS.read_text().partition("VmHWM:")[2].split()[0]) / 1024
    if sys.platform == "win32":
        return 0.0
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / unit
