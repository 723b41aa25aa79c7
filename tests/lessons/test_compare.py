"""PyTorch's results come from beside the server, which itself never loads PyTorch."""

import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from cnnlib import apart
from cnnlib.lessons import compare as module
from cnnlib.lessons import pooling, receptive_fields
from cnnlib.lessons.compare import compare
from cnnlib.lessons.given import Given

PROGRAM = """
import sys
from cnnlib.lessons.compare import compare
from cnnlib.lessons.given import Given
from cnnlib.lessons.pooling import State
print(compare(State(kind="average"), Given(), 1))
print("torch" in sys.modules)
"""


def test_the_server_does_not_load_torch_to_compare_with_it():
    told = subprocess.check_output(
        [sys.executable, "-c", PROGRAM], text=True, cwd=Path(__file__).parents[2]
    )
    assert told.splitlines() == ["PyTorch gives the same: largest difference 0.", "False"]


def test_the_same_question_is_asked_once(monkeypatch):
    asked = []
    monkeypatch.setattr(apart, "ask", lambda *order: asked.append(order) or "the same")
    state = receptive_fields.State(layers="conv3, conv7")
    assert [compare(state, Given(), 0) for _ in range(3)] == ["the same"] * 3
    assert len(asked) == 1
    assert asked[0][1]["state"] == {"layers": "conv3, conv7"}


def test_a_hall_that_asks_the_same_at_once_waits_for_one_process(monkeypatch):
    asked = []

    def ask(*order):
        asked.append(order)
        time.sleep(0.1)  # the others come meanwhile
        return "the same"

    monkeypatch.setattr(apart, "ask", ask)
    state = receptive_fields.State(layers="conv3, conv9")
    with ThreadPoolExecutor(8) as hall:
        told = [*hall.map(lambda _: compare(state, Given(), 0), range(8))]
    assert (told, len(asked)) == (["the same"] * 8, 1)
    monkeypatch.setattr(module, "SECONDS", 0.01)
    held = module._turn("null")
    with held, pytest.raises(ValueError, match="others are being answered"):
        module._compared("null")


def test_without_an_answer_there_is_a_sentence(monkeypatch):
    def ask(*_):
        raise ValueError("this took longer than 30 seconds and was ended")

    monkeypatch.setattr(apart, "ask", ask)
    told = compare(pooling.State(stride=1), Given(), 1)
    assert told == "There is no result: this took longer than 30 seconds and was ended."
