"""A worker process, seen from the server: orders go in, and its words come out."""

import contextlib
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Thread
from typing import IO, Any, cast

from cnnlib import log

ROOT = Path(__file__).parents[2]

Hear = Callable[["Process", dict[str, Any]], None]


class _Nobody:
    """A stand-in for a process that the system did not give: one that died at once."""

    pid = 0

    def __init__(self) -> None:
        self.stdin, self.stdout = io.StringIO(), io.StringIO()

    def wait(self, _: float | None = None) -> int:
        return 1

    def kill(self) -> None:
        pass


class Process:
    """A process that can train one run at a time.

    Parameters
    ----------
    folder : Path
        The data folder.
    threads : int
        The most threads that the process computes with.
    hear : callable
        Called from another thread with this object and each thing that the process says; the
        last call has `{"now": "gone", "code": …}`.

    Attributes
    ----------
    run : str
        The run that the process holds, or "" while it waits for one.
    job : int
        How many runs the process was given. Orders and words bear this number, because the last
        words about a run may come when the process already has another, or the same one again.
    ready : bool
        Whether the process has said that it is ready.
    """

    def __init__(self, folder: Path, threads: int, hear: Hear) -> None:
        self.run, self.job, self.ready = "", 0, False
        self._hear = hear
        # The libraries read these variables when they are loaded. Waiting threads must not spin,
        # because that would take the core that the server answers on.
        environment = os.environ | {
            "OMP_WAIT_POLICY": "passive",
            "OMP_NUM_THREADS": str(threads),
            "MKL_NUM_THREADS": str(threads),
            "OPENBLAS_NUM_THREADS": "1",
        }
        self._popen: subprocess.Popen[str] | _Nobody
        try:
            self._popen = subprocess.Popen(  # noqa: S603 - this program's own module
                [sys.executable, "-m", "cnnlib.training.worker", str(folder.absolute())],
                cwd=ROOT,
                env=environment,
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                encoding="utf-8",
                # A process group of its own, so that Ctrl-C in the server's terminal does not kill
                # the process. It ends when its input closes.
                process_group=0 if os.name == "posix" else None,
            )
        except OSError as error:
            log.failed("a process for runs", error)
            self._popen = _Nobody()
        self._in = cast(IO[str], self._popen.stdin)
        Thread(target=self._listen, daemon=True).start()

    @property
    def pid(self) -> int:
        """The process's number."""
        return self._popen.pid

    def begin(self, run: str, goal: str, threads: int) -> None:
        """Give the process a run, which it begins once it has put down what it still holds."""
        self.run, self.job = run, self.job + 1
        self.send(do="begin", run=run, goal=goal, threads=threads)

    def send(self, **order: Any) -> None:
        """Give an order. If the process has just died, the order is lost, and `hear` is told."""
        with contextlib.suppress(OSError, ValueError):
            self._in.write(json.dumps({"job": self.job} | order) + "\n")
            self._in.flush()

    def end(self) -> None:
        """Close the process's input, at which the process ends by itself."""
        with contextlib.suppress(OSError):
            self._in.close()

    def kill(self) -> None:
        """Kill the process now, whatever it is doing."""
        self._popen.kill()

    def wait(self, seconds: float) -> None:
        """Wait until the process has ended; kill it if that takes longer."""
        try:
            self._popen.wait(seconds)
        except subprocess.TimeoutExpired:
            self._popen.kill()
            self._popen.wait()

    def _listen(self) -> None:
        with cast(IO[str], self._popen.stdout) as lines:
            for line in lines:
                self._hear(self, json.loads(line))
        code = self._popen.wait()
        self.end()
        self._hear(self, {"now": "gone", "code": code})
