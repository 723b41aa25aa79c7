"""Dear work in a process of its own that ends: one order in, one text out, within a time.

The server's process answers everybody, keeps what it has once loaded, and can't be ended. So that
which loads a large library or takes long runs beside the server: `ask` starts a module and waits,
and `serve` is what that module does.
"""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from pathlib import Path
from threading import BoundedSemaphore
from typing import Any

BUSY = "others are being answered: try again in a minute"
_ROOT = Path(__file__).parents[1]
_AT_ONCE = BoundedSemaphore(2)  # processes beside the server, for all visitors together
_ASKED_AT_ONCE = BoundedSemaphore(10)  # with those who wait, because each keeps a thread waiting
_QUIET = {"OMP_NUM_THREADS": "1", "MKL_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}


def ask(module: str, order: Mapping[str, Any], seconds: float) -> str:
    """Return what a module answers to an order, from a process of its own.

    Parameters
    ----------
    module : str
        A module of this program that calls `serve`.
    order : mapping
        Values for JSON.
    seconds : float
        How long the process may take, and how long it may wait for its turn.

    Raises
    ------
    ValueError
        If there was no answer in time; one sentence says why.
    """
    if not _ASKED_AT_ONCE.acquire(blocking=False):
        raise ValueError(BUSY)
    try:
        return _ask(module, order, seconds)
    finally:
        _ASKED_AT_ONCE.release()


def _ask(module: str, order: Mapping[str, Any], seconds: float) -> str:
    if not _AT_ONCE.acquire(timeout=seconds):
        raise ValueError(BUSY)
    try:
        done = subprocess.run(  # noqa: S603 - this program's own module
            [sys.executable, "-m", module],
            input=json.dumps(order),
            capture_output=True,
            encoding="utf-8",
            timeout=seconds,
            cwd=_ROOT,
            env=os.environ | _QUIET | {"PYTHONIOENCODING": "utf-8"},
            check=False,
        )
    except subprocess.TimeoutExpired:
        raise ValueError(f"this took longer than {seconds:g} seconds and was ended") from None
    finally:
        _AT_ONCE.release()
    if done.returncode:
        sys.stderr.write(done.stderr)  # for whoever runs the server
        raise ValueError("this took more memory than is given, or failed, and was ended")
    return done.stdout


def serve(work: Callable[[dict[str, Any]], str], memory: int) -> None:
    """Answer the order that comes in, with at most so many bytes of memory.

    Parameters
    ----------
    work : callable
        Takes the order and returns the answer.
    memory : int
        The process is refused more, where the system knows such a limit.
    """
    if sys.platform != "win32":
        import resource

        resource.setrlimit(resource.RLIMIT_DATA, (memory, memory))
    sys.stdout.write(work(json.load(sys.stdin)))
