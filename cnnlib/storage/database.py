"""The one embedded database: where it lies, how it is opened, and its troubles as sentences.

SQLite runs in write-ahead mode, in which many processes read while one writes, and a process that
is killed leaves every transaction whole or undone (https://www.sqlite.org/wal.html).
"""

import os
import sqlite3
import sys
import time
from collections.abc import Callable
from contextlib import closing, suppress
from pathlib import Path
from threading import RLock
from types import TracebackType
from typing import Any, Self, TypeVar

FOLDER_VARIABLE = "CNN_CLASSROOM_DATA"  # an environment variable that moves the data folder
FILE = "classroom.sqlite3"
VERSION = 1
_ELSEWHERE = f"name another folder in {FOLDER_VARIABLE}"
T = TypeVar("T")
_LAST_MS = 300  # how long the end of a connection waits for others
_PATIENCE_S = 5.0  # how long a statement waits for another process's transaction


class RecordsError(OSError):
    """The database cannot do what it was asked; the error's one sentence says why."""


class Rows(sqlite3.Cursor):
    """The rows of one statement; an error on the way to a row is a sentence too."""

    connection: "Connection"

    def __next__(self) -> Any:
        return self.connection.told(super().__next__)

    def fetchone(self) -> Any:
        """Return the next row, or None."""
        return self.connection.told(super().fetchone)

    def fetchall(self) -> list[Any]:
        """Return all rows that are left."""
        return self.connection.told(super().fetchall)


class Connection(sqlite3.Connection):
    """A connection that any thread may use, and whose errors are sentences.

    A single statement is a transaction of its own. `with connection:` makes one transaction of
    several statements, and no other thread's statement can come between them.
    """

    folder: Path
    _lock: RLock
    _depth: int

    def execute(self, sql: str, parameters: Any = (), /) -> sqlite3.Cursor:
        """Execute one statement.

        Raises
        ------
        RecordsError
            Here and while rows are fetched: if the disk is full, the file damaged, the folder
            read-only, …
        """
        with self._lock:
            cursor = self.cursor(Rows)
            return self.told(lambda: cursor.execute(sql, parameters))

    def close(self) -> None:
        """Bring all that was written into the file itself, as far as others let it, and close."""
        with suppress(RecordsError, sqlite3.ProgrammingError):
            self.execute(f"PRAGMA busy_timeout = {_LAST_MS}")
            self.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
        super().close()

    def __enter__(self) -> Self:
        self._lock.acquire()
        self._depth += 1
        if self._depth == 1:
            try:
                self.execute("BEGIN IMMEDIATE")
            except BaseException:
                self._depth -= 1
                self._lock.release()
                raise
        return self

    def __exit__(  # type: ignore[override]
        self, kind: type[BaseException] | None, _: BaseException | None, __: TracebackType | None
    ) -> None:
        try:
            self._depth -= 1
            if self._depth == 0:
                self._end(kind is None)
        finally:
            self._lock.release()

    def _end(self, well: bool) -> None:
        try:
            if well:
                self.execute("COMMIT")
        finally:
            # Nothing of a failed transaction may stay. On a full disk SQLite may have undone the
            # transaction already.
            if self.in_transaction:
                self.execute("ROLLBACK")

    def told(self, call: Callable[[], T]) -> T:
        """Return the result of a call, whose errors become sentences."""
        try:
            return call()
        except sqlite3.IntegrityError:
            raise  # the caller made the tables, and so expects their constraints
        except UnicodeEncodeError:
            told = "the text holds half of a character, which cannot be kept: type it again"
            raise RecordsError(told) from None
        except UnicodeDecodeError as error:  # SQLite quotes the damage
            raise RecordsError(_damaged(self.folder)) from error
        except sqlite3.DatabaseError as error:
            raise RecordsError(_sentence(error, self.folder)) from error


def data_folder() -> Path:
    """Return where runs and talks are kept.

    The environment variable `CNN_CLASSROOM_DATA` names the folder. If it is not set, the folder is
    `cnn-classroom` in the platform's folder for a user's data.
    """
    if named := os.environ.get(FOLDER_VARIABLE):
        return Path(named).expanduser()
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Application Support"
    else:
        base = os.environ.get("XDG_DATA_HOME") or "~/.local/share"
    return Path(base).expanduser() / "cnn-classroom"


def connect(folder: Path, tables: str) -> Connection:
    """Open the database of a folder; make folder, file and tables where they are missing.

    Parameters
    ----------
    folder : Path
    tables : str
        `CREATE TABLE IF NOT EXISTS …` statements, separated by semicolons.

    Returns
    -------
    Connection
        Rows can be read by column name; foreign keys are enforced.

    Raises
    ------
    RecordsError
        If the folder cannot be written, the disk is full, or the file is not a database of
        this program or comes from a later version of it. The file is left as it is.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise RecordsError(_sentence(error, folder)) from error
    try:
        connection = sqlite3.connect(
            folder / FILE,
            timeout=_PATIENCE_S,
            isolation_level=None,
            check_same_thread=False,
            factory=Connection,
        )
    except sqlite3.DatabaseError as error:
        raise RecordsError(_sentence(error, folder)) from error
    connection.folder, connection._lock, connection._depth = folder, RLock(), 0
    connection.row_factory = sqlite3.Row
    try:
        _set_up(connection, tables)
    except BaseException:
        connection.close()
        raise
    return connection


def probe(folder: Path) -> None:
    """Raise RecordsError unless a folder's database is there and can be written."""
    place = f"{(folder / FILE).absolute().as_uri()}?mode=rw"
    try:
        with closing(sqlite3.connect(place, uri=True, timeout=0, isolation_level=None)) as database:
            database.execute("BEGIN IMMEDIATE")
            database.execute("ROLLBACK")
    except sqlite3.DatabaseError as error:
        if not _is_busy(error):
            raise RecordsError(_sentence(error, folder)) from error


def _set_up(connection: Connection, tables: str) -> None:
    (version,) = connection.execute("PRAGMA user_version").fetchone()
    if version > VERSION:
        raise RecordsError(
            f"{connection.folder / FILE} is of version {version}, and this program knows up to "
            f"{VERSION}: use the newer program, or name another folder in {FOLDER_VARIABLE}"
        )
    _write_ahead(connection)
    connection.execute("PRAGMA synchronous = NORMAL")
    connection.execute("PRAGMA foreign_keys = ON")
    # The transaction writes even if the tables exist, so that a folder which cannot be written is
    # found here.
    with connection:
        for statement in tables.split(";"):
            connection.execute(statement)
        connection.execute(f"PRAGMA user_version = {VERSION}")


def _write_ahead(connection: Connection) -> None:
    """Switch the file to write-ahead mode, waiting for others, because here SQLite doesn't."""
    deadline = time.monotonic() + _PATIENCE_S
    while True:
        try:
            connection.execute("PRAGMA journal_mode = WAL")
            return
        except RecordsError as error:
            if not _is_busy(error.__cause__) or time.monotonic() > deadline:
                raise
            time.sleep(0.01)


def _damaged(folder: Path) -> str:
    return f"{folder / FILE} is damaged or no database: move it away, or {_ELSEWHERE}"


def _is_busy(error: BaseException | None) -> bool:
    return getattr(error, "sqlite_errorcode", 0) & 0xFF in (
        sqlite3.SQLITE_BUSY,
        sqlite3.SQLITE_LOCKED,
    )


def _sentence(error: Exception, folder: Path) -> str:
    """Say what is wrong, and what can be done about it."""
    code = getattr(error, "sqlite_errorcode", 0) & 0xFF
    if code == sqlite3.SQLITE_FULL:
        return f"the disk of {folder} is full: make room, or {_ELSEWHERE}"
    if code in (sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_CORRUPT):
        return _damaged(folder)
    if _is_busy(error):
        return f"{folder / FILE} has been in use by another program for {_PATIENCE_S:g} s"
    if isinstance(error, OSError) or code in (
        sqlite3.SQLITE_READONLY,
        sqlite3.SQLITE_CANTOPEN,
        sqlite3.SQLITE_IOERR,
        sqlite3.SQLITE_PERM,
    ):
        reason = getattr(error, "strerror", None) or str(error)
        return f"{folder} cannot be written ({reason}): allow it, or {_ELSEWHERE}"
    return f"{folder / FILE} refused: {error}"
