"""The rows of runs and of their events: the tables, and every statement about them.

Columns that were added later stand in tables of their own, so that an older database gets them
when it is opened.
"""

import json
import sqlite3
from collections.abc import Collection
from pathlib import Path
from typing import Any

from cnnlib.storage import uptime
from cnnlib.storage.database import connect

_TABLES = """
CREATE TABLE IF NOT EXISTS runs (
    id TEXT PRIMARY KEY,
    owner TEXT NOT NULL,
    title TEXT NOT NULL,
    settings TEXT NOT NULL,
    state TEXT NOT NULL,
    sentence TEXT NOT NULL DEFAULT '',
    place INTEGER NOT NULL DEFAULT 0,
    created REAL NOT NULL,
    changed REAL NOT NULL,
    seconds REAL NOT NULL DEFAULT 0,
    server TEXT NOT NULL DEFAULT '',
    told INTEGER NOT NULL DEFAULT 0,
    checkpoint INTEGER NOT NULL DEFAULT 0,
    rewound INTEGER NOT NULL DEFAULT 0
);
CREATE INDEX IF NOT EXISTS runs_of_owner ON runs (owner, created);
CREATE TABLE IF NOT EXISTS events (
    id INTEGER PRIMARY KEY,
    run TEXT NOT NULL REFERENCES runs ON DELETE CASCADE,
    number INTEGER NOT NULL,
    content BLOB NOT NULL,
    UNIQUE (run, number)
);
CREATE TABLE IF NOT EXISTS starts (
    run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    words TEXT NOT NULL,
    origin TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS rates (
    run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    rate REAL NOT NULL
);
CREATE TABLE IF NOT EXISTS orders (
    run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    word TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS rests (
    run TEXT PRIMARY KEY REFERENCES runs ON DELETE CASCADE,
    since REAL NOT NULL,
    changed REAL NOT NULL
);
"""
_SELECT = """
SELECT runs.*, coalesce(words, '') AS began, coalesce(origin, '') AS origin, rate
FROM runs LEFT JOIN starts ON starts.run = runs.id LEFT JOIN rates ON rates.run = runs.id
"""
_KINDS: dict[type, tuple[str, ...]] = {
    str: ("id", "owner", "title", "settings", "state", "sentence", "server", "began", "origin"),
    int: ("place", "told", "checkpoint", "rewound"),
    float: ("created", "changed", "seconds"),
}


class RunRows:
    """The rows of a data folder's runs; any thread may use them, and many processes at once.

    A run is given and returned as a dict of its columns: those of the table, and `began`,
    `origin` and `rate` from the tables beside it. Times are seconds since 1970. The caller
    decides which states there are.

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

    def rested(self, states: Collection[str], elapsed_s: float) -> dict[str, float]:
        """Count the time in which servers ran, and tell how long runs have rested of it.

        A run rests from the first call that finds it in none of these states, until it changes.

        Parameters
        ----------
        states : collection of str
        elapsed_s : float
            The time since this server's last call.
        """
        held = _listed(states)
        with self._database:
            now = uptime.count(self._database, elapsed_s)
            self._database.execute(
                "DELETE FROM rests WHERE NOT EXISTS (SELECT 1 FROM runs WHERE id = rests.run "
                "AND changed = rests.changed AND state NOT IN (SELECT value FROM json_each(?)))",
                (held,),
            )
            self._database.execute(
                "INSERT OR IGNORE INTO rests (run, since, changed) SELECT id, ?, changed FROM runs "
                "WHERE state NOT IN (SELECT value FROM json_each(?))",
                (now, held),
            )
            rows = self._database.execute("SELECT run, since FROM rests").fetchall()
        return {row["run"]: now - row["since"] for row in rows}

    def insert(self, run: dict[str, Any], began: tuple[str, str] | None = None) -> None:
        """Add a run, and in the same transaction the words and the origin of its first weights.

        Parameters
        ----------
        run : dict
            Its id, owner, title, settings, state, server, and when it was created.
        began : tuple of str, optional
        """
        with self._database:
            self._database.execute(
                "INSERT INTO runs (id, owner, title, settings, state, created, changed, server) "
                "VALUES (:id, :owner, :title, :settings, :state, :created, :created, :server)",
                run,
            )
            if began:
                self._database.execute(
                    "INSERT INTO starts (run, words, origin) VALUES (?, ?, ?)", (run["id"], *began)
                )

    def find(self, run: str) -> dict[str, Any] | None:
        """Return a run, or None if there is none of that id."""
        found = self._select("WHERE id = ?", run)
        return found[0] if found else None

    def of_owner(self, owner: str) -> list[dict[str, Any]]:
        """Return the runs of an owner, the newest first."""
        return self._select("WHERE owner = ? ORDER BY created DESC", owner)

    def within(self, states: Collection[str]) -> list[dict[str, Any]]:
        """Return the runs whose state is one of these."""
        return self._select("WHERE state IN (SELECT value FROM json_each(?))", _listed(states))

    def outside(self, states: Collection[str]) -> list[dict[str, Any]]:
        """Return the runs whose state is none of these, the one that was last changed first."""
        where = "WHERE state NOT IN (SELECT value FROM json_each(?)) ORDER BY changed DESC"
        return self._select(where, _listed(states))

    def change(
        self, run: dict[str, Any], held: Collection[str], free: Collection[str] = ()
    ) -> bool:
        """Change a run that its server holds or that is free, and return whether it was changed.

        Parameters
        ----------
        run : dict
            Its id, server, state, sentence and place, and when it was changed.
        held : collection of str
            In these states only the run's own server may change it.
        free : collection of str
            In these states any server may change it, and has it from then on.
        """
        changed = self._database.execute(
            "UPDATE runs SET state = :state, sentence = :sentence, place = :place, "
            "server = :server, changed = :changed WHERE id = :id AND ("
            "(state IN (SELECT value FROM json_each(:held)) AND server = :server) OR "
            "state IN (SELECT value FROM json_each(:free)))",
            {**run, "held": _listed(held), "free": _listed(free)},
        )
        return changed.rowcount == 1

    def leave(
        self, servers: Collection[str], held: Collection[str], state: str, sentence: str
    ) -> None:
        """Give another state to the runs in states `held` whose server is none of these."""
        self._database.execute(
            "UPDATE runs SET state = ?, place = 0, sentence = ? "
            "WHERE state IN (SELECT value FROM json_each(?)) "
            "AND server NOT IN (SELECT value FROM json_each(?))",
            (state, sentence, _listed(held), _listed(servers)),
        )

    def set_rate(self, run: str, rate: float) -> None:
        """Set the learning rate of a run, in place of one that was set before."""
        self._database.execute(
            "INSERT INTO rates (run, rate) VALUES (?, ?) "
            "ON CONFLICT (run) DO UPDATE SET rate = excluded.rate",
            (run, rate),
        )

    def set_checkpoint(self, run: str, number: int) -> None:
        """Set the number of the last event before a run's checkpoint."""
        self._database.execute("UPDATE runs SET checkpoint = ? WHERE id = ?", (number, run))

    def delete(self, run: str) -> None:
        """Delete a run and all rows that belong to it."""
        self._database.execute("DELETE FROM runs WHERE id = ?", (run,))

    # Orders of the keeper of a server

    def order(self, run: str, word: str) -> bool:
        """Leave an order for the server that holds a run; return whether there is the run."""
        with self._database:
            if self.find(run) is None:
                return False
            self._database.execute("INSERT OR REPLACE INTO orders VALUES (?, ?)", (run, word))
        return True

    def orders(self) -> list[tuple[str, str]]:
        """Return the orders that no server has carried out: runs and words."""
        rows = self._database.execute("SELECT run, word FROM orders ORDER BY rowid").fetchall()
        return [(row["run"], row["word"]) for row in rows]

    def carried_out(self, run: str) -> None:
        """Forget the order for a run."""
        self._database.execute("DELETE FROM orders WHERE run = ?", (run,))

    # Events

    def append(
        self,
        run: str,
        number: int,
        content: bytes,
        changed: float,
        seconds: float | None = None,
        end: tuple[str, str] | None = None,
    ) -> bool:
        """Add an event under its number, and change its run in the same transaction.

        Parameters
        ----------
        seconds : float, optional
            The time that the run has spent in training by now.
        end : tuple of str, optional
            The state in which the run ended, and a sentence.

        Returns
        -------
        bool
            False, with nothing changed, where the run is gone or has an event of that number.
        """
        try:
            with self._database:
                self._database.execute(
                    "INSERT INTO events (run, number, content) VALUES (?, ?, ?)",
                    (run, number, content),
                )
                self._database.execute(
                    "UPDATE runs SET told = ?, seconds = coalesce(?, seconds), changed = ? "
                    "WHERE id = ?",
                    (number, seconds, changed, run),
                )
                if end:
                    self._database.execute(
                        "UPDATE runs SET state = ?, sentence = ?, place = 0 WHERE id = ?",
                        (*end, run),
                    )
        except sqlite3.IntegrityError:
            return False
        return True

    def events(self, run: str, after: int = 0) -> list[tuple[int, bytes]]:
        """Return number and content of a run's events with numbers above `after`, in order."""
        rows = self._database.execute(
            "SELECT number, content FROM events WHERE run = ? AND number > ? ORDER BY number",
            (run, after),
        )
        return [(number, content) for number, content in rows.fetchall()]

    def latest(self, run: str) -> tuple[int, bytes] | None:
        """Return number and content of a run's last event, or None where it has none."""
        row = self._database.execute(
            "SELECT number, content FROM events WHERE run = ? ORDER BY number DESC LIMIT 1", (run,)
        ).fetchone()
        return row and (row[0], row[1])

    def rewind(self, run: str, number: int) -> None:
        """Delete a run's events with numbers above this one; count it where there were any."""
        with self._database:
            gone = self._database.execute(
                "DELETE FROM events WHERE run = ? AND number > ?", (run, number)
            )
            if gone.rowcount:
                self._database.execute("UPDATE runs SET rewound = rewound + 1 WHERE id = ?", (run,))

    def size(self, run: str) -> int:
        """Return how many bytes the contents of a run's events take."""
        (size,) = self._database.execute(
            "SELECT coalesce(sum(length(content)), 0) FROM events WHERE run = ?", (run,)
        ).fetchone()
        return int(size)

    def _select(self, where: str, *parameters: str) -> list[dict[str, Any]]:
        """Return the runs that are whole; a damaged row is left out, so that others are found."""
        rows = self._database.execute(_SELECT + where, parameters).fetchall()
        return [dict(row) for row in rows if _is_whole(row)]


def _is_whole(row: sqlite3.Row) -> bool:
    """Tell whether a row holds what its columns promise; a flipped byte can make anything of it."""
    found = dict(row)
    return isinstance(found.get("rate"), float | int | None) and all(
        isinstance(found.get(name), kind) for kind, names in _KINDS.items() for name in names
    )


def _listed(words: Collection[str]) -> str:
    """Return words as the one text that `json_each` takes for a list of any length."""
    return json.dumps(sorted(words))
