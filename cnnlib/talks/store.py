"""Lecturers' own talks in the database, with earlier versions, so that edits can be undone."""

import time
from collections.abc import Callable
from pathlib import Path
from secrets import token_urlsafe
from time import monotonic

from cnnlib.allowance import Allowance
from cnnlib.storage.database import RecordsError
from cnnlib.storage.talks import TalkRows
from cnnlib.talks.talk import Talk
from cnnlib.talks.text import LARGEST, read, write

MOST_TALKS = 100  # kept for one owner
MOST_CHARACTERS = 8_000_000  # of one owner's talks, with their earlier versions
MOST_OF_ALL = 1_000_000_000  # of all owners' talks, with their earlier versions
WRITTEN = Allowance(500_000_000, 3600.0)  # characters that one address writes in an hour
DAMAGED = Talk("A talk that is damaged")
_MOST_VERSIONS = 100
_RECOUNTED_S = 60.0  # all talks are counted no more often, because that takes a second
_ROOM = 0.9  # of all that is kept: so much stays, once room was made
_MOST_SHORTENED = 100  # owners who lose earlier versions at a time
_KEPT_S = 30 * 24 * 3600  # how long a deleted talk can be brought back


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
        self._rows = TalkRows(folder)
        self._rows.purge(_KEPT_S)
        self._size, self._counted = sum(size for _, size in self.held().values()), -_RECOUNTED_S

    def close(self) -> None:
        """Close the database."""
        self._rows.close()

    def create(self, owner: str, talk: Talk, address: str = "") -> str:
        """Keep a new talk and return its id, which cannot be guessed.

        Parameters
        ----------
        owner : str
        talk : Talk
        address : str, optional
            The address that the talk comes from.

        Raises
        ------
        ValueError
            If the owner has too many, if too much was written from the address, or if there is no
            room for more talks at all.
        """
        talk_id = token_urlsafe(9)
        with self._rows.transaction():
            count = self._rows.count(owner)
            if count >= MOST_TALKS:
                raise ValueError(f"{count} talks are kept: delete one before you make another")
            self._rows.insert(talk_id, owner, time.time())
            self._write(talk_id, owner, talk, address)
        return talk_id

    def find(self, talk_id: str) -> Talk | None:
        """Return a talk, whoever owns it, or None.

        Raises
        ------
        RecordsError
            Also if the talk's text is damaged.
        """
        text = self._rows.text(talk_id)
        try:
            return None if text is None else read(text)
        except (TypeError, ValueError, AttributeError) as error:
            told = "this talk is damaged: undo its last change, or delete it"
            raise RecordsError(told) from error

    def of_owner(self, owner: str) -> dict[str, Talk]:
        """Return an owner's talks by their ids, the newest first.

        An empty talk stands for one that is damaged, which its owner can then undo or delete.
        """
        found = {}
        for talk_id in self._rows.of_owner(owner):
            try:
                talk = self.find(talk_id)
            except RecordsError:
                talk = DAMAGED
            if talk is not None:
                found[talk_id] = talk
        return found

    def change(
        self, talk_id: str, owner: str, edit: Callable[[Talk], Talk], address: str = ""
    ) -> Talk:
        """Edit a talk as it stands now, and return it; the text before can be brought back.

        Raises
        ------
        ValueError
            If the talk is another owner's, or gone; if there is no room; or as `edit` raises it.
        """
        with self._rows.transaction():
            self._own(talk_id, owner)
            before = self.find(talk_id)
            if before is None:
                raise ValueError("this talk was deleted: bring it back first")
            talk = edit(before)
            if talk != before:
                self._write(talk_id, owner, talk, address)
        return talk

    def held(self) -> dict[str, tuple[int, int]]:
        """Return by owner how many talks there are, and how many characters with all versions."""
        return self._rows.held()

    def remove(self, talk_id: str) -> bool:
        """Delete a talk for the server's keeper, and return whether there was one."""
        owner = self._rows.owner(talk_id)
        if owner is not None:
            self._rows.mark_deleted(talk_id)
        return owner is not None

    def undo(self, talk_id: str, owner: str) -> bool:
        """Take the last change back, or else the deletion; return whether there was one."""
        with self._rows.transaction():
            self._own(talk_id, owner)
            return self._rows.restore(talk_id) or self._rows.drop_version(talk_id)

    def delete(self, talk_id: str, owner: str) -> None:
        """Delete a talk, which `undo` brings back within thirty days."""
        with self._rows.transaction():
            self._own(talk_id, owner)
            self._rows.mark_deleted(talk_id)

    def _own(self, talk_id: str, owner: str) -> None:
        if self._rows.owner(talk_id) != owner:
            raise ValueError(
                "only the browser that made a talk can change it: duplicate the talk first"
            )

    def _write(self, talk_id: str, owner: str, talk: Talk, address: str) -> None:
        text = write(talk)
        if len(text) > LARGEST:
            raise ValueError(
                f"the talk would have {len(text):,} characters, and {LARGEST:,} are the most: "
                "shorten it, or begin a second talk"
            )
        if not WRITTEN.take(address, len(text)):
            raise ValueError("much was written from your address: try again in a while")
        if self._size + len(text) > MOST_OF_ALL:
            self._make_room(len(text))
        self._size += len(text)
        self._rows.add_version(talk_id, text, _MOST_VERSIONS)
        while (size := self._rows.size(owner)) > MOST_CHARACTERS:
            if not self._rows.drop_oldest(owner):
                raise ValueError(
                    f"your talks would have {size:,} characters, and {MOST_CHARACTERS:,} are the "
                    "most: delete one first"
                )

    def _make_room(self, coming: int) -> None:
        """Have whoever holds most lose earlier versions and deleted talks, if there is no room."""
        full = (
            f"the talks of all visitors have {MOST_OF_ALL:,} characters, which are the most: "
            "delete a talk, or try again in a minute"
        )
        if monotonic() - self._counted < _RECOUNTED_S:
            raise ValueError(full)
        self._counted = monotonic()
        sizes = {owner: size for owner, (_, size) in self.held().items()}
        for owner in sorted(sizes, key=sizes.__getitem__, reverse=True)[:_MOST_SHORTENED]:
            if sum(sizes.values()) + coming <= _ROOM * MOST_OF_ALL:
                break
            sizes[owner] = self._rows.forget(owner)
        if sum(sizes.values()) + coming > MOST_OF_ALL:
            raise ValueError(full)
        self._size = sum(sizes.values())
