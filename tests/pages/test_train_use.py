"""Uses of a run: a step taken apart, files, and its network on the draw page."""

import io

import numpy as np
import pytest

from cnnlib.lessons import reader
from cnnlib.models import safetensors
from cnnlib.models.architecture import PRESETS as ARCHITECTURES
from cnnlib.network import Network
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import BatchTaken, ParameterStep
from cnnlib.ui.training import use
from tests.histories import history
from tests.pages.components import keep, run, say, shown, words
from tests.pages.told import begin, me, open_drawer, press, tell


@pytest.fixture
def lesson(runs, app):
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


def taken(step=7):
    rng = np.random.default_rng(0)
    weights = rng.normal(size=3).astype(np.float32)
    update = ParameterStep(
        "conv1.weight", (2, 1, 3, 3), 1.5, 1.4, 0.3, 0.1, np.zeros((3, 4), int),
        weights, weights / 10, weights - weights / 100, {"m": weights / 20},
    )  # fmt: skip
    logits = rng.normal(size=(4, 10)).astype(np.float32)
    logits[3] = np.nan
    return BatchTaken(
        step, 64, rng.integers(0, 255, (4, 28, 28)).astype(np.uint8), np.arange(4, dtype=np.uint8),
        logits, np.full((4, 10), 0.1, np.float32), np.array([1, 3, 2, np.inf], np.float32),
        0.5, 0.25, 0.01, "adam", ("w ← w − η m",), {"β₁": 0.9}, (update,),
    )  # fmt: skip


def test_a_step_under_the_microscope_is_shown_with_its_numbers(lesson, runs):
    name, _ = begin(lesson, runs)
    open_drawer(lesson, "microscope")
    press(lesson, "take_apart")
    assert runs.commands == [(name, "microscope", None)]
    batch = taken()
    runs.store.append(name, batch)
    run(lesson)
    assert "**Step 7**: 64 images, the first 4 of them here" in words(lesson)
    assert "**0.5** before the step and is **0.25**" in words(lesson)
    data = shown(lesson, "batch")
    assert [one["label"] for one in data["pictures"]] == [0, 1, 2, 3]
    np.testing.assert_array_equal(data["pictures"][1]["logits"], batch.logits[1].tolist())
    assert data["pictures"][3]["logits"] == [None] * 10
    assert data["pictures"][3]["loss"] is None
    assert data["constants"] == "η = 0.01, β₁ = 0.9"
    (update,) = data["parameters"]
    np.testing.assert_array_equal(update["after"], batch.parameters[0].after.tolist())
    assert update["terms"]["m"] == batch.parameters[0].terms["m"].tolist()


def test_a_runs_network_reads_the_drawing_and_is_sent_to_the_draw_page(lesson, runs):
    begin(lesson, runs, weights=False)
    open_drawer(lesson, "use")
    assert "not measured its network yet" in words(lesson)
    tell(runs, lesson.query_params["run"], epochs=3)
    run(lesson)
    assert "it reads **0**, with probability 0.100" in words(lesson)
    (link,) = [one for one in lesson.get("page_link") if one.proto.query_string]
    assert link.proto.query_string == f"run={lesson.query_params['run']}"


def test_files_of_a_run(lesson, runs):
    name, told = begin(lesson, runs, ended="finished")
    offers = use.offers(runs.run(name))
    content = offers["Weights (.npz)"][2]()
    assert np.load(io.BytesIO(content), allow_pickle=False)["conv1.weight"].shape == (12, 1, 3, 3)
    arrays, metadata = safetensors.read(offers["Weights (.safetensors)"][2]())
    assert arrays["conv1.weight"].shape == (12, 1, 3, 3)
    assert "conv1" in metadata["architecture"]
    script = offers["PyTorch script"][2]()
    compile(script, "script.py", "exec")
    assert f"EPOCHS = {TrainConfig().epochs}" in script
    open_drawer(lesson, "take_run")
    assert name in " ".join(block.value for block in lesson.code)
    lines = offers["History"][2]().splitlines()
    assert len(lines) == 1 + len(told.progress) + len(told.reports)


def upload(at, content, name="weights.npz"):
    at.session_state["use"] = True
    run(at)
    at.file_uploader(key="weights").upload(name, content, "application/octet-stream").run()
    assert not at.exception


def content_of(tmp_path, network, name="weights.npz"):
    network.save(tmp_path / name)
    return (tmp_path / name).read_bytes()


@pytest.mark.parametrize("name", ["weights.npz", "weights.safetensors"])
def test_weights_from_a_file_read_the_drawing_here_and_on_the_draw_page(lesson, tmp_path, name):
    upload(lesson, content_of(tmp_path, ARCHITECTURES["fully connected"].network(), name), name)
    assert "109,386 parameters" in words(lesson)
    lesson.switch_page("pages/draw.py")
    lesson.query_params["run"] = "upload"
    run(lesson)
    assert f"the network of the file “{name}”" in words(lesson)
    names = [layer["name"] for layer in shown(lesson, "netview")["layers"]]
    assert names == ["input", "fc1", "relu1", "fc2", "relu2"]


def _pickled():
    file = io.BytesIO()
    np.savez(file, architecture=np.array([{"a": 1}], dtype=object))
    return file.getvalue()


def _other():
    return Network(ARCHITECTURES["tiny"].network().layers[:3])


@pytest.mark.parametrize(
    ("make", "told"),
    [
        (lambda _: b"not a zip", "cannot be read as arrays"),
        (lambda _: _pickled(), "“weights.npz” cannot be read as arrays: it holds pickled Python"),
        (lambda folder: content_of(folder, _other()), "use a network that reads (1, 28, 28)"),
    ],
)
def test_a_wrong_file_of_weights_is_refused_with_a_sentence(lesson, tmp_path, make, told):
    upload(lesson, make(tmp_path))
    assert told in words(lesson)


def test_weights_that_name_no_architecture_are_read_by_the_one_that_is_chosen(lesson, tmp_path):
    weights = ARCHITECTURES["tiny"].network().parameters
    np.savez(tmp_path / "own.npz", **{name: a.astype(float) for name, a in weights.items()})
    upload(lesson, (tmp_path / "own.npz").read_bytes(), "own.npz")
    assert "parameters" not in words(lesson)
    lesson.selectbox(key="weights_architecture").select("lenet").run()
    assert "“own.npz” does not fit" in words(lesson) or "“own.npz” is not a network" in words(
        lesson
    )
    lesson.selectbox(key="weights_architecture").select("tiny").run()
    assert not lesson.exception
    assert "9,098 parameters. In " in words(lesson)


def test_a_file_is_read_once_and_not_for_each_control(lesson, tmp_path, monkeypatch):
    read = []
    of_file = reader.of_file
    monkeypatch.setattr(reader, "of_file", lambda *file: read.append(file) or of_file(*file))
    upload(lesson, b"not a zip")
    run(lesson)
    assert "cannot be read as arrays" in words(lesson)
    upload(lesson, content_of(tmp_path, ARCHITECTURES["tiny"].network()))
    run(lesson)
    assert "parameters" in words(lesson)
    assert len(read) == 2


STROKE = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]


@pytest.mark.parametrize("name", ARCHITECTURES)
def test_the_draw_page_reads_with_any_architecture(lesson, runs, name):
    run_id = runs.store.create(me(lesson) or "x", "mine", TrainConfig())
    network = ARCHITECTURES[name].network()
    runs.store.append(run_id, history(epochs=1, validation=500).reports[0], network)
    lesson.switch_page("pages/draw.py")
    lesson.query_params["run"] = run_id
    run(lesson)
    assert "the network of the run “mine”" in words(lesson)
    keep(lesson, "paper", drawing={"sequence": 1, "strokes": STROKE, "down": False})
    assert shown(lesson, "answer")["probabilities"] == pytest.approx([0.1] * 10)
    layers = shown(lesson, "netview")["layers"]
    assert len(layers) > 3
    for layer in layers[1:]:
        say(lesson, "netview", unit={"activation": layer["activation"], "index": [0, 0, 0]})
        assert shown(lesson, "unit")["unit"]["title"].startswith(layer["name"])
    say(lesson, "answer", digit=3)
    assert shown(lesson, "unit")["unit"]["title"] == "logits, class 3"


def test_the_draw_page_says_where_a_run_is_unknown_and_leads_back(lesson, runs):
    lesson.switch_page("pages/draw.py")
    lesson.query_params["run"] = "gone"
    run(lesson)
    assert "There is no such run" in words(lesson)
    assert "The shipped network reads instead" in words(lesson)
