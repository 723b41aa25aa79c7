"""A run in a terminal prints lines, a bar for people who watch, and ends at Ctrl-C."""

import signal
import sys
from dataclasses import replace

import pytest

from cnnlib.data.digits import built_in
from cnnlib.models.architecture import Architecture
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import StepDone
from cnnlib.training import terminal
from cnnlib.training.trainer import Training

DATA = built_in(100, seed=1), built_in(40, seed=2)
CONFIG = TrainConfig(
    images=100,
    batch_size=20,
    epochs=4,
    architecture=Architecture.from_text("conv3x4-stride2_out10"),
    averaging=0.0,
    device="cpu",
)


class Interrupted(Training):
    """A run during whose seventh step somebody presses Ctrl-C."""

    def __next__(self):
        event = super().__next__()
        if isinstance(event, StepDone) and event.step == 7:
            signal.raise_signal(signal.SIGINT)
        return event


def test_ctrl_c_ends_a_run_between_two_steps_in_a_sentence(capsys):
    before = signal.getsignal(signal.SIGINT)
    run = Interrupted(CONFIG, *DATA)
    ended = terminal.follow(run)
    assert (ended.outcome, ended.step, run.step) == ("stopped", 7, 7)
    assert capsys.readouterr().out.endswith("\nStopped after 7 of 20 steps.\n")
    assert signal.getsignal(signal.SIGINT) is before
    assert run.network.parameter_count > 0


def test_a_diverged_run_says_what_happened_once(capsys):
    wild = replace(CONFIG, learning_rate=1e6, optimizer="sgd", schedule="constant")
    deep = Architecture.from_text("3conv3x6-stride2_3conv3x6_out10")
    ended = terminal.follow(Training(replace(wild, architecture=deep), *DATA))
    assert ended.outcome == "diverged"
    assert capsys.readouterr().out.count(ended.sentence) == 1


@pytest.mark.parametrize("watched", [False, True])
def test_the_bar_is_drawn_where_somebody_watches(capsys, monkeypatch, watched):
    monkeypatch.setattr(terminal, "EVERY_S", 0)
    monkeypatch.setattr(sys.stderr, "isatty", lambda: watched)
    terminal.follow(Training(CONFIG, *DATA))
    captured = capsys.readouterr()
    assert ("] 10 of 20 steps, loss " in captured.err) == watched
    assert ("images/s" in captured.err) == watched
    assert "epoch 4: loss" in captured.out
    assert "\r" not in captured.out
