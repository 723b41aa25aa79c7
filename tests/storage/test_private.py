"""An address is counted in memory, and stands in none of the files that are kept."""

import subprocess

from cnnlib.models.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.service import Runs
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import Beat, Talk

ADDRESS = "203.0.113.77"


def test_no_file_that_is_kept_holds_an_address(tmp_path, monkeypatch):
    def refuse(*_, **__):  # a process for training takes seconds to begin
        raise OSError(24, "Too many open files")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    runs, talks = Runs(tmp_path, slots=1), TalkStore(tmp_path)
    config = TrainConfig(images=400, architecture=PRESETS["tiny"], device="cpu")
    runs.start("ada", "A run of mine", config, address=ADDRESS)
    talks.create("ada", Talk("A talk of mine", (Beat("draw"),)), ADDRESS)
    runs.close()
    kept = b"".join(path.read_bytes() for path in tmp_path.rglob("*") if path.is_file())
    assert b"A run of mine" in kept
    assert b"A talk of mine" in kept
    assert ADDRESS.encode() not in kept
