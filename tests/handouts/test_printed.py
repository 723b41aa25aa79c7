"""Lecture notes are made beside the server, and never hold more than a browser can show."""

import pytest

from cnnlib import apart
from cnnlib.handouts import notes as module
from cnnlib.handouts.notes import notes
from cnnlib.handouts.printed import printed
from cnnlib.talks.talk import Beat, Talk

TALK = Talk("Two beats", (Beat("pooling", line="First"), Beat("kernels", line="Second")))


def test_notes_from_beside_the_server_are_the_same():
    assert printed(TALK, "https://class.example/app") == notes(TALK, "https://class.example/app")


def test_without_figures_the_notes_say_why(monkeypatch):
    def ask(*_):
        raise ValueError("this took longer than 90 seconds and was ended")

    monkeypatch.setattr(apart, "ask", ask)
    made = printed(TALK, "")
    assert "<svg" not in made
    assert made.count("The figures are left out. This took longer than 90 seconds") == 2
    assert "First" in made


@pytest.mark.parametrize(("most", "seconds"), [(0, float("inf")), (20_000_000, 0.0)])
def test_figures_beyond_what_notes_may_hold_are_left_out(monkeypatch, most, seconds):
    monkeypatch.setattr(module, "_MOST_DRAWN", most)
    talk = Talk("Long", TALK.beats * 10)
    made = notes(talk, "", seconds=seconds)
    assert made.count("<svg") == (0 if seconds == 0 else 1)
    assert "This figure is left out: the notes are too large." in made
