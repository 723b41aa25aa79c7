"""The runs of this server: started, commanded and deleted by their owners, watched by anybody.

A page calls `Runs` and reads the store; no page waits for a process.
"""

import atexit
import os
import shutil
import tempfile
import time
from contextlib import suppress
from hmac import compare_digest
from math import isfinite
from pathlib import Path
from threading import Lock, Thread

from cnnlib import log
from cnnlib.allowance import Allowance
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.crew import Crew
from cnnlib.runs.ledger import Ledger
from cnnlib.runs.presence import Presence
from cnnlib.runs.start import Start
from cnnlib.runs.store import RunRecord, RunStore
from cnnlib.runs.turns import Place, makes_way
from cnnlib.storage.database import RecordsError, data_folder

COMMANDS = ("pause", "resume", "batch", "epoch", "microscope", "stop", "rate")
HIGHEST_RATE = 1e6

MOST_OF_OWNER = 8  # runs of one owner that are not over
MOST = 256  # runs that train or wait
STARTED = Allowance(2000, 3600.0)  # runs that one address starts in an hour
FORGOTTEN_S = 3600.0  # a run that has paused for so long, and has no process, is cut short
LOOK_S = 5.0  # between two looks at other servers
PRUNE_S = 300.0


def keep(variable: str, usual: float) -> float:
    """Return the limit that an environment variable sets, or else the usual one.

    Raises
    ------
    ValueError
        If the variable holds no number above 0.
    """
    text = os.environ.get(variable, "")
    try:
        amount = float(text) if text else usual
    except ValueError:
        amount = 0.0
    if not amount > 0:
        raise ValueError(f"{variable} is “{text:.20}”: use a number above 0, or leave it out")
    return amount


KEEP_S = 86400 * keep("CNN_CLASSROOM_KEEP_DAYS", 30)  # how long a run that is over is kept
KEEP_BYTES = 2**30 * keep("CNN_CLASSROOM_KEEP_GB", 2)  # how much all of them may take


class RunsError(ValueError):
    """An order cannot be carried out; the error's one sentence says why."""


class Runs:
    """All runs that this server holds. Any thread may call any method.

    Every method also raises `RecordsError` if the database cannot be read or written.

    Parameters
    ----------
    folder : Path
        The data folder. Where it cannot be used, a temporary one takes its place.
    slots : int, optional
        Runs that train at once; cores − 1 by default, at least 1.

    Attributes
    ----------
    store : RunStore
        The store, for reading histories and weights.
    notice : str
        Says why runs are not kept when this server ends; "" if they are kept.
    """

    def __init__(self, folder: Path, *, slots: int | None = None) -> None:
        threads = max(1, _cores() - 1)
        self._temporary: Path | None = None
        self.notice = ""
        try:
            self.store, self._presence = _settle(folder)
        except RecordsError as error:
            self._temporary = Path(tempfile.mkdtemp(prefix="cnn-classroom-"))
            self.notice = f"Runs are kept only until this server ends: {error}."
            self.store, self._presence = _settle(self._temporary)
        self._ledger = Ledger(self.store, self._presence.name)
        self._crew = Crew(self._ledger, slots or threads, threads)
        self._addresses: dict[str, str] = {}  # by run; never written down
        self._open = True
        Thread(target=self._tend, daemon=True).start()
        atexit.register(self.close)

    def warm(self) -> None:
        """Have a process stand ready from now on."""
        with self._crew.changed:
            self._crew.wanted = True
            self._crew.changed.notify_all()

    @property
    def ready(self) -> bool:
        """Whether a process stands ready, so that the next run trains at once."""
        return self._crew.stands_ready

    def start(
        self,
        owner: str,
        title: str,
        config: TrainConfig,
        start: Start | None = None,
        address: str = "",
    ) -> str:
        """Begin a run, or queue it, and return its id.

        Parameters
        ----------
        owner, title : str
        config : TrainConfig
        start : Start, optional
            Weights to begin with, in place of random ones.
        address : str, optional
            The address that the order comes from.

        Raises
        ------
        RunsError
            If the owner has too many runs that are not over, the address started too many, or
            nobody makes way; or if the weights are of another architecture.
        """
        check_start(start, config)
        with self._crew.changed:
            self._leave_room(owner, address)
            if not STARTED.take(address):
                raise RunsError(
                    f"{STARTED.most} runs were started from your address within an hour: "
                    "try again in a while."
                )
            run = self.store.create(owner, title, config, self._presence.name, start)
            self._addresses[run] = address
            self._crew.enqueue(run, owner, "resume")
            return run

    def run(self, run: str) -> RunRecord:
        """Return the record of a run.

        Raises
        ------
        RunsError
            If there is no run of that id.
        """
        record = self.store.run(run)
        if record is None:
            raise RunsError("There is no such run: it was deleted, or its link is incomplete.")
        return self._ledger.current(record)

    def of_owner(self, owner: str) -> list[RunRecord]:
        """Return an owner's runs, the newest first."""
        return [self._ledger.current(record) for record in self.store.of_owner(owner)]

    def command(self, run: str, owner: str, name: str, value: float | None = None) -> None:
        """Give an order to a run; the store tells the result.

        Parameters
        ----------
        run, owner : str
        name : str
            "pause"; "resume", also of an interrupted or failed run; "batch", "epoch" or
            "microscope": that much, then pause; "stop"; "rate".
        value : float, optional
            The learning rate.

        Raises
        ------
        RunsError
            If the run is not the owner's, is over, or is held by another server; if there is no
            such command; or if the rate is out of range.
        """
        if name not in COMMANDS:
            raise RunsError(f"There is no command {name!r:.40} for a run.")
        with self._crew.changed:
            record = self._owned(run, owner)
            if not record.live:
                self._bring_back(record, name)
            elif record.state == "paused" and name in ("resume", "epoch"):
                self._find_place(owner, self._addresses.get(run, ""))
            match name:
                case "rate":
                    rate = _rate(value)
                    self.store.set_rate(run, rate)
                    self._crew.set_rate(run, rate)
                case "pause":
                    self._crew.pause(run)
                case "stop":
                    self._crew.stop(run)
                case _:
                    self._crew.enqueue(run, owner, name)
            self._crew.changed.notify_all()

    def delete(self, run: str, owner: str) -> None:
        """Delete a run, whatever it is doing.

        Raises
        ------
        RunsError
            If the run is not the owner's, or another server holds it.
        """
        with self._crew.changed:
            self._owned(run, owner)
            self._crew.forget(run)
            self._ledger.drop(run)
            self._addresses.pop(run, None)
            self.store.delete(run)

    def close(self) -> None:
        """End all processes; runs that train save their state, as far as a second allows."""
        atexit.unregister(self.close)
        with self._crew.changed:
            if not self._open:
                return
            self._open = False
            self._crew.close()
        self._presence.leave()
        with suppress(RecordsError):  # if this fails, the next server finds out by itself
            self.store.interrupt(self._presence.others())
        self.store.close()
        if self._temporary:
            shutil.rmtree(self._temporary, ignore_errors=True)

    def _owned(self, run: str, owner: str) -> RunRecord:
        record = self.run(run)
        if not compare_digest(record.owner.encode(), owner.encode()):
            raise RunsError(
                "Only the browser that started this run can change it; you can watch it."
            )
        if record.live and record.server != self._presence.name:
            raise RunsError("This run belongs to another server on the same data: change it there.")
        return record

    def _bring_back(self, record: RunRecord, name: str) -> None:
        """Queue a run that was cut short, if the order is one to train."""
        if not record.resumable or name in ("pause", "stop", "rate"):
            raise RunsError(f"This run is over ({record.state}).")
        self._leave_room(record.owner, self._addresses.get(record.id, ""))
        if not self.store.change(record.id, self._presence.name, "queued"):
            raise RunsError("This run was just resumed elsewhere.")

    def _leave_room(self, owner: str, address: str) -> None:
        mine = [one for one in self._here() if one.owner == owner]
        if len(mine) >= MOST_OF_OWNER:
            raise RunsError(
                f"You have {MOST_OF_OWNER} runs that are not over: stop or delete one first."
            )
        self._find_place(owner, address)

    def _find_place(self, owner: str, address: str) -> None:
        """Have a run make way if all places are taken. A paused run takes none."""
        places = [
            Place(
                one.id,
                one.owner,
                self._addresses.get(one.id, ""),
                one.created,
                one.state == "queued",
            )
            for one in self._here()
            if one.state != "paused"
        ]
        if len(places) < MOST:
            return
        run = makes_way(places, owner, address)
        if run is None:
            raise RunsError(f"{MOST} runs are under way on this server: try again in a while.")
        self._crew.pause(run)
        self._ledger.tell(run, "paused", "Its place was needed for others: press Resume.")

    def _obey(self) -> None:
        """Carry out what the keeper of this server ordered."""
        for run, word in self.store.orders():
            record = self.store.run(run)
            if record is None or (record.live and record.server != self._presence.name):
                continue
            if word == "delete":
                self.delete(run, record.owner)
                continue
            if self._ledger.current(record).live:
                self._crew.stop(run)
            self.store.carried_out(run)

    def _here(self) -> list[RunRecord]:
        """Return the runs of this server that are not over."""
        live = [self._ledger.current(one) for one in self.store.live()]
        return [one for one in live if one.live and one.server == self._presence.name]

    def _forget(self) -> None:
        """Cut short the runs whose owners have not come back to them."""
        hours = f"{FORGOTTEN_S / 3600:g} h"
        for one in self._here():
            forgotten = one.state == "paused" and time.time() - one.changed > FORGOTTEN_S
            if forgotten and not self._crew.holds(one.id):
                self._ledger.tell(one.id, "interrupted", f"It was paused for more than {hours}.")

    def _tend(self) -> None:
        looked, pruned, first = 0.0, time.monotonic(), True
        while True:
            with self._crew.changed:
                if not self._open:
                    return
                wait_s, now = LOOK_S, time.monotonic()
                # A fault must not end this thread, without which no run would ever give way.
                try:
                    wait_s = self._crew.tend()
                    self._ledger.save()
                    if now - looked > LOOK_S:
                        looked = now
                        _find_orphans(self.store, self._presence)
                        self._forget()
                        self._obey()
                    if first or now - pruned > PRUNE_S:
                        self.store.prune(KEEP_S, KEEP_BYTES, now - pruned)
                        pruned, first = now, False
                except Exception as problem:
                    log.failed("the care of runs", problem)
                self._crew.changed.wait(wait_s)


def check_start(start: Start | None, config: TrainConfig) -> None:
    """Raise RunsError if a run of this configuration cannot begin with these weights."""
    if start:
        try:
            start.check(config.architecture)
        except ValueError as problem:
            told = str(problem)
            raise RunsError(f"{told[:1].upper()}{told[1:]}.") from None


def _settle(folder: Path) -> tuple[RunStore, Presence]:
    store = RunStore(folder.absolute())
    try:
        presence = Presence(store.folder)
        _find_orphans(store, presence)
    except RecordsError:
        store.close()
        raise
    return store, presence


def _find_orphans(store: RunStore, presence: Presence) -> None:
    """Mark the runs of dead servers."""
    store.interrupt(presence.others() | {presence.name})


def _cores() -> int:
    return len(os.sched_getaffinity(0)) if hasattr(os, "sched_getaffinity") else os.cpu_count() or 1


def _rate(value: float | None) -> float:
    if not isinstance(value, int | float) or not isfinite(value) or not 0 < value <= HIGHEST_RATE:
        raise RunsError(
            f"Learning rate {value!r:.20}: use a number above 0, and at most {HIGHEST_RATE:,.0f}."
        )
    return float(value)


_making = Lock()
_made: list[Runs] = []


def of_this_server() -> Runs:
    """Return this server's runs. At the first call a process begins to get ready."""
    with _making:
        if not _made:
            _made.append(Runs(data_folder()))
            _made[0].warm()
        return _made[0]


def close() -> None:
    """End this server's runs, if it has any."""
    with _making:
        while _made:
            _made.pop().close()
