"""Where runs are kept: settings, state and history in the database, weights in files beside it.

Whatever instant the process is killed at, a run keeps every event that was told to have been
appended, and each file named in the database is whole: a file is written under another name,
brought to the disk, renamed, and only then spoken of.
"""

import json
import sqlite3
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from secrets import token_urlsafe

from numpy.typing import NDArray

from cnnlib.network import Network
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Ended, Event, decode, encode
from cnnlib.runs.files import RunFiles
from cnnlib.runs.start import Start
from cnnlib.runs.tables import SELECT, TABLES
from cnnlib.storage.database import RecordsError, connect

# Held by a server, which alone may change them.
LIVE = ("queued", "training", "paused")
# What a run can be brought back from, if it has a checkpoint or has not begun.
RESUMABLE = ("paused", "interrupted", "failed")
STATES = (*LIVE, "finished", "stopped", "diverged", "failed", "interrupted")
_OUTCOMES = {"stopped early": "finished"}  # the others are states by the same name

LONGEST_TITLE = 80


@dataclass(frozen=True)
class RunRecord:
    """What is known of a run, its history aside.

    Attributes
    ----------
    id : str
        Cannot be guessed: whoever has it may watch the run.
    owner : str
        Who may command it; never to be shown.
    title : str
    settings : str
        Its `TrainConfig` as JSON.
    state : str
        One of `STATES`.
    sentence : str
        How it came to that state, where there is something to say.
    place : int
        In the queue, from 1; 0 where it does not wait.
    created, changed : float
        Seconds since 1970; the last change of its state or history.
    seconds : float
        Spent in training.
    server : str
        Which server holds it, while its state is live.
    told : int
        Number of the last event that it ever told.
    checkpoint : int
        Number of the last event before the checkpoint that it can go on from; 0 without one.
    rewound : int
        How often it went back to a checkpoint: events that followed it were then taken away.
    began : str
        Whose weights it began with, in words; "" for random ones.
    origin : str
        The id of the run that these are of, or "".
    rate : float or None
        The learning rate that it was told in mid-run, if it was.
    """

    id: str
    owner: str
    title: str
    settings: str
    state: str
    sentence: str
    place: int
    created: float
    changed: float
    seconds: float
    server: str
    told: int
    checkpoint: int
    rewound: int
    began: str
    origin: str
    rate: float | None

    @property
    def config(self) -> TrainConfig:
        """Its settings.

        Raises
        ------
        ConfigError
            If they are of another version of the program, or damaged.
        """
        return TrainConfig.from_dict(json.loads(self.settings))

    @property
    def live(self) -> bool:
        """Whether it is queued, training or paused."""
        return self.state in LIVE

    @property
    def resumable(self) -> bool:
        """Whether it may go on: it is paused, or ended against its owner's will."""
        return self.state in RESUMABLE


class RunStore:
    """The runs of a data folder; any thread may use it, and many processes at once.

    Parameters
    ----------
    folder : Path

    Raises
    ------
    RecordsError
        Here and in every method, if the folder cannot be written, the disk is full or the
        database damaged.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._records = connect(folder, TABLES)
        self._files = RunFiles(folder / "runs")

    def close(self) -> None:
        """Close the database."""
        self._records.close()

    # Runs

    def create(
        self,
        owner: str,
        title: str,
        config: TrainConfig,
        server: str = "",
        start: Start | None = None,
    ) -> str:
        """Record a new run, queued, with the weights that it begins from; return its id."""
        run, now = token_urlsafe(9), time.time()
        title = " ".join(title.split())[:LONGEST_TITLE] or "Run"
        text = json.dumps(config.to_dict())
        if start:
            self._files.save_start(run, start.network)
        try:
            with self._records:
                self._records.execute(
                    "INSERT INTO runs (id, owner, title, settings, state, created, changed, server)"
                    " VALUES (?, ?, ?, ?, 'queued', ?, ?, ?)",
                    (run, owner, title, text, now, now, server),
                )
                if start:
                    self._records.execute(
                        "INSERT INTO starts (run, words, origin) VALUES (?, ?, ?)",
                        (run, start.words, start.run),
                    )
        except RecordsError:
            self._files.delete(run)
            raise
        return run

    def start(self, record: RunRecord) -> Start | None:
        """Return what a run began from, None for random weights.

        Raises
        ------
        RecordsError
            If these weights are gone or damaged.
        """
        if not record.began:
            return None
        return Start(self._files.start(record.id), record.began, record.origin)

    def run(self, run: str) -> RunRecord | None:
        """Return a run, or None if there is none of that id."""
        found = self._select("WHERE id = ?", run)
        return found[0] if found else None

    def of_owner(self, owner: str) -> list[RunRecord]:
        """Return the runs of an owner, the newest first."""
        return self._select("WHERE owner = ? ORDER BY created DESC", owner)

    def live(self) -> list[RunRecord]:
        """Return all runs that are queued, training or paused."""
        return self._select("WHERE state IN ('queued', 'training', 'paused')")

    def change(self, run: str, server: str, state: str, sentence: str = "", place: int = 0) -> bool:
        """Change the state of a run that a server holds, or have it take one that was cut short.

        Returns
        -------
        bool
            False where another server holds the run, or it is over.
        """
        changed = self._records.execute(
            "UPDATE runs SET state = :state, sentence = :sentence, place = :place, "
            "server = :server, changed = :now WHERE id = :run AND ("
            "(state IN ('queued', 'training', 'paused') AND server = :server) OR "
            "(state IN ('interrupted', 'failed') AND :state = 'queued'))",
            {
                "run": run,
                "server": server,
                "state": state,
                "sentence": sentence,
                "place": place,
                "now": time.time(),
            },
        )
        return changed.rowcount == 1

    def set_rate(self, run: str, rate: float) -> None:
        """Change the learning rate of a run: what is left of its schedule is scaled to it."""
        self._records.execute("INSERT OR REPLACE INTO rates (run, rate) VALUES (?, ?)", (run, rate))

    def delete(self, run: str) -> None:
        """Take a run away with all that belongs to it."""
        self._records.execute("DELETE FROM runs WHERE id = ?", (run,))
        self._files.delete(run)

    def _select(self, where: str, *parameters: object) -> list[RunRecord]:
        rows = self._records.execute(SELECT + where, parameters)
        return [RunRecord(**row) for row in map(dict, rows)]

    # History

    def append(self, run: str, event: Event, network: Network | None = None) -> int:
        """Add an event to a run's history, and return its number.

        `Ended` changes the run's state in the same transaction.

        Parameters
        ----------
        network : Network, optional
            The weights at this event; kept under its number.
        """
        record = self.run(run)
        if record is None:
            raise RecordsError("this run was deleted")
        # Not even after a way back is a number used again: nothing that was read goes stale.
        number = record.told + 1
        if network is not None:
            # Before the event: one that is in the history has its weights.
            self._files.save_network(run, number, network)
        try:
            self._add(run, number, event)
        except sqlite3.IntegrityError as error:
            raise RecordsError("this run was deleted, or goes on in another process") from error
        if isinstance(event, Ended):
            self._files.forget_states(run, but=0)
        return number

    def _add(self, run: str, number: int, event: Event) -> None:
        with self._records:
            self._records.execute(
                "INSERT INTO events (run, number, content) VALUES (?, ?, ?)",
                (run, number, encode(event)),
            )
            self._records.execute(
                "UPDATE runs SET told = ?, seconds = coalesce(?, seconds), changed = ? "
                "WHERE id = ?",
                (number, getattr(event, "seconds", None), time.time(), run),
            )
            if isinstance(event, Ended):
                self._records.execute(
                    "UPDATE runs SET state = ?, sentence = ?, place = 0 WHERE id = ?",
                    (_OUTCOMES.get(event.outcome, event.outcome), event.sentence, run),
                )

    def events(self, run: str, after: int = 0) -> list[tuple[int, Event]]:
        """Return a run's events with numbers above `after`, each with its number, in order."""
        rows = self._records.execute(
            "SELECT number, content FROM events WHERE run = ? AND number > ? ORDER BY number",
            (run, after),
        )
        return [(number, decode(content)) for number, content in rows.fetchall()]

    def latest(self, run: str) -> tuple[int, Event] | None:
        """Return a run's last event and its number."""
        row = self._records.execute(
            "SELECT number, content FROM events WHERE run = ? ORDER BY number DESC LIMIT 1", (run,)
        ).fetchone()
        return row and (row[0], decode(row[1]))

    # Weights

    def numbers(self, run: str) -> list[int]:
        """Return the numbers of the events whose weights are there, in order."""
        return self._files.numbers(run)

    def network(self, run: str, number: int | None = None) -> Network:
        """Return the network as it was at an event, by default the last one that is there.

        Where the weights of that event were thinned out, those of the one before are returned.

        Raises
        ------
        RecordsError
            If the files are gone or damaged.
        """
        return self._files.network(run, number)

    def save_checkpoint(self, run: str, state: Mapping[str, NDArray]) -> None:
        """Keep what the run can go on from after the last event, in place of what was kept."""
        number = (self.latest(run) or (0, None))[0]
        self._files.save_state(run, number, state)
        self._records.execute("UPDATE runs SET checkpoint = ? WHERE id = ?", (number, run))
        self._files.forget_states(run, but=number)

    def rewind(self, run: str) -> dict[str, NDArray] | None:
        """Take a run's history back to its checkpoint, and return the checkpoint.

        Returns
        -------
        dict of str to ndarray, or None
            None where it has none yet: it then starts from the beginning.

        Raises
        ------
        RecordsError
            If there was a checkpoint and it is gone or damaged; the history stays as it is.
        """
        record = self.run(run)
        if record is None:
            raise RecordsError("this run was deleted")
        number = record.checkpoint
        state = self._files.state(run, number) if number else None
        with self._records:
            gone = self._records.execute(
                "DELETE FROM events WHERE run = ? AND number > ?", (run, number)
            )
            if gone.rowcount:
                self._records.execute("UPDATE runs SET rewound = rewound + 1 WHERE id = ?", (run,))
        self._files.forget_networks(run, after=number)
        return state

    # Servers

    def interrupt(self, servers: set[str]) -> None:
        """Mark the live runs of all but these servers as interrupted."""
        self._records.execute(
            "UPDATE runs SET state = 'interrupted', place = 0, sentence = ? "
            "WHERE state IN ('queued', 'training', 'paused') "
            "AND server NOT IN (SELECT value FROM json_each(?))",
            ("Its server ended while it was under way.", json.dumps(sorted(servers))),
        )

    def prune(self, age_s: float, most_bytes: float) -> list[str]:
        """Delete runs that are over: those unchanged for longer, then the oldest beyond a size.

        Returns
        -------
        list of str
            The ids of what was deleted.
        """
        over = self._select(
            "WHERE state NOT IN ('queued', 'training', 'paused') ORDER BY changed DESC"
        )
        total, gone = 0, []
        for record in over:
            total += self.size(record.id)
            if time.time() - record.changed > age_s or total > most_bytes:
                gone.append(record.id)
        for run in gone:
            self.delete(run)
        return gone

    def size(self, run: str) -> int:
        """Return how many bytes a run's history and files take."""
        (history,) = self._records.execute(
            "SELECT coalesce(sum(length(content)), 0) FROM events WHERE run = ?", (run,)
        ).fetchone()
        return history + self._files.size(run)
