"""A backup becomes a data folder again."""

import re
import shutil
import tarfile
import tempfile
from pathlib import Path

from cnnlib.records.folder import RUNS, named_files
from cnnlib.storage.database import FILE, RecordsError
from cnnlib.storage.snapshot import check

_ALLOWED = re.compile(rf"{re.escape(FILE)}|{RUNS}/[\w-]{{1,40}}/[\w-]{{1,40}}\.npz", re.ASCII)


def restore(file: Path, folder: Path) -> int:
    """Make a data folder of a backup; return how many of its runs have files.

    Runs that were under way are interrupted, and their owners can resume them.

    Parameters
    ----------
    file : Path
        As `back_up` wrote it.
    folder : Path
        A folder without a database; an existing one is left alone.

    Raises
    ------
    RecordsError
        If the file is no backup, or the folder is in use; nothing is changed then.
    """
    for taken in (folder / FILE, folder / RUNS):
        if taken.exists():
            raise RecordsError(
                f"{taken} is there already: stop the server, and move the old data away first"
            )
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix="restore-", dir=folder) as made:
            place = Path(made)
            _unpack(file, place)
            check(place / FILE)
            named, missing = named_files(place)
            if missing:
                raise RecordsError(f"the backup lacks {min(missing)}: take another one")
            (place / RUNS).mkdir(exist_ok=True)
            shutil.move(place / RUNS, folder / RUNS)
            # Last, because a folder counts as used once its database is there.
            shutil.move(place / FILE, folder / FILE)
    except (OSError, tarfile.TarError) as error:
        if isinstance(error, RecordsError):
            raise
        raise RecordsError(f"{file} was not restored: {error}") from error
    return len({path.parent for path in named})


def _unpack(file: Path, place: Path) -> None:
    with tarfile.open(file, "r:") as archive:
        members = archive.getmembers()
        for one in members:
            if not one.isfile() or not _ALLOWED.fullmatch(one.name):
                raise RecordsError(f"{file} is no backup: it holds “{one.name:.60}”")
        if FILE not in {one.name for one in members}:
            raise RecordsError(f"{file} is no backup: it holds no {FILE}")
        archive.extractall(place, members, filter="data")
