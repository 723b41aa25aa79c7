"""The servers on a data folder that are alive: each holds a lock, which the system takes back.

The lock is SQLite's own, on an empty file. It needs no heartbeat, survives a laptop's sleep, and
is gone at the instant at which the process ends.
"""

import sqlite3
import time
from pathlib import Path
from secrets import token_hex

from cnnlib.storage.database import RecordsError

_NEW_S = 10.0  # a younger file is left alone, because its server may be about to lock it


class Presence:
    """One server's sign of life, until `leave` or the end of the process.

    Attributes
    ----------
    name : str
        The server's name.
    """

    def __init__(self, folder: Path) -> None:
        self.name = token_hex(8)
        self._folder = folder / "servers"
        self._path = self._folder / f"{self.name}.lock"
        try:
            self._folder.mkdir(parents=True, exist_ok=True)
            self._lock = sqlite3.connect(self._path, isolation_level=None, check_same_thread=False)
            self._lock.execute("PRAGMA journal_mode = MEMORY")
            self._lock.execute("BEGIN EXCLUSIVE")
        except (OSError, sqlite3.Error) as error:
            raise RecordsError(f"{self._folder} cannot be written ({error})") from error

    def others(self) -> set[str]:
        """Return the names of the other servers on this folder that are alive."""
        return {
            path.stem
            for path in self._folder.glob("*.lock")
            if path != self._path and _is_held(path)
        }

    def leave(self) -> None:
        """Give the lock back and delete its file."""
        self._lock.close()
        self._path.unlink(missing_ok=True)


def _is_held(path: Path) -> bool:
    """Tell whether a living process locks the file; delete it otherwise."""
    try:
        if time.time() - path.stat().st_mtime < _NEW_S:
            return True
        asking = sqlite3.connect(path, timeout=0, isolation_level=None)
        try:
            asking.execute("BEGIN EXCLUSIVE")
        finally:
            asking.close()
        path.unlink(missing_ok=True)
    except FileNotFoundError:
        return False
    except (OSError, sqlite3.Error):
        return True
    return False
