"""PyTorch's results come from beside the server, which itself never loads PyTorch."""

import subprocess
import sys
from pathlib import Path

from cnnlib import apart
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


def test_without_an_answer_there_is_a_sentence(monkeypatch):
    def ask(*_):
        raise ValueError("this took longer than 30 seconds and was ended")

    monkeypatch.setattr(apart, "ask", ask)
    told = compare(pooling.State(stride=1), Given(), 1)
    assert told == "There is no result: this took longer than 30 seconds and was ended."
