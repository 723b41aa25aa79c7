"""The rows of talks and of the versions of their texts: the tables, and every statement."""

from contextlib import AbstractContextManager
from pathlib import Path
from typing import Any

from cnnlib.storage import uptime
from cnnlib.storage.database import connect

_TABLES = """
CREATE TABLE IF NOT EXISTS talks (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    created REAL NOT NULL,
    deleted REAL
);
CREATE TABLE IF NOT EXISTS talk_versions (
    id INTEGER PRIMARY KEY,
    talk TEXT NOT NULL REFERENCES talks ON DELETE CASCADE,
    text TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS versions_of_talk ON talk_versions (talk, id);
"""
_EARLIEST_DATE = 1e9  # seconds since 1970: no server runs for thirty years
_LIVE = """
SELECT talks.id, text FROM talks JOIN talk_versions ON talk = talks.id
WHERE deleted IS NULL AND talk_versions.id =
    (SELECT MAX(id) FROM talk_versions WHERE talk = talks.id)
"""


class TalkRows:
    """The rows of all owners' talks. The text of a talk is that of its last version.

    Parameters
    ----------
    folder : Path
        Where the database lies.

    Raises
    ------
    RecordsError
        Here and in every method, if the database cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._database = connect(folder, f"{_TABLES};{uptime.TABLES}")

    def close(self) -> None:
        """Close the database."""
        self._database.close()

    def transaction(self) -> AbstractContextManager[Any]:
        """Return a context in which several calls are done together, or none of them."""
        return self._database

    def insert(self, talk: str, owner: str, created: float) -> None:
        """Add a talk, which has no version yet."""
        self._database.execute(
            "INSERT INTO talks (id, owner, created) VALUES (?, ?, ?)", (talk, owner, created)
        )

    def owner(self, talk: str) -> str | None:
        """Return the owner of a talk, deleted or not, or None if there is no talk of that id."""
        row = self._database.execute("SELECT owner FROM talks WHERE id = ?", (talk,)).fetchone()
        return row and row["owner"]

    def count(self, owner: str) -> int:
        """Return how many talks an owner has."""
        (count,) = self._database.execute(
            "SELECT COUNT(*) FROM talks WHERE owner = ? AND deleted IS NULL", (owner,)
        ).fetchone()
        return int(count)

    def text(self, talk: str) -> str | None:
        """Return the text of a talk, or None where it was deleted or never was."""
        row = self._database.execute(f"{_LIVE} AND talks.id = ?", (talk,)).fetchone()
        return row and row["text"]

    def of_owner(self, owner: str) -> list[str]:
        """Return the ids of an owner's talks, the newest first."""
        rows = self._database.execute(
            "SELECT id FROM talks WHERE owner = ? AND deleted IS NULL ORDER BY created DESC",
            (owner,),
        )
        return [row["id"] for row in rows.fetchall()]

    def add_version(self, talk: str, text: str, most: int) -> None:
        """Add a version of a talk's text, and keep the last `most` versions of it."""
        self._database.execute("INSERT INTO talk_versions (talk, text) VALUES (?, ?)", (talk, text))
        self._database.execute(
            "DELETE FROM talk_versions WHERE talk = ? AND id NOT IN "
            "(SELECT id FROM talk_versions WHERE talk = ? ORDER BY id DESC LIMIT ?)",
            (talk, talk, most),
        )

    def drop_version(self, talk: str) -> bool:
        """Delete a talk's last version unless it is the only one; return whether it is gone."""
        last, count = self._database.execute(
            "SELECT MAX(id), COUNT(*) FROM talk_versions WHERE talk = ?", (talk,)
        ).fetchone()
        if count < 2:
            return False
        self._database.execute("DELETE FROM talk_versions WHERE id = ?", (last,))
        return True

    def held(self) -> dict[str, tuple[int, int]]:
        """Return by owner how many talks there are, and how many characters with all versions."""
        rows = self._database.execute(
            "SELECT owner, count(DISTINCT talks.id) AS talks, "
            "coalesce(sum(length(text)), 0) AS size "
            "FROM talks LEFT JOIN talk_versions ON talk = talks.id GROUP BY owner"
        ).fetchall()
        return {row["owner"]: (row["talks"], row["size"]) for row in rows}

    def size(self, owner: str) -> int:
        """Return how many characters an owner's talks have, with all their versions."""
        (size,) = self._database.execute(
            "SELECT coalesce(sum(length(text)), 0) FROM talk_versions "
            "JOIN talks ON talks.id = talk WHERE owner = ?",
            (owner,),
        ).fetchone()
        return int(size)

    def forget(self, owner: str) -> int:
        """Delete an owner's earlier versions and deleted talks for good; return the size left."""
        self._database.execute(
            "DELETE FROM talks WHERE owner = ? AND deleted IS NOT NULL", (owner,)
        )
        self._database.execute(
            "DELETE FROM talk_versions WHERE id IN (SELECT one.id FROM talk_versions AS one "
            "JOIN talks ON talks.id = one.talk WHERE owner = ? AND one.id < "
            "(SELECT max(id) FROM talk_versions WHERE talk = one.talk))",
            (owner,),
        )
        return self.size(owner)

    def drop_oldest(self, owner: str) -> bool:
        """Delete the oldest of an owner's versions that is no talk's last; return whether one was.

        After them, the talk that was deleted first goes for good.
        """
        old = self._database.execute(
            "DELETE FROM talk_versions WHERE id = (SELECT min(one.id) FROM talk_versions AS one "
            "JOIN talks ON talks.id = one.talk WHERE owner = ? AND one.id < "
            "(SELECT max(id) FROM talk_versions WHERE talk = one.talk))",
            (owner,),
        )
        gone = (
            old.rowcount
            or self._database.execute(
                "DELETE FROM talks WHERE id = (SELECT id FROM talks "
                "WHERE owner = ? AND deleted IS NOT NULL ORDER BY deleted LIMIT 1)",
                (owner,),
            ).rowcount
        )
        return bool(gone)

    def mark_deleted(self, talk: str) -> None:
        """Mark a talk as deleted now, in time that servers ran."""
        now = uptime.read(self._database)
        self._database.execute("UPDATE talks SET deleted = ? WHERE id = ?", (now, talk))

    def restore(self, talk: str) -> bool:
        """Bring a deleted talk back, and return whether it was deleted."""
        restored = self._database.execute(
            "UPDATE talks SET deleted = NULL WHERE id = ? AND deleted IS NOT NULL", (talk,)
        )
        return bool(restored.rowcount)

    def purge(self, age_s: float) -> None:
        """Delete for good the talks that were marked as deleted so long ago, while servers ran."""
        now = uptime.read(self._database)
        with self._database:
            # A talk that was deleted by an earlier version bears a date in place of such a time.
            self._database.execute(
                "UPDATE talks SET deleted = ? WHERE deleted > ?", (now, _EARLIEST_DATE)
            )
            self._database.execute("DELETE FROM talks WHERE deleted < ?", (now - age_s,))
