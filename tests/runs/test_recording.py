"""A recording is written and read back the same, and every other file is refused."""

import json
import zlib
from contextlib import suppress
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.network import Network
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import BatchTaken, Diverged, Ended, Progress, Report, encode
from cnnlib.runs.presets import PRESETS
from cnnlib.runs.recording import MAGIC, MOST_BYTES, Recording
from tests.histories import history
from tests.test_house import ROOT

SHIPPED = ROOT / "assets" / "runs"


def events(**changes):
    """Return the events of a run; `changes` go into its first report."""
    told = history(epochs=2, planned=2, validation=500)
    reports = [replace(told.reports[0], **changes), *told.reports[1:]]
    middle = sorted([*told.progress, *reports], key=lambda event: event.step)
    last = max(event.seconds for event in middle)
    return [told.begun, *middle, Ended("finished", "Finished.", last, middle[-1].step)]


def save(path, told, title="A run", config=None):
    Recording(title, config or TrainConfig(), tuple(told)).save(path)
    return path


def test_what_was_recorded_comes_back(tmp_path):
    config = PRESETS["overfitting"].config
    told = events()
    back = Recording.load(save(tmp_path / "a.run", told, "Ünïcode", config))
    assert (back.title, back.config) == ("Ünïcode", config)
    assert [encode(event) for event in back.events] == [encode(event) for event in told]


def test_a_run_that_diverged_can_be_recorded(tmp_path):
    told = events()
    loss = Diverged(told[-1].step, float("inf"), {"conv1.weight": 9e9}, 1000.0, "Too far.")
    back = Recording.load(save(tmp_path / "a.run", [*told[:-1], loss, told[-1]]))
    assert back.events[-2].loss == float("inf")


def test_the_shipped_recording_is_the_default_run_and_reads_digits():
    found = sorted(path.stem for path in SHIPPED.glob("*.run"))
    assert found == ["first_steps"]
    recording = Recording.load(SHIPPED / "first_steps.run")
    assert recording.config == PRESETS["default"].config
    last = [event for event in recording.events if isinstance(event, Report)][-1]
    assert last.validation_accuracy > 0.99
    network = Network.load(SHIPPED / "first_steps.npz")
    assert network.input_shape == (1, 28, 28)
    # The first layer's weights, as the last report has them, are the network's.
    np.testing.assert_allclose(last.filters, network.layers[0][1].weight, rtol=1e-6)
    size = sum(path.stat().st_size for path in SHIPPED.iterdir())
    assert size < 300_000


def _taken():
    none = np.zeros((1, 10), np.float32)
    blank = np.zeros((1, 28, 28), np.uint8)
    label = np.zeros(1, np.uint8)
    return BatchTaken(1, 1, blank, label, none, none, none[0, :1], 1.0, 1.0, 0.1, "sgd", (), {}, ())


@pytest.mark.parametrize(
    ("change", "told"),
    [
        (lambda told: told[1:], "does not go from"),
        (lambda told: told[:-1], "does not go from"),
        (lambda told: [told[0], *told], "Begun has no place"),
        (lambda told: [told[0], _taken(), *told[1:]], "BatchTaken has no place"),
        (lambda told: [*told, told[-1]], "goes on after its end"),
        (lambda told: [told[0], *told[:0:-1]], "does not go from"),
        (lambda told: [told[0], *told[-2:0:-1], told[-1]], "follows step"),
        (lambda told: [replace(told[0], steps_per_epoch=0), *told[1:]], "steps are an epoch"),
        (lambda told: [replace(told[0], steps=10**12), *told[1:]], "Begun.steps is"),
        (lambda told: [replace(told[0], device=7), *told[1:]], "Begun.device is 7"),
        (lambda told: [told[0], replace(told[1], steps=0), *told[2:]], "step 5 of 0"),
        (lambda told: [told[0], replace(told[1], seconds="now"), *told[2:]], "seconds is 'now'"),
        (lambda told: [told[0], replace(told[1], seconds=np.nan), *told[2:]], "seconds is nan"),
        (lambda told: [told[0], replace(told[1], accuracy=True), *told[2:]], "accuracy is True"),
        (lambda _: events(confusion=np.zeros((9, 9), int)), "confusion does not have the shape"),
        (lambda _: events(wrong=np.arange(400)), "wrong does not have the shape"),
        (lambda _: events(wrong=np.array([500])), "wrong is not all from 0 to 499"),
        (lambda _: events(wrong=np.arange(3)), "said does not have the shape"),
        (lambda _: events(filters=np.zeros((65, 1, 3, 3), np.float32)), "filters of shape"),
        (lambda _: events(filters=np.zeros((1, 0, 3, 3), np.float32)), "filters of shape"),
        (lambda _: events(filters="all"), "no recorded run"),
        (lambda _: events(layers=()), "layers are no list"),
        (lambda _: events(layers=("conv1",)), "a layer is"),
    ],
)
def test_what_no_run_tells_is_refused_with_a_sentence(tmp_path, change, told):
    path = save(tmp_path / "a.run", change(events()))
    with pytest.raises(ValueError, match=r"^a\.run is no recorded run: ") as raised:
        Recording.load(path)
    assert told in str(raised.value)


def parts(*texts):
    return b"".join(len(text).to_bytes(4, "little") + text for text in texts)


def packed(body):
    return MAGIC + zlib.compress(body)


@pytest.mark.parametrize(
    ("content", "told"),
    [
        (b"", "does not begin as one"),
        (b"PK\x03\x04", "does not begin as one"),
        (MAGIC.replace(b"1", b"2"), "does not begin as one"),
        (MAGIC, "cut off"),
        (MAGIC + b"not deflated", "incorrect header"),
        (packed(b""), "empty"),
        (packed(b"\1\0"), "within a length"),
        (packed(b"\xff\xff\xff\xff{}"), "part 1 is cut off"),
        (packed(parts(b"{}")), "title"),
        (packed(parts(b"[" * 100_000)), ""),
        (packed(parts(json.dumps({"title": "", "settings": {"version": 1}}).encode())), "title"),
        (packed(parts(b'{"title": "a", "settings": {"version": 99}}')), "version"),
        (packed(bytes(MOST_BYTES + 1)), "larger than"),
        (packed(parts(b"{}")) + b"more", "goes on"),
    ],
)
def test_any_other_file_is_refused_with_a_sentence(tmp_path, content, told):
    path = tmp_path / "a.run"
    path.write_bytes(content)
    with pytest.raises(ValueError, match=r"^a\.run is no recorded run: ") as raised:
        Recording.load(path)
    assert told in str(raised.value)


def test_a_missing_file_and_one_that_names_a_folder_are_refused(tmp_path):
    with pytest.raises(ValueError, match="No such file"):
        Recording.load(tmp_path / "a.run")
    config = replace(TrainConfig(), data="/etc")
    with pytest.raises(ValueError, match="folder"):
        Recording.load(save(tmp_path / "a.run", events(), config=config))


@given(data=st.data())
def test_a_damaged_event_is_refused_or_read_as_one(tmp_path_factory, data):
    whole = encode(next(event for event in events() if isinstance(event, Progress)))
    at = data.draw(st.integers(0, len(whole) - 1))
    broken = whole[:at] + data.draw(st.binary(max_size=3)) + whole[at + 1 :]
    told = [encode(event) for event in events()]
    head = json.dumps({"title": "a", "settings": TrainConfig().to_dict()}).encode()
    path = tmp_path_factory.getbasetemp() / "a.run"
    path.write_bytes(packed(parts(head, told[0], broken, *told[1:])))
    # Only an error that is a sentence may be raised here.
    with suppress(ValueError):
        Recording.load(path)
