"""A new run begins with the weights of another run of the same owner, or with those of a file."""

from dataclasses import replace

import numpy as np
import pytest

from cnnlib.models.architecture import PRESETS as ARCHITECTURES
from cnnlib.network import Network
from cnnlib.runs.config import FAST, TrainConfig
from tests.histories import history
from tests.pages.components import run, shown, words
from tests.pages.told import me, open_drawer, press


@pytest.fixture
def lesson(runs, app):
    app.switch_page("pages/train.py").run()
    assert not app.exception
    return app


def marked(architecture, value):
    """Return a network of zeros, except for the first layer's biases."""
    (name, layer), *rest = architecture.network().layers
    first = replace(layer, bias=np.full_like(layer.bias, value))
    return Network([(name, first), *rest])


def mark(network):
    return network.layers[0][1].bias[0]


def measured(runs, name, network):
    """Give a run a measurement and weights."""
    told = history(epochs=1, validation=500)
    runs.store.append(name, told.begun)
    runs.store.append(name, told.reports[0], network)


def finished(at, runs, architecture=FAST):
    """Return a run of this visitor that is over, and is shown on the page."""
    name = runs.store.create(me(at), "Before", TrainConfig(architecture=architecture))
    measured(runs, name, marked(architecture, 0.5))
    runs.store.change(name, "", "stopped")
    at.query_params["run"] = name
    run(at)
    return name


def keys(at):
    return {button.key for button in at.button}


def test_a_run_is_trained_on_with_the_pages_present_settings(lesson, runs):
    first = finished(lesson, runs)
    lesson.text_input(key="rate").set_value("0.002")
    press(lesson, "train_on")
    second = lesson.query_params["run"]
    record = runs.run(second)
    assert second != first
    assert record.config == TrainConfig(learning_rate=0.002)
    assert record.title == "fast, adam 0.002, trained on"
    assert (record.began, record.origin) == ("the network of the run “Before”", first)
    assert mark(runs.store.start(record).network) == 0.5
    (one,) = shown(lesson, "learning")["runs"]
    assert one["sentence"] == "Trained on from the network of the run “Before”."
    assert "train_on" not in keys(lesson)
    open_drawer(lesson, "use")
    measured(runs, second, FAST.network())
    run(lesson)
    press(lesson, "origin")
    assert lesson.query_params["run"] == first


def test_other_layers_are_refused_with_the_first_difference_and_what_fits(lesson, runs):
    first = finished(lesson, runs, ARCHITECTURES["tiny"])
    press(lesson, "train_on")
    assert lesson.query_params["run"] == first
    assert len(runs.of_owner(me(lesson))) == 1
    told = words(lesson)
    assert "The network of the run “Before” cannot be trained on with these layers" in told
    assert "it has conv1 (conv2d), weight (8, 1, 3, 3)" in told
    assert "choose the network “tiny”" in told
    lesson.selectbox(key="network").set_value("tiny").run()
    press(lesson, "train_on")
    assert runs.run(lesson.query_params["run"]).origin == first


def test_a_stranger_or_a_run_without_weights_is_not_trained_on(lesson, runs):
    name = runs.store.create("somebody else", "theirs", TrainConfig())
    measured(runs, name, FAST.network())
    own = runs.store.create(me(lesson), "mine", TrainConfig())
    for one in (name, own):
        runs.store.change(one, "", "stopped")
        lesson.query_params["run"] = one
        run(lesson)
        assert "train_on" not in keys(lesson)


def test_weights_that_are_gone_are_said(lesson, runs):
    name = finished(lesson, runs)
    for file in (runs.store.folder / "runs" / name).iterdir():
        file.unlink()
    press(lesson, "train_on")
    assert lesson.query_params["run"] == name
    assert "has not measured its network" in words(lesson)


def upload(at, network, tmp_path):
    open_drawer(at, "use")
    network.save(tmp_path / "w.npz")
    content = (tmp_path / "w.npz").read_bytes()
    at.file_uploader(key="weights").upload("mine.npz", content, "application/octet-stream").run()
    assert not at.exception


def test_a_file_is_trained_on(lesson, runs, tmp_path):
    upload(lesson, marked(FAST, 0.25), tmp_path)
    press(lesson, "train_on_file")
    record = runs.run(lesson.query_params["run"])
    assert (record.began, record.origin) == ("the network of the file “mine.npz”", "")
    assert mark(runs.store.start(record).network) == 0.25


def test_a_file_that_does_not_fit_still_reads_digits_and_says_what_would(lesson, runs, tmp_path):
    upload(lesson, ARCHITECTURES["lenet"].network(), tmp_path)
    told = words(lesson)
    assert "61,706 parameters" in told
    assert "The network of the file “mine.npz” cannot be trained on with these layers" in told
    assert "choose the network “lenet”" in told
    assert "train_on_file" not in keys(lesson)
    assert [one for one in lesson.get("page_link") if one.proto.query_string == "run=upload"]
    lesson.selectbox(key="network").set_value("lenet").run()
    assert "train_on_file" in keys(lesson)
