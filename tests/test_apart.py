"""Dear work beside the server ends in time and within its memory, and a sentence says so."""

import json
import subprocess
import sys
from pathlib import Path

import pytest

from cnnlib import apart

ORDER = {"lesson": "pooling", "state": {}, "peer": 1, "drawing": ""}


def test_what_takes_too_long_is_ended():
    with pytest.raises(ValueError, match=r"this took longer than 0\.01 seconds and was ended"):
        apart.ask("cnnlib.lessons.compare", ORDER, 0.01)


def test_what_fails_is_told_to_whoever_runs_the_server_and_not_to_the_visitor(capfd):
    with pytest.raises(ValueError, match="this took more memory than is given, or failed"):
        apart.ask("cnnlib.lessons.compare", ORDER | {"lesson": "none"}, 60)
    assert "there is no lesson none" in capfd.readouterr().err


def test_no_more_than_two_processes_run_at_once():
    with apart._AT_ONCE:
        with pytest.raises(ValueError, match="this took longer"):
            apart.ask("cnnlib.lessons.compare", ORDER, 0.01)
        with apart._AT_ONCE, pytest.raises(ValueError, match="others are being answered"):
            apart.ask("cnnlib.lessons.compare", ORDER, 0.01)


def test_no_more_than_ten_wait_for_a_process():
    for _ in range(10):
        assert apart._ASKED_AT_ONCE.acquire(blocking=False)
    try:
        with pytest.raises(ValueError, match="others are being answered"):
            apart.ask("cnnlib.lessons.compare", ORDER, 1e6)
    finally:
        apart._ASKED_AT_ONCE.release(10)


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such limit")
@pytest.mark.parametrize(("size", "code"), [(2**20, 0), (2**29, 1)])
def test_a_process_gets_no_more_memory_than_it_is_given(size, code):
    program = f"""
from cnnlib import apart
apart.serve(lambda order: str(len(bytearray(order["size"]))), {2**28})
"""
    done = subprocess.run(
        [sys.executable, "-c", program],
        input=json.dumps({"size": size}),
        capture_output=True,
        text=True,
        cwd=Path(__file__).parents[1],
        check=False,
    )
    assert done.returncode == code
    assert done.stdout == (str(size) if code == 0 else "")
