"""A backup: the database as it was at one instant, and the weights and checkpoints of that instant.

A server goes on meanwhile and deletes a run's checkpoint as soon as the next one is kept. So the
files are linked once before the database is copied and once after: a checkpoint that the copy
names was there at one of the two times, or the backup begins again.
"""

import os
import shutil
import tarfile
import tempfile
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

from cnnlib.records.folder import RUNS, named_files
from cnnlib.storage.database import FILE, RecordsError
from cnnlib.storage.snapshot import snapshot

_TRIES = 5


def back_up(folder: Path, file: Path) -> int:
    """Write a data folder to a file; return how many runs it holds.

    Parameters
    ----------
    folder : Path
        The data folder, which servers may use meanwhile.
    file : Path
        A tar archive, which takes the place of an earlier one once it is whole.

    Raises
    ------
    RecordsError
        If there is no database, or a folder cannot be read or written.
    """
    if not (folder / FILE).is_file():
        raise RecordsError(f"{folder} holds no {FILE}: name the data folder of a server")
    try:
        # Beside the data, because links do not reach another disk.
        with tempfile.TemporaryDirectory(prefix="backup-", dir=folder) as made:
            runs = _gather(folder, Path(made))
            _pack(Path(made), file)
    except OSError as error:
        if isinstance(error, RecordsError):
            raise
        raise RecordsError(f"no backup was made: {error}") from error
    return runs


def _gather(folder: Path, place: Path) -> int:
    for _ in range(_TRIES):
        _link(folder, place)
        (place / FILE).unlink(missing_ok=True)
        snapshot(folder, place / FILE)
        _link(folder, place)
        named, missing = named_files(place)
        if not missing:
            break
    # A checkpoint that is missing even now was lost before: the run is kept as it is.
    for path in _files(place):
        if path not in named:
            (place / path).unlink()
    return len({path.parent for path in named})


def _link(folder: Path, place: Path) -> None:
    for path in _files(folder):
        there = place / path
        there.parent.mkdir(parents=True, exist_ok=True)
        with suppress(FileNotFoundError):  # deleted meanwhile
            _take(folder / path, there)


def _take(source: Path, there: Path) -> None:
    # A file under its own name never changes, so a link is as good as a copy; but a number may be
    # given again, so the newer file takes the older one's place.
    there.unlink(missing_ok=True)
    try:
        os.link(source, there)
    except FileNotFoundError:
        raise
    except OSError:
        shutil.copyfile(source, there)


def _files(folder: Path) -> Iterator[Path]:
    for path in sorted((folder / RUNS).glob("*/*.npz")):
        yield path.relative_to(folder)


def _pack(place: Path, file: Path) -> None:
    half = file.with_name(f"{file.name}.half")
    try:
        with tarfile.open(half, "w") as archive:
            for path in [Path(FILE), *_files(place)]:
                archive.add(place / path, path.as_posix(), recursive=False)
        with half.open("r+b") as written:
            os.fsync(written.fileno())
        half.replace(file)
    finally:
        half.unlink(missing_ok=True)
