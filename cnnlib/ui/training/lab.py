"""A page's runs: those that the link names, their histories, and their commands."""

import time
from collections.abc import Sequence

from cnnlib.data import Dataset
from cnnlib.lessons.given import MOST_RUNS
from cnnlib.lessons.train import State
from cnnlib.runs import service
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.history import History
from cnnlib.runs.service import Runs, RunsError
from cnnlib.runs.start import Start
from cnnlib.runs.store import RunRecord
from cnnlib.storage.database import RecordsError
from cnnlib.ui import cache, link, refusals
from cnnlib.ui.components.learning import Shown
from cnnlib.ui.given import as_linked
from cnnlib.ui.owner import address, owner
from cnnlib.ui.page import Page
from cnnlib.ui.session import visit

_BUSY = ("queued", "training")
_BATCH_S = 0.1  # about the longest that a batch takes
_KEPT = 12  # histories in a tab


def runs() -> Runs:
    """Return the runs of this server; from now on a process stands ready."""
    return service.of_this_server()


def names() -> list[str]:
    """Return the runs that the link names, at most four; none beside a recorded one."""
    if "recorded" in link.everything():
        return []
    return as_linked().run_names


def shown() -> tuple[list[RunRecord], str]:
    """Return the runs that the link names, and a sentence where the link names others in vain."""
    return find(names())


def find(names: Sequence[str]) -> tuple[list[RunRecord], str]:
    """Return runs by their ids, and why some of them are missing."""
    records, note = [], ""
    for name in names:
        try:
            records.append(runs().run(name))
        except (RunsError, RecordsError) as error:
            note = str(error)
    return records, note


def show(chosen: Sequence[str]) -> None:
    """Have the link name these runs, as they are now."""
    leave_playback()
    link.write("run", ",".join(chosen[:MOST_RUNS]))


def leave_playback() -> None:
    """Have the link ask for no playback any more, and the next one for its own pace."""
    for name in ("recorded", "replay"):
        link.write(name, None)
    Page(State).keep(speed=State().speed)


def play_back(chosen: Sequence[str]) -> None:
    """Have the link ask for runs that are over, from their beginning."""
    show(chosen)
    link.write("replay", "1")
    visit().playback = None


def start(configs: Sequence[tuple[str, TrainConfig]], begin: Start | None = None) -> None:
    """Start runs with these titles, from these weights if any, and show them together.

    Shown runs that train are paused, because old and new runs would wait for each other.
    """
    started: list[str] = []
    command([one for one in shown()[0] if is_mine(one) and one.state in _BUSY], "pause")
    try:
        for title, config in configs:
            started.append(runs().start(owner(), title, config, begin, address()))
    except (RunsError, RecordsError) as error:
        visit().refused = refusals.told("run", error)
    if started:
        show(started)


def command(records: Sequence[RunRecord], name: str, value: float | None = None) -> None:
    """Have runs do something; a sentence on the page says what is refused."""
    try:
        for record in records:
            runs().command(record.id, owner(), name, value)
        if name in ("pause", "stop"):
            _await_end_of_batch(records)
    except (RunsError, RecordsError) as error:
        visit().refused = refusals.told("run", error)


def _await_end_of_batch(records: Sequence[RunRecord]) -> None:
    """Wait for a moment, so that the answer to a click already shows its effect."""
    until = time.monotonic() + _BATCH_S
    while time.monotonic() < until:
        if all(runs().run(record.id).state != "training" for record in records):
            return
        time.sleep(0.01)


def is_mine(record: RunRecord) -> bool:
    """Return whether this browser started a run."""
    return record.owner == owner()


def history(record: RunRecord) -> History:
    """Return what a run has told; only what is new is read."""
    kept = visit().histories
    told = kept.pop(record.id, None)
    if told is None or told.rewound != record.rewound:
        told = History(record.rewound)
    kept[record.id] = told  # the history that was read last stands last
    while len(kept) > _KEPT:
        del kept[next(iter(kept))]
    try:
        told.read(runs().store.events(record.id, told.last))
    except RecordsError as error:
        visit().refused = str(error)
    return told


def as_shown(record: RunRecord) -> Shown:
    """Return a run in the form that the figure takes."""
    told = history(record)
    return Shown(
        # A run that went back to a checkpoint has another history from there on.
        f"{record.id}.{record.rewound}",
        record.title,
        record.state,
        validation(record.config, told),
        told.begun,
        told.progress,
        told.reports,
        told.diverged,
        sentence(record),
    )


def validation(config: TrainConfig, told: History) -> Dataset:
    """Return the images that a run is measured on, or blank ones where they can't be had.

    The images are asked for once the run has measured, because only then its data are surely on
    this machine, so that nothing is fetched for a page.
    """
    count = told.begun.validation_images if told.begun else 0
    if told.reports:
        try:
            found = cache.validation(config.data, config.images)
        except (ValueError, OSError):
            found = cache.blank(count)
        if len(found) == count:
            return found
    return cache.blank(count)


def sentence(record: RunRecord) -> str:
    """Say how a run stands, beyond its state, and from which weights it began."""
    told = record.sentence
    if record.state == "queued":
        ahead = record.place - 1
        before = "next" if ahead == 0 else f"{ahead} before it"
        told = f"Waits for its turn: {before}."
    elif record.state == "paused" and not record.told:
        told = "The run rests before its first step."
    return f"{told} Trained on from {record.began}.".lstrip() if record.began else told
