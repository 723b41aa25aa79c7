"""Run tests again and again, each time in a process that has the large libraries already.

A line on standard input holds a limit in seconds and, after that, what pytest is told; the
answer is a line with pytest's exit status, or a negative number where the limit was passed. The
program tested is imported anew each time. A failing example is not made smaller: nobody reads it.
The words of pytest go to standard error.
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


def _run(limit_s: float, told: list[str]) -> int:
    """Run pytest in a process of its own, and return how it ended."""
    sys.stdout.flush()
    child = os.fork()
    if child:
        return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])
    os.dup2(2, 1)
    signal.setitimer(signal.ITIMER_REAL, limit_s)
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
        print(_run(float(limit), words), flush=True)
