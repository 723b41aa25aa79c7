"""Steps are taken in memory that the process already has."""

import platform
import subprocess
import sys

import pytest

_PROGRAM = """
import resource
from cnnlib.data.digits import built_in
from cnnlib.runs.config import TrainConfig
from cnnlib.training.trainer import train

def faults():
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt

digits = built_in(6_400, seed=1), built_in(500, seed=2)  # freed, they would spoil the test
run = train(TrainConfig(device="cpu", averaging=0.0), digits)
for _ in range(10):
    next(run)
before = faults()
for _ in range(20):
    next(run)
print((faults() - before) / 20)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="other libraries free otherwise")
def test_a_step_asks_the_system_for_next_to_no_memory():
    program = [sys.executable, "-c", _PROGRAM]
    out = subprocess.run(program, check=True, capture_output=True, text=True).stdout
    assert float(out) < 300  # pages; some 1,500 where freed memory is given back
