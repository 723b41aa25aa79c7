"""Threads of the server share one heap, which gives back what was freed."""

import ctypes
import subprocess
import sys

import pytest

_COUNT = """
import ctypes, sys, threading
from cnnlib.server.memory import share_heap, trim
if sys.argv[1] == "shared":
    share_heap()
library = ctypes.CDLL(None)
library.malloc.restype = ctypes.c_void_p
together, held = threading.Barrier(4), []
def hold():
    together.wait()
    held.append(library.malloc(1000))
    together.wait()
threads = [threading.Thread(target=hold) for _ in range(4)]
for one in threads: one.start()
for one in threads: one.join()
library.malloc_info(0, ctypes.c_void_p.in_dll(library, "stdout"))
trim()
library.fflush(None)
"""


@pytest.mark.skipif(
    sys.platform != "linux" or not hasattr(ctypes.CDLL(None), "malloc_info"),
    reason="only glibc has several heaps",
)
def test_threads_share_one_heap():
    def heaps(how):
        command = [sys.executable, "-c", _COUNT, how]
        return subprocess.run(command, capture_output=True, check=True).stdout.count(b"<heap nr=")

    assert heaps("apart") > 1
    assert heaps("shared") == 1
