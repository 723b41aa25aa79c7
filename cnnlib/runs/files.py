"""A run's files: its weights at the start and at each report, and its checkpoint.

A file is written under another name, brought to the disk and then renamed. So under its own name
a file is either whole or not there.
"""

import os
import shutil
from collections.abc import Callable, Mapping
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnlib.network import Network
from cnnlib.storage.database import RecordsError

_START = "start.npz"
MOST_BYTES = 64 * 2**20  # of one run's weights; if there are more, every other file is deleted


class RunFiles:
    """The files of all runs; each run has a folder by its id, in `folder`."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def numbers(self, run: str) -> list[int]:
        """Return the numbers of the events whose weights are there, in order."""
        return sorted(int(f.stem) for f in self._all(run) if f.suffix == ".npz" and _is_number(f))

    def save_network(self, run: str, number: int, network: Network) -> None:
        """Keep the weights of an event."""
        self._write(run, f"{number}.npz", network.save)
        files = [self._path(run, one) for one in self.numbers(run)]
        # Thinned out, because a long run of a large network would fill the disk.
        if sum(map(_size, files)) > MOST_BYTES:
            for file in files[1:-1:2]:
                file.unlink(missing_ok=True)

    def network(self, run: str, number: int | None) -> Network:
        """Return the weights at an event, or the last ones before it; None asks for the last."""
        there = [one for one in self.numbers(run) if number is None or one <= number]
        if not there:
            raise RecordsError("this run's weights are no longer there: train it again")
        try:
            return Network.load(self._path(run, there[-1]))
        except ValueError as problem:
            raise RecordsError(f"this run's weights are damaged: {problem}") from problem

    def save_start(self, run: str, network: Network) -> None:
        """Keep the weights that a run begins from."""
        self._write(run, _START, network.save)

    def start(self, run: str) -> Network:
        """Return the weights that a run began from."""
        try:
            return Network.load(self._folder / run / _START)
        except ValueError as problem:
            raise RecordsError(
                f"the weights that this run began from are gone or damaged ({problem}), "
                "so it cannot begin again: start a new run"
            ) from problem

    def forget_networks(self, run: str, *, after: int) -> None:
        """Delete the weights of later events."""
        for number in self.numbers(run):
            if number > after:
                self._path(run, number).unlink(missing_ok=True)

    def save_state(self, run: str, number: int, state: Mapping[str, NDArray]) -> None:
        """Keep a checkpoint that was taken after an event."""

        def save(path: Path) -> None:
            with path.open("wb") as file:
                np.savez(file, **state)  # type: ignore[arg-type]

        self._write(run, f"state-{number}.npz", save)

    def state(self, run: str, number: int) -> dict[str, NDArray]:
        """Return a checkpoint."""
        try:
            with np.load(self._folder / run / f"state-{number}.npz", allow_pickle=False) as arrays:
                return dict(arrays)
        except Exception as problem:  # on a damaged file, NumPy and zipfile raise many errors
            why = "is missing" if isinstance(problem, FileNotFoundError) else "cannot be read"
            raise RecordsError(
                f"this run's checkpoint {why}, so it cannot go on: its history stays, "
                "and a new run may start with the same settings"
            ) from problem

    def forget_states(self, run: str, *, but: int) -> None:
        """Delete every checkpoint except one."""
        for file in self._all(run):
            if file.name.startswith("state-") and file.name != f"state-{but}.npz":
                file.unlink(missing_ok=True)

    def delete(self, run: str) -> None:
        """Delete all files of a run."""
        shutil.rmtree(self._folder / run, ignore_errors=True)

    def size(self, run: str) -> int:
        """Return how many bytes a run's files take."""
        return sum(map(_size, self._all(run)))

    def _path(self, run: str, number: int) -> Path:
        return self._folder / run / f"{number}.npz"

    def _all(self, run: str) -> list[Path]:
        folder = self._folder / run
        return list(folder.iterdir()) if folder.is_dir() else []

    def _write(self, run: str, name: str, save: Callable[[Path], None]) -> None:
        folder = self._folder / run
        half = folder / f"{name}.half"
        try:
            folder.mkdir(parents=True, exist_ok=True)
            save(half)
            with half.open("r+b") as file:
                os.fsync(file.fileno())
            half.replace(folder / name)
        except OSError as error:
            half.unlink(missing_ok=True)
            raise RecordsError(
                f"{folder} cannot be written ({error.strerror or error}): make room, or allow it"
            ) from error


def _is_number(file: Path) -> bool:
    return file.stem.isdecimal()


def _size(file: Path) -> int:
    try:
        return file.stat().st_size
    except FileNotFoundError:  # another process deleted the run, or this file of it
        return 0
