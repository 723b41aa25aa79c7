"""The script of a run is a complete program, and takes the very same steps."""

import gzip
import re
import runpy
import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest
import torch

from cnnlib.data import load
from cnnlib.data.digits import built_in
from cnnlib.lessons.reader import of_file
from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.runs.config import CHOICES, TrainConfig
from cnnlib.runs.events import Report, StepDone
from cnnlib.runs.script import images_file, text
from cnnlib.runs.start import Start
from cnnlib.training.trainer import train
from tests.data.test_idx import idx_bytes

DATA = built_in(120, seed=1), built_in(60, seed=2)
SMALL = Architecture.from_text("conv3x4-stride2-max_fc9_out10")
CONFIG = TrainConfig(
    images=120, architecture=SMALL, batch_size=20, epochs=2, device="cpu", averaging=0.0, reports=1
)


@pytest.fixture
def printed(tmp_path, monkeypatch, capsys):
    """Run a configuration's script in this process and return what it prints."""

    def run(config: TrainConfig, *arguments: str) -> str:
        path = tmp_path / "again.py"
        path.write_text(text(config, began="--from" in arguments), encoding="utf-8")
        monkeypatch.setattr(sys, "argv", [str(path), *arguments])
        threads = torch.get_num_threads()
        capsys.readouterr()
        try:
            runpy.run_path(str(path), run_name="__main__")
        finally:
            torch.set_num_threads(threads)
        return capsys.readouterr().out

    return run


def assert_same_run(out: str, config: TrainConfig, data=DATA, start=None) -> None:
    events = list(train(config, data, start))
    losses = [event.loss for event in events if isinstance(event, StepDone)]
    told = [float(loss) for loss in re.findall(r"^step \d+: loss (\S+)$", out, re.M)]
    assert told == pytest.approx(losses[: len(told)], rel=2e-3)
    reports = [event for event in events if isinstance(event, Report)]
    validations = re.findall(r"validation loss (\S+), accuracy (\S+)%", out)
    for (loss, accuracy), report in zip(validations, reports, strict=False):
        assert float(loss) == pytest.approx(report.validation_loss, rel=2e-3, abs=1e-4)
        assert float(accuracy) == pytest.approx(100 * report.validation_accuracy, abs=1.7)
    assert told


@pytest.fixture
def images(tmp_path) -> str:
    path = tmp_path / "images.npz"
    path.write_bytes(images_file(*DATA))
    return str(path)


VARIANTS = [
    *({"optimizer": name, "weight_decay": 0.01} for name in CHOICES["optimizer"]),
    *({"schedule": name, "reports": 3} for name in CHOICES["schedule"]),
    *({"augmentation": name} for name in CHOICES["augmentation"]),
    # Adam would not do here: it scales up the gradients of biases before a normalisation, which
    # are nothing but rounding.
    {"averaging": 0.9, "batch_norm": True, "optimizer": "nesterov"},
    {"dropout": 0.3, "seed": 7},
    {"early_stopping": 1, "averaging": 0.9},
    {"architecture": Architecture.from_text("conv3x4-average3_conv3x6-max3_out10")},
]


@pytest.mark.parametrize("changes", VARIANTS, ids=str)
def test_a_script_takes_the_steps_of_its_run(printed, images, changes):
    config = replace(CONFIG, **changes)
    assert_same_run(printed(config, images, "--steps", "12"), config)


@pytest.mark.parametrize("name", PRESETS)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_every_architecture_is_written_out(printed, images, name, batch_norm):
    config = replace(CONFIG, architecture=PRESETS[name], batch_norm=batch_norm, epochs=1)
    assert_same_run(printed(config, images, "--steps", "2"), config)


def test_a_script_reads_mnists_files(printed, tmp_path):
    digits = built_in(720, seed=3)
    (tmp_path / "train-images.idx3-ubyte").write_bytes(idx_bytes(digits.images))
    (tmp_path / "train-labels-idx1-ubyte").write_bytes(idx_bytes(digits.labels))
    config = replace(CONFIG, data=str(tmp_path), epochs=1)
    out = printed(config, str(tmp_path), "--steps", "6")
    events = list(train(config))
    losses = [event.loss for event in events if isinstance(event, StepDone)]
    told = [float(loss) for loss in re.findall(r"^step \d+: loss (\S+)$", out, re.M)]
    assert told == pytest.approx(losses, rel=2e-3)


def test_a_script_runs_alone_and_saves_its_weights(tmp_path):
    path = tmp_path / "again.py"
    path.write_text(text(replace(CONFIG, augmentation="vary")), encoding="utf-8")
    out = tmp_path / "net.safetensors"
    command = [sys.executable, "-I", str(path), "--dry-run", "--out", str(out)]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=True)
    assert run.stdout.count("step ") == 3
    network = of_file(out.name, out.read_bytes()).network
    assert network.parameter_count == sum(row.parameters for row in SMALL.rows())
    assert "cnnlib" not in path.read_text(encoding="utf-8")


@pytest.mark.parametrize("batch_norm", [False, True])
@pytest.mark.parametrize("text_of", ["conv3x4-stride2-max_fc9_out10", "local3x2-max_fc5_out10"])
def test_the_weights_that_a_script_writes_are_those_of_its_run(
    printed, images, tmp_path, text_of, batch_norm
):
    architecture = Architecture.from_text(text_of)
    config = replace(CONFIG, architecture=architecture, batch_norm=batch_norm, epochs=1)
    # A mean of a few steps' variances differs in its last digits; the optimiser must not scale it.
    config = replace(config, optimizer="nesterov", learning_rate=0.01)
    printed(config, images, "--out", str(tmp_path / "NET.SAFETENSORS"))
    made = of_file("NET.SAFETENSORS", (tmp_path / "NET.SAFETENSORS").read_bytes()).network
    run = train(config, DATA)
    list(run)
    architecture.check(made)
    for name, array in run.network.parameters.items():
        np.testing.assert_allclose(made.parameters[name], array, rtol=2e-3, atol=2e-4)


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("ending", ["", ".gz"])
@pytest.mark.parametrize("dot", ["-", "."])
def test_a_script_reads_the_folders_that_the_program_reads(tmp_path, packed, ending, dot):
    digits = built_in(24, seed=3)
    for kind, array in (("images-idx3", digits.images), ("labels-idx1", digits.labels)):
        content = gzip.compress(idx_bytes(array)) if packed else idx_bytes(array)
        (tmp_path / f"train-{kind.replace('-idx', dot + 'idx')}-ubyte{ending}").write_bytes(content)
        (tmp_path / f"train-{kind}-and-more").mkdir()
    if ending != ".gz":
        (tmp_path / "train-images-idx3-ubyte.gz").mkdir()
    path = tmp_path / "again.py"
    path.write_text(text(CONFIG), encoding="utf-8")
    images, labels, *_ = runpy.run_path(str(path))["load"](str(tmp_path))
    read = load(str(tmp_path))
    assert np.array_equal(images, read.images[: len(images)])
    assert np.array_equal(labels, read.labels[: len(labels)])
    assert len(images) == 22


def test_a_folder_without_the_files_is_named(tmp_path):
    path = tmp_path / "again.py"
    path.write_text(text(CONFIG), encoding="utf-8")
    with pytest.raises(SystemExit, match="holds no file train-images-idx3-ubyte"):
        runpy.run_path(str(path))["load"](str(tmp_path))


def test_a_folders_name_is_no_code():
    config = replace(CONFIG, data='"""\nraise SystemExit\n"""')
    assert "raise SystemExit\n" not in text(config)
    compile(text(config), "again.py", "exec")


def test_the_images_of_a_run_are_a_file_without_pickles(images):
    with np.load(images, allow_pickle=False) as file:
        assert np.array_equal(file["images"], DATA[0].images)
        assert np.array_equal(file["validation_labels"], DATA[1].labels)


@pytest.mark.parametrize("changes", [{}, {"batch_norm": True, "averaging": 0.9}], ids=str)
def test_a_script_begins_with_the_weights_of_its_run(printed, images, tmp_path, changes):
    before = train(CONFIG, DATA)
    list(before)
    before.network.save(tmp_path / "first.npz")
    config = replace(CONFIG, **changes)
    out = printed(config, images, "--from", str(tmp_path / "first.npz"), "--steps", "5")
    assert_same_run(out, config, start=Start(before.network, "the run before"))


def test_a_script_asks_for_the_weights_that_its_run_began_with(tmp_path):
    path = tmp_path / "again.py"
    path.write_text(text(CONFIG, began=True), encoding="utf-8")
    command = [sys.executable, "-I", str(path), "images.npz"]
    run = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, check=False)
    assert run.returncode == 2
    assert "this run began with weights: name their file with --from" in run.stderr
    assert "--from" not in text(CONFIG)


@pytest.mark.parametrize(("name", "transposed"), [("emnist-digits-", False), ("", True)])
def test_a_script_sets_transposed_digits_upright(tmp_path, name, transposed):
    digits = built_in(24, seed=3)
    lying = np.ascontiguousarray(digits.images.transpose(0, 2, 1))
    for kind, array in (("images-idx3", lying), ("labels-idx1", digits.labels)):
        (tmp_path / f"{name}train-{kind}-ubyte").write_bytes(idx_bytes(array))
    path = tmp_path / "again.py"
    path.write_text(text(CONFIG), encoding="utf-8")
    images, *_ = runpy.run_path(str(path))["load"](str(tmp_path), transposed)
    assert np.array_equal(images, load(str(tmp_path)).images[: len(images)])
    assert np.array_equal(images, digits.images[: len(images)])
