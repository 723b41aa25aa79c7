"""The server may hold more files open than systems usually let a program."""

import resource
import subprocess
import sys

from tests.browser import harness

CODE = """
import resource
from cnnlib.server.files import raise_limit
resource.setrlimit(resource.RLIMIT_NOFILE, (256, {hard}))
print(raise_limit(), *resource.getrlimit(resource.RLIMIT_NOFILE))
"""


def told(hard):
    command = [sys.executable, "-c", CODE.format(hard=hard)]
    return subprocess.check_output(command, cwd=harness.ROOT, text=True).split()


def test_the_limit_is_raised_as_far_as_the_system_lets_it():
    assert told(3000) == ["3000"] * 3
    hard = min(resource.getrlimit(resource.RLIMIT_NOFILE)[1], 100_000)
    wanted = str(min(hard, 65_536))
    assert told(hard) == [wanted, wanted, str(hard)]
