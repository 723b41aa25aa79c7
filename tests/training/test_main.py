"""The commands: dry runs, printed accuracy, refusals in a sentence, and torch only to train."""

import re
import subprocess
import sys
from dataclasses import fields, replace

import numpy as np
import pytest

from cnnlib.data.digits import built_in
from cnnlib.network import Flatten, Linear, Network
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.presets import PRESETS
from cnnlib.runs.recording import Recording
from cnnlib.training.__main__ import main
from tests.data.test_idx import idx_bytes

DRY = ["train", "--dry-run", "--architecture", "conv3x4-stride2_out10", "--device", "cpu"]


@pytest.fixture
def always_seven(tmp_path):
    network = Network(
        [("flatten", Flatten()), ("logits", Linear(np.zeros((10, 784)), np.eye(10)[7]))]
    )
    network.save(tmp_path / "seven.npz")
    return str(tmp_path / "seven.npz")


@pytest.fixture
def folder(tmp_path):
    """Write IDX files of 50 training digits, of which 5 are sevens, 3 of them in the last 10."""
    digits = built_in(50, seed=2)
    order = np.argsort(digits.labels == 7, kind="stable")[
        [*range(38), 45, 46, *range(38, 45), 47, 48, 49]
    ]
    (tmp_path / "train-images-idx3-ubyte").write_bytes(idx_bytes(digits.images[order]))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(digits.labels[order]))
    return tmp_path


def printed(capsys, *arguments: str) -> str:
    main(list(arguments))
    return capsys.readouterr().out


def test_evaluate_prints_the_accuracy_on_a_folder(capsys, always_seven, folder):
    out = printed(capsys, "evaluate", "--weights", always_seven, "--data", str(folder))
    assert out.endswith("train images: 5 of 50 right, accuracy 10.00%\n")


def test_evaluate_measures_the_last_images_alone(capsys, always_seven, folder):
    arguments = ["evaluate", "--weights", always_seven, "--data", str(folder), "--last"]
    assert printed(capsys, *arguments, "10").endswith("3 of 10 right, accuracy 30.00%\n")
    with pytest.raises(SystemExit):
        main([*arguments, "51"])
    assert "--last 51" in capsys.readouterr().err


def test_evaluate_prefers_test_images_unless_told(capsys, always_seven, folder):
    (folder / "t10k-images-idx3-ubyte").write_bytes(idx_bytes(built_in(20).images))
    (folder / "t10k-labels-idx1-ubyte").write_bytes(idx_bytes(built_in(20).labels))
    arguments = ["evaluate", "--weights", always_seven, "--data", str(folder)]
    assert "test images: 2 of 20 right" in printed(capsys, *arguments)
    assert "train images: 5 of 50 right" in printed(capsys, *arguments, "--split", "train")


@pytest.mark.parametrize(
    ("weights", "data", "reason"),
    [
        ("none.npz", "built-in", "none.npz"),
        (None, "no-such-folder", "no-such-folder holds no file"),
    ],
)
def test_what_is_missing_is_named_in_one_line(capsys, always_seven, weights, data, reason):
    with pytest.raises(SystemExit) as stop:
        main(["evaluate", "--weights", weights or always_seven, "--data", data])
    error = capsys.readouterr().err
    assert stop.value.code == 1
    assert reason in error
    assert error.count("\n") == 1


def test_a_dry_run_of_pretraining_writes_a_network_that_evaluates(capsys, tmp_path):
    path = tmp_path / "new" / "dry.npz"
    out = printed(capsys, "pretrain", "--dry-run", "--out", str(path))
    assert "epoch 1: loss" in out
    size, parameters = path.stat().st_size, Network.load(path).parameter_count
    assert f"{parameters:,} parameters, {size:,} bytes, sha256" in out
    first = path.read_bytes()
    assert printed(capsys, "pretrain", "--dry-run", "--out", str(path))
    assert path.read_bytes() == first
    printed(capsys, "pretrain", "--dry-run", "--seed", "1", "--out", str(path))
    assert path.read_bytes() != first


def test_pretraining_takes_a_folder_and_epochs(capsys, tmp_path, folder):
    (folder / "train-images-idx3-ubyte").write_bytes(idx_bytes(built_in(96).images))
    (folder / "train-labels-idx1-ubyte").write_bytes(idx_bytes(built_in(96).labels))
    out = printed(
        capsys, "pretrain", "--data", str(folder), "--epochs", "2", "--out", str(tmp_path / "n.npz")
    )
    assert "epoch 2: loss" in out
    assert re.search(r"the last: \d of 8 right", out)


def test_a_dry_run_of_training_writes_a_network_that_evaluates(capsys, tmp_path):
    path = tmp_path / "new" / "dry.npz"
    out = printed(capsys, *DRY, "--optimizer", "sgd", "--out", str(path))
    assert "96 images, 500 to validate on; 6 steps on cpu, 1 thread\n" in out
    assert re.search(r"epoch 1: loss \d\.\d+, accuracy .*%; validation loss .*%, \d+\.\d s\n", out)
    assert "All 6 steps were taken." in out
    network = Network.load(path)
    assert network.layers[0][0] == "conv1"
    assert f"{path}: {network.parameter_count:,} parameters" in out


def test_a_dry_run_of_recording_writes_what_can_be_played_back(capsys, tmp_path, monkeypatch):
    path, preset = tmp_path / "dry.run", PRESETS["default"]
    here = replace(preset, config=replace(preset.config, device="cpu"))
    monkeypatch.setitem(PRESETS, "default", here)
    out = printed(capsys, "record", "--dry-run", "--out", str(path))
    recording = Recording.load(path)
    assert f"{path}: {len(recording.events)} events" in out
    told = [type(event).__name__ for event in recording.events]
    assert told == ["Begun", "Progress", "Report", "Ended"]
    assert recording.events[1].step == recording.events[2].step == 6
    network = Network.load(path.with_suffix(".npz"))
    np.testing.assert_array_equal(recording.events[2].filters, network.layers[0][1].weight)


@pytest.mark.parametrize(
    ("option", "text", "reason"),
    [
        ("--learning-rate", "fast", "learning rate 'fast': use a number"),
        ("--epochs", "0", "epochs 0: use a whole number"),
        ("--architecture", "conv", "architecture 'conv': "),
        ("--data", "no-such-folder", "no-such-folder holds no file"),
        ("--device", "tpu", "device 'tpu': use "),
        ("--threads", "0", "threads 0: use a whole number"),
        ("--from", "none.npz", "none.npz cannot be read"),
    ],
)
def test_a_wrong_option_is_answered_in_a_sentence(capsys, option, text, reason):
    with pytest.raises(SystemExit) as stop:
        main(["train", option, text, "--images", "100", "--batch-size", "10"])
    error = capsys.readouterr().err
    assert stop.value.code == 1
    assert error.startswith(reason)
    assert error.count("\n") == 1


def test_every_field_is_an_option(capsys):
    with pytest.raises(SystemExit):
        main(["train", "--help"])
    text = capsys.readouterr().out
    for field in fields(TrainConfig):
        assert f"--{field.name.replace('_', '-')} " in text


def test_help_and_measuring_load_no_torch(always_seven, folder):
    script = """if True:
        import sys
        from cnnlib.training.__main__ import main
        for arguments in (["--help"], sys.argv[1:]):
            try:
                main(arguments)
            except SystemExit as stop:
                assert stop.code == 0
            print("torch" in sys.modules)
        import cnnlib.training.model
        print("torch" in sys.modules)
    """
    evaluate = ["evaluate", "--weights", always_seven, "--data", str(folder)]
    run = subprocess.run(
        [sys.executable, "-c", script, *evaluate],
        capture_output=True,
        text=True,
        check=True,
    )
    assert re.findall(r"^(?:True|False)$", run.stdout, re.M) == ["False", "False", "True"]
    assert "pretrain" in run.stdout
    assert "5 of 50 right" in run.stdout


def test_training_begins_with_the_weights_of_a_file(capsys, tmp_path):
    path, on = tmp_path / "dry.npz", tmp_path / "on.npz"
    printed(capsys, *DRY, "--out", str(path))
    still = ["--learning-rate", "1e-9", "--from", str(path), "--out", str(on)]
    out = printed(capsys, *DRY, *still)
    assert out.startswith(f"Begins with the network of {path}.\n")
    before, after = Network.load(path).parameters, Network.load(on).parameters
    for name, values in before.items():
        np.testing.assert_allclose(after[name], values, atol=1e-6)


def test_weights_that_do_not_fit_are_refused_before_any_data_are_made(capsys, always_seven):
    with pytest.raises(SystemExit) as stop:
        main(["train", "--preset", "98%", "--data", "nowhere", "--from", always_seven])
    error = capsys.readouterr().err
    assert stop.value.code == 1
    assert error.startswith(f"the network of {always_seven} cannot be trained on")
    assert error.count("\n") == 1
