"""Run tests again and again, each time in a process that has the large libraries already.

A line on standard input holds a limit in seconds of the processor and, after that, what pytest
is told. The answer is a line: pytest's exit status, or a negative number where the limit was
passed, and the seconds taken. The program tested is imported anew each time. A failing example is
not made smaller: nobody reads it. The words of pytest go to standard error.
"""

import importlib
import os
import shlex
import signal
import sys

import pytest
from hypothesis import Phase, settings

# They take three seconds, which each run would take again.
LARGE = ("hypothesis.extra.numpy", "scipy.interpolate", "scipy.signal", "torch.nn.functional")
# Hypothesis is imported before pytest can rewrite the asserts of Hypothesis: nobody reads them.
TOLD = ("--hypothesis-profile=trials", "-W", "ignore::pytest.PytestAssertRewriteWarning")


def _run(limit_s: float, told: list[str]) -> tuple[int, float]:
    """Run pytest in a process of its own; return how it ended, and the processor's seconds."""
    child = os.fork()
    if child:
        _, status, spent = os.wait4(child, 0)
        return os.waitstatus_to_exitcode(status), spent.ru_utime + spent.ru_stime
    os.dup2(2, 1)
    signal.setitimer(signal.ITIMER_PROF, limit_s)
    signal.setitimer(signal.ITIMER_REAL, 5 * limit_s)  # for a test that waits for ever
    settings.register_profile(
        "trials", deadline=None, database=None, phases=[Phase.explicit, Phase.generate]
    )
    sys.exit(pytest.main([*TOLD, *told]))


if __name__ == "__main__":
    # A module that changes twice in a second would be taken for what was compiled before.
    sys.dont_write_bytecode = True
    for library in LARGE:
        importlib.import_module(library)
    for line in sys.stdin:
        limit, *words = shlex.split(line)
        print(*_run(float(limit), words), flush=True)
