"""The Makefile's choice of PyTorch's build, with a stand-in for Python that installs nothing."""

import os
import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
pytestmark = pytest.mark.skipif(not shutil.which("make"), reason="no make on this machine")
INDEX = "https://download.pytorch.org/whl/cpu"
# Writes down its arguments, and exits with `status` when it is told to use another index.
STAND_IN = """#!/bin/sh
echo "$@" >> {told}
case "$*" in *--index-url*) exit {status};; esac
"""


def install(folder, *options, status=0):
    """Run the recipe of the virtual environment; return make's result and what Python was told."""
    stand_in, told = folder / "bin" / "python", folder / "told"
    stand_in.parent.mkdir()
    stand_in.write_text(STAND_IN.format(told=told, status=status))
    stand_in.chmod(0o755)
    command = ["make", f"PYTHON={stand_in}", f"VENV={folder}", *options, f"{folder}/app"]
    # Without MAKEFLAGS, in which an outer make passes on what stands on its command line.
    surroundings = {k: v for k, v in os.environ.items() if not k.startswith("MAKE")}
    result = subprocess.run(command, cwd=ROOT, env=surroundings, capture_output=True, text=True)
    return result, told.read_text().splitlines() if told.exists() else []


def pinned_torch():
    lines = (ROOT / "requirements.txt").read_text().splitlines()
    return next(line for line in lines if line.startswith("torch=="))


def test_the_usual_build_is_installed_by_one_command(tmp_path):
    result, told = install(tmp_path)
    assert result.returncode == 0, result.stderr
    assert told == [
        f"-m venv {tmp_path}",
        "-m pip install --quiet --requirement requirements.txt",
    ]
    assert (tmp_path / "app").exists()


def test_the_cpu_build_comes_first_and_from_its_own_index(tmp_path):
    result, told = install(tmp_path, "TORCH=cpu")
    assert result.returncode == 0, result.stderr
    assert len(told) == 3
    assert f"--no-deps --index-url {INDEX} {pinned_torch()}" in told[1]
    assert told[2].endswith("--requirement requirements.txt")
    assert "instead" not in result.stdout.splitlines()[-1]


def test_the_usual_build_takes_its_place_with_a_sentence_where_the_index_is_out_of_reach(tmp_path):
    result, told = install(tmp_path, "TORCH=cpu", status=1)
    assert result.returncode == 0, result.stderr
    sentence = f"PyTorch's CPU build could not be had from {INDEX}: its usual build is installed"
    assert [line for line in result.stdout.splitlines() if line.startswith(sentence)]
    assert told[2].endswith("--requirement requirements.txt")
    assert (tmp_path / "app").exists()


def test_another_build_is_refused_with_a_sentence(tmp_path):
    result, told = install(tmp_path, "TORCH=gpu")
    assert result.returncode != 0
    assert "TORCH=gpu names no build of PyTorch: write TORCH=cpu, or leave it out" in result.stderr
    assert told == []


def test_a_variable_of_the_surroundings_by_that_name_changes_nothing(tmp_path, monkeypatch):
    monkeypatch.setenv("TORCH", "/opt/torch")
    result, told = install(tmp_path)
    assert result.returncode == 0, result.stderr
    assert len(told) == 2
