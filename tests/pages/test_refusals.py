"""Refused orders stand in the log too, in one line of their kind."""

import logging

import pytest

from cnnlib import log
from cnnlib.runs.service import RunsError
from cnnlib.storage.database import RecordsError
from cnnlib.talks import remote
from cnnlib.ui.talks.speaker import REMOTES
from tests.pages.components import run, say, shown, words
from tests.pages.told import press


@pytest.fixture
def lines(caplog, monkeypatch):
    monkeypatch.setattr(log, "_said", {})
    monkeypatch.setattr(log._log, "propagate", True)
    caplog.set_level(logging.INFO, "classroom")
    return lambda: [record.getMessage() for record in caplog.records if record.name == "classroom"]


@pytest.mark.parametrize(
    ("error", "line"),
    [
        (RunsError("You have 8 runs that are not over."), "refused run to visitor {}: You have 8"),
        (RecordsError("the disk is full"), "failed: run: 'the disk is full'"),
    ],
)
def test_an_order_for_a_run(runs, app, lines, monkeypatch, error, line):
    def refuse(*_):
        raise error

    monkeypatch.setattr(runs, "start", refuse)
    app.switch_page("pages/train.py").run()
    press(app, "start")
    (told,) = lines()
    assert told.startswith(line.format(log.mark("")))
    assert str(error) in words(app)


def test_an_order_for_a_talk_and_a_speakers_code(app, lines):
    app.switch_page("pages/talks.py").run()
    app.file_uploader(key="talk_file").set_value(("x.talk", b"nothing", "text/plain"))
    run(app)
    app.query_params["speak"] = "GUESS2"
    run(app)
    talk, code = lines()
    assert talk.startswith(f"refused talk to visitor {log.mark('')}: ")
    assert code.startswith(f"refused speaker code to visitor {log.mark('')}: no projector has")


def test_a_projector_of_too_many(app, lines, monkeypatch):
    monkeypatch.setattr(remote, "MOST_OF_ADDRESS", 1)
    held = REMOTES.open("lecture", 1)
    held.ears = [lambda: None]
    app.query_params["present"] = "1"
    run(app)
    say(app, "stage", speak=1)
    held.ears = []
    (line,) = lines()
    assert "refused projector to visitor" in line
    assert shown(app, "stage")["note"].startswith("Your address holds 1 projectors: close one")
    assert not shown(app, "stage")["window"]
