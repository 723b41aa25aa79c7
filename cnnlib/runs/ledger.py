"""The states of a server's runs, which hold even while the disk takes nothing."""

from dataclasses import replace

from cnnlib.runs.events import Ended
from cnnlib.runs.store import RunRecord, RunStore
from cnnlib.storage.database import RecordsError


class Ledger:
    """States of the runs that one server holds: in the store, or in memory until it takes them.

    Parameters
    ----------
    store : RunStore
    server : str
    """

    def __init__(self, store: RunStore, server: str) -> None:
        self.store, self.server = store, server
        self._unsaved: dict[str, tuple[str, str, int]] = {}

    def tell(self, run: str, state: str, sentence: str = "", place: int = 0) -> None:
        """Change a run's state."""
        self._unsaved[run] = (state, sentence, place)
        self.save()

    def end(self, run: str) -> None:
        """Close the history of a run that was stopped and no longer has a process."""
        sentence = "Stopped by its owner before its first step."
        try:
            found, record = self.store.latest(run), self.store.run(run)
            if record is None:
                return
            step = getattr(found[1], "step", 0) if found else 0
            if step:
                sentence = f"Stopped by its owner after {step:,} steps."
            self.store.append(run, Ended("stopped", sentence, record.seconds, step))
        except RecordsError:
            self.tell(run, "stopped", sentence)

    def drop(self, run: str) -> None:
        """Forget an unstored state, because the run is gone or has told its end itself."""
        self._unsaved.pop(run, None)

    def current(self, record: RunRecord) -> RunRecord:
        """Return a record with the state that the disk could not take."""
        # One look, because another thread may store the state between two.
        told = self._unsaved.get(record.id)
        if told is None:
            return record
        state, sentence, place = told
        return replace(record, state=state, sentence=sentence, place=place)

    def save(self) -> None:
        """Try to store the states that are not stored yet."""
        for run, told in list(self._unsaved.items()):
            try:
                self.store.change(run, self.server, *told)
            except RecordsError:
                return
            del self._unsaved[run]
