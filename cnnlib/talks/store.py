"""A lecturer's own talks, in the embedded database, each with its past so that edits are undone."""

import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe

from cnnlib.storage.database import connect
from cnnlib.talks.talk import Talk
from cnnlib.talks.text import read, write

MOST_TALKS = 100  # of one owner
_MOST_VERSIONS = 100
_KEPT_S = 30 * 24 * 3600  # how long a deleted talk can be brought back

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
_LIVE = """
SELECT talks.id, text FROM talks JOIN talk_versions ON talk = talks.id
WHERE deleted IS NULL AND talk_versions.id =
    (SELECT MAX(id) FROM talk_versions WHERE talk = talks.id)
"""


class TalkStore:
    """The talks of all owners.

    Parameters
    ----------
    folder : Path
        Where the database lies.

    Raises
    ------
    RecordsError
        Here and from every method, if the database cannot be used.
    """

    def __init__(self, folder: Path) -> None:
        self._db = connect(folder, _TABLES)
        self._db.execute("DELETE FROM talks WHERE deleted < ?", (time.time() - _KEPT_S,))

    def create(self, owner: str, talk: Talk) -> str:
        """Keep a new talk and return its id, which cannot be guessed.

        Raises
        ------
        ValueError
            If the owner has too many.
        """
        talk_id = token_urlsafe(9)
        with self._db:
            (count,) = self._db.execute(
                "SELECT COUNT(*) FROM talks WHERE owner = ? AND deleted IS NULL", (owner,)
            ).fetchone()
            if count >= MOST_TALKS:
                raise ValueError(f"{count} talks are kept: delete one before you make another")
            self._db.execute(
                "INSERT INTO talks (id, owner, created) VALUES (?, ?, ?)",
                (talk_id, owner, time.time()),
            )
            self._write(talk_id, talk)
        return talk_id

    def find(self, talk_id: str) -> Talk | None:
        """Return a talk, whoever owns it, or None."""
        row = self._db.execute(f"{_LIVE} AND talks.id = ?", (talk_id,)).fetchone()
        return None if row is None else read(row["text"])

    def of_owner(self, owner: str) -> dict[str, Talk]:
        """Return an owner's talks by their ids, the newest first."""
        rows = self._db.execute(f"{_LIVE} AND owner = ? ORDER BY created DESC", (owner,))
        return {row["id"]: read(row["text"]) for row in rows}

    def change(self, talk_id: str, owner: str, edit: Callable[[Talk], Talk]) -> Talk:
        """Edit a talk as it stands now, and return it; the text before can be brought back.

        Raises
        ------
        ValueError
            If it is another's, or gone; and whatever `edit` raises.
        """
        with self._db:
            self._own(talk_id, owner)
            before = self.find(talk_id)
            if before is None:
                raise ValueError("this talk was deleted: bring it back first")
            talk = edit(before)
            if talk != before:
                self._write(talk_id, talk)
        return talk

    def undo(self, talk_id: str, owner: str) -> bool:
        """Take the last change back, or else the deletion; return whether there was one."""
        with self._db:
            self._own(talk_id, owner)
            bring_back = "UPDATE talks SET deleted = NULL WHERE id = ? AND deleted IS NOT NULL"
            if self._db.execute(bring_back, (talk_id,)).rowcount:
                return True
            last, count = self._db.execute(
                "SELECT MAX(id), COUNT(*) FROM talk_versions WHERE talk = ?", (talk_id,)
            ).fetchone()
            if count < 2:
                return False
            self._db.execute("DELETE FROM talk_versions WHERE id = ?", (last,))
        return True

    def delete(self, talk_id: str, owner: str) -> None:
        """Delete a talk; for thirty days `undo` brings it back."""
        with self._db:
            self._own(talk_id, owner)
            self._db.execute("UPDATE talks SET deleted = ? WHERE id = ?", (time.time(), talk_id))

    def _own(self, talk_id: str, owner: str) -> None:
        row = self._db.execute("SELECT owner FROM talks WHERE id = ?", (talk_id,)).fetchone()
        if row is None or row["owner"] != owner:
            raise ValueError("only whoever made a talk can change it: duplicate it first")

    def _write(self, talk_id: str, talk: Talk) -> None:
        insert = "INSERT INTO talk_versions (talk, text) VALUES (?, ?)"
        self._db.execute(insert, (talk_id, write(talk)))
        self._db.execute(
            "DELETE FROM talk_versions WHERE talk = ? AND id NOT IN "
            "(SELECT id FROM talk_versions WHERE talk = ? ORDER BY id DESC LIMIT ?)",
            (talk_id, talk_id, _MOST_VERSIONS),
        )
