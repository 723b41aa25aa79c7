"""The figures of the shipped talks, beat by beat, as they were when lessons became values.

A change that is meant writes them anew: `python -m tests.handouts.test_golden`.
"""

import hashlib
from pathlib import Path

import pytest

from cnnlib.handouts.notes import figure
from cnnlib.ui.talks.shelf import shipped

GOLDEN = Path(__file__).with_name("golden.txt")
BEATS = [(talk, at) for talk, made in shipped().items() for at in range(1, len(made.beats) + 1)]


def line(talk, at):
    """Return talk, beat, and what its figure shows and says, as a hash."""
    drawn = figure(shipped()[talk].beats[at - 1])
    told = "\n".join((drawn.svg, drawn.told, str(drawn.width)))
    return f"{talk} {at} {hashlib.sha256(told.encode()).hexdigest()}"


@pytest.mark.parametrize(("talk", "at"), BEATS)
def test_a_beats_figure_is_the_same_to_the_byte(talk, at):
    assert line(talk, at) in GOLDEN.read_text("utf-8").splitlines()


def test_no_beat_is_left_out():
    kept = [one.rsplit(" ", 1)[0] for one in GOLDEN.read_text("utf-8").splitlines()]
    assert kept == [f"{talk} {at}" for talk, at in BEATS]


if __name__ == "__main__":
    GOLDEN.write_text("".join(f"{line(*beat)}\n" for beat in BEATS), "utf-8")
