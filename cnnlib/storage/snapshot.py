"""A copy of the database as it is at one instant, made while others write."""

import sqlite3
from contextlib import closing
from pathlib import Path

from cnnlib.storage.database import FILE, VERSION, RecordsError


def snapshot(folder: Path, file: Path) -> None:
    """Copy a folder's database into a new file.

    Raises
    ------
    RecordsError
        If the database cannot be read, or the file not be written.
    """
    try:
        with closing(_open(folder / FILE)) as database:
            database.execute("VACUUM INTO ?", (str(file),))
    except sqlite3.Error as error:
        raise RecordsError(f"{folder / FILE} cannot be copied: {error}") from error


def check(file: Path) -> None:
    """Raise RecordsError unless a file is a whole database that this program can read."""
    try:
        with closing(_open(file)) as database:
            (version,) = database.execute("PRAGMA user_version").fetchone()
            (verdict,) = database.execute("PRAGMA integrity_check(1)").fetchone()
    except sqlite3.Error as error:
        raise RecordsError(f"the backup's database cannot be read: {error}") from error
    if verdict != "ok":
        raise RecordsError(f"the backup's database is damaged: {verdict}")
    if not 0 < version <= VERSION:
        raise RecordsError(
            f"the backup is of version {version}, and this program knows up to {VERSION}: "
            "use the newer program"
        )


def _open(file: Path) -> sqlite3.Connection:
    return sqlite3.connect(f"{file.absolute().as_uri()}?mode=ro", uri=True)
