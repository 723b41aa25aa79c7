"""The store of runs: settings, state and history in the database, weights in files beside it.

A run keeps every event that `append` has returned a number for, even if the process is killed
at that instant. Each file named in the database is whole, because a file is written under another
name, brought to the disk, renamed, and only then named there.
"""

import json
import time
from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from secrets import token_urlsafe
from typing import Any

from numpy.typing import NDArray

from cnnlib.network import Network
from cnnlib.runs.config import ConfigError, TrainConfig
from cnnlib.runs.events import Ended, Event, decode, encode
from cnnlib.runs.files import RunFiles
from cnnlib.runs.pruning import Kept, superfluous
from cnnlib.runs.start import Start
from cnnlib.storage.database import RecordsError
from cnnlib.storage.runs import RunRows

# States of a run that a server holds; only that server may change the run.
LIVE = ("queued", "training", "paused")
# States that a run can be brought back from, if it has a checkpoint or has not begun.
_CUT_SHORT = ("interrupted", "failed")
RESUMABLE = ("paused", *_CUT_SHORT)
STATES = (*LIVE, "finished", "stopped", "diverged", "failed", "interrupted")
_OUTCOMES = {"stopped early": "finished"}  # every other outcome is a state of the same name

LONGEST_TITLE = 80


@dataclass(frozen=True)
class RunRecord:
    """Everything that is kept of a run, except its history and weights.

    Attributes
    ----------
    id : str
        Cannot be guessed. Everybody who has it may watch the run.
    owner : str
        The browser that may command the run; must never be shown.
    title : str
    settings : str
        The run's `TrainConfig` as JSON.
    state : str
        One of `STATES`.
    sentence : str
        Says why the run is in that state, if there is something to say.
    place : int
        The run's place in the queue, from 1; 0 if it does not wait.
    created, changed : float
        Time of its creation, and of the last change of its state or history, in seconds since
        1970.
    seconds : float
        Time spent in training.
    server : str
        The server that holds the run, while its state is live.
    told : int
        Number of the last event that the run ever told.
    checkpoint : int
        Number of the last event before the checkpoint that the run can go on from; 0 without one.
    rewound : int
        How often the run went back to a checkpoint. The events after it were then deleted.
    began : str
        The origin of the weights that the run began with, in words; "" for random weights.
    origin : str
        The id of the run that these weights come from, or "".
    rate : float or None
        The learning rate that was set in mid-run, if one was.
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
        """The run's settings.

        Raises
        ------
        ConfigError
            If the settings are of another version of the program, or damaged.
        """
        return _config(self.settings)

    @property
    def live(self) -> bool:
        """Whether the run is queued, training or paused."""
        return self.state in LIVE

    @property
    def resumable(self) -> bool:
        """Whether the run may go on, because it is paused or ended against its owner's will."""
        return self.state in RESUMABLE


class RunStore:
    """The runs of a data folder; any thread may use a store, and many processes at once.

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
        self._rows = RunRows(folder)
        self._files = RunFiles(folder / "runs")

    def close(self) -> None:
        """Close the database."""
        self._rows.close()

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
        run = token_urlsafe(9)
        row = {
            "id": run,
            "owner": owner,
            "title": " ".join(title.split())[:LONGEST_TITLE] or "Run",
            "settings": json.dumps(config.to_dict()),
            "state": "queued",
            "created": time.time(),
            "server": server,
        }
        if start:
            self._files.save_start(run, start.network)
        try:
            self._rows.insert(row, (start.words, start.run) if start else None)
        except RecordsError:
            self._files.delete(run)
            raise
        return run

    def start(self, record: RunRecord) -> Start | None:
        """Return the weights that a run began with, None for random ones.

        Raises
        ------
        RecordsError
            If these weights are gone or damaged.
        """
        if not record.began:
            return None
        return Start(self._files.start(record.id), record.began, record.origin)

    def run(self, run: str) -> RunRecord | None:
        """Return the record of a run, or None if there is no run of that id."""
        row = self._rows.find(run)
        if row and not _is_readable(row):
            raise RecordsError("this run's settings are damaged, or of another version")
        return RunRecord(**row) if row else None

    def of_owner(self, owner: str) -> list[RunRecord]:
        """Return the runs of an owner, the newest first; a damaged one is left out."""
        return [RunRecord(**row) for row in self._rows.of_owner(owner) if _is_readable(row)]

    def live(self) -> list[RunRecord]:
        """Return all runs that are queued, training or paused, except damaged ones."""
        return [RunRecord(**row) for row in self._rows.within(LIVE) if _is_readable(row)]

    def all(self) -> list[RunRecord]:
        """Return the runs of everybody, except damaged ones; the last changed first."""
        return [RunRecord(**row) for row in self._rows.outside(()) if _is_readable(row)]

    def order(self, run: str, word: str) -> bool:
        """Leave an order, "stop" or "delete", for the server that holds a run.

        Returns
        -------
        bool
            Whether there is such a run.
        """
        return self._rows.order(run, word)

    def orders(self) -> list[tuple[str, str]]:
        """Return the orders that no server has carried out: runs and words."""
        return self._rows.orders()

    def carried_out(self, run: str) -> None:
        """Forget the order for a run."""
        self._rows.carried_out(run)

    def change(self, run: str, server: str, state: str, sentence: str = "", place: int = 0) -> bool:
        """Change the state of a run that the server holds, or take over a run that was cut short.

        Returns
        -------
        bool
            False if another server holds the run, or the run is over.
        """
        row = {
            "id": run,
            "server": server,
            "state": state,
            "sentence": sentence,
            "place": place,
            "changed": time.time(),
        }
        return self._rows.change(row, LIVE, _CUT_SHORT if state == "queued" else ())

    def set_rate(self, run: str, rate: float) -> None:
        """Change the learning rate of a run; the rest of its schedule is scaled to the new rate."""
        self._rows.set_rate(run, rate)

    def delete(self, run: str) -> None:
        """Delete a run and everything that belongs to it."""
        self._rows.delete(run)
        self._files.delete(run)

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
        # A number is never used again, not even after the run went back to a checkpoint, so that a
        # page which has read an event never finds another one under its number.
        number = record.told + 1
        if network is not None:
            # Saved before the event, so that an event in the history always has its weights.
            self._files.save_network(run, number, network)
        end = None
        if isinstance(event, Ended):
            end = _OUTCOMES.get(event.outcome, event.outcome), event.sentence
        seconds = getattr(event, "seconds", None)
        if not self._rows.append(run, number, encode(event), time.time(), seconds, end):
            raise RecordsError("this run was deleted, or goes on in another process")
        if end:
            self._files.forget_states(run, but=0)
        return number

    def events(self, run: str, after: int = 0) -> list[tuple[int, Event]]:
        """Return a run's events with numbers above `after`, each with its number, in order."""
        return [(number, _event(content)) for number, content in self._rows.events(run, after)]

    def latest(self, run: str) -> tuple[int, Event] | None:
        """Return a run's last event and its number."""
        row = self._rows.latest(run)
        return row and (row[0], _event(row[1]))

    # Weights

    def numbers(self, run: str) -> list[int]:
        """Return the numbers of the events whose weights are kept, in order."""
        return self._files.numbers(run)

    def network(self, run: str, number: int | None = None) -> Network:
        """Return the network as it was at an event, by default the last one whose weights are kept.

        If the weights of that event were thinned out, the last weights before it are returned.

        Raises
        ------
        RecordsError
            If the files are gone or damaged.
        """
        return self._files.network(run, number)

    def save_checkpoint(self, run: str, state: Mapping[str, NDArray]) -> None:
        """Keep a checkpoint that the run can go on from after its last event, and only this one."""
        number = (self.latest(run) or (0, None))[0]
        self._files.save_state(run, number, state)
        self._rows.set_checkpoint(run, number)
        self._files.forget_states(run, but=number)

    def rewind(self, run: str) -> dict[str, NDArray] | None:
        """Take a run's history back to its checkpoint, and return the checkpoint.

        Returns
        -------
        dict of str to ndarray, or None
            None if the run has no checkpoint yet; it then starts from the beginning.

        Raises
        ------
        RecordsError
            If the run's checkpoint is gone or damaged; the history stays as it is.
        """
        record = self.run(run)
        if record is None:
            raise RecordsError("this run was deleted")
        number = record.checkpoint
        state = self._files.state(run, number) if number else None
        self._rows.rewind(run, number)
        self._files.forget_networks(run, after=number)
        return state

    # Servers

    def interrupt(self, servers: set[str]) -> None:
        """Mark the live runs of every server except these as interrupted."""
        sentence = "The server ended while this run was under way."
        self._rows.leave(servers, LIVE, "interrupted", sentence)

    def prune(self, age_s: float, most_bytes: float, elapsed_s: float) -> list[str]:
        """Delete runs that are over, as `pruning.superfluous` finds them.

        Parameters
        ----------
        age_s, most_bytes : float
        elapsed_s : float
            The time since this server's last call. Ages are counted while servers run, so that
            no clock that is set wrong makes a run old.

        Returns
        -------
        list of str
            The ids of the runs that were deleted.
        """
        rested = self._rows.rested(LIVE, elapsed_s)
        kept = [
            Kept(
                row["id"],
                row["owner"],
                self.size(row["id"]),
                rested.get(row["id"], 0.0),
                row["changed"],
            )
            for row in self._rows.outside(LIVE)
        ]
        gone = superfluous(kept, age_s, most_bytes)
        for run in gone:
            self.delete(run)
        return gone

    def size(self, run: str) -> int:
        """Return how many bytes a run's history and files take."""
        return self._rows.size(run) + self._files.size(run)


@lru_cache(512)
def _config(settings: str) -> TrainConfig:
    try:
        return TrainConfig.from_dict(json.loads(settings))
    except ConfigError:
        raise
    except (ValueError, TypeError, AttributeError, RecursionError) as error:
        raise ConfigError("settings", "cannot be read, because they are damaged") from error


def _is_readable(row: dict[str, Any]) -> bool:
    try:
        _config(row["settings"])
    except ConfigError:
        return False
    return row["state"] in STATES


def _event(content: bytes) -> Event:
    try:
        return decode(content)
    except (ValueError, TypeError, AttributeError) as error:
        raise RecordsError("the run's history is damaged: delete the run") from error
