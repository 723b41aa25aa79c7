"""Training runs that are told but not trained, and acts with them on a page."""

from cnnlib.models.architecture import PRESETS
from cnnlib.runs import service
from cnnlib.runs.events import Ended, Report
from cnnlib.runs.service import RunsError
from cnnlib.runs.store import RunStore
from tests.histories import history
from tests.pages.components import run


class Told:
    """Runs that are only recorded, and never trained."""

    def __init__(self, folder):
        self.store, self.commands, self.notice = RunStore(folder), [], ""

    def start(self, owner, title, config, start=None, _address=""):
        service.check_start(start, config)
        name = self.store.create(owner, title, config, start=start)
        self.store.change(name, "", "training")
        return name

    def run(self, name):
        record = self.store.run(name)
        if record is None:
            raise RunsError("There is no such run: it was deleted, or its link is incomplete.")
        return record

    def of_owner(self, owner):
        return self.store.of_owner(owner)

    def command(self, name, owner, what, value=None):
        if self.run(name).owner != owner:
            raise RunsError(
                "Only the browser that started this run can change it; you can watch it."
            )
        self.commands.append((name, what, value))
        if what == "rate":
            self.store.set_rate(name, value)
        if what == "pause":
            self.store.change(name, "", "paused")

    def delete(self, name, owner):
        assert self.run(name).owner == owner
        self.store.delete(name)


def press(at, key):
    at.button(key=key).click()
    run(at)


def me(at):
    return at.session_state["classroom.visit"].owner


def tell(runs, name, *, epochs=2, ended=None, weights=True, **more):
    """Give a run a history."""
    told = history(epochs=epochs, validation=500, **more)
    runs.store.append(name, told.begun)
    network = PRESETS["digits"].network()
    for event in sorted([*told.progress, *told.reports], key=lambda event: event.step):
        kept = network if weights and isinstance(event, Report) else None
        runs.store.append(name, event, kept)
    if ended:
        runs.store.append(name, Ended(ended, f"It {ended}.", 3.0, 120))
    return told


def begin(at, runs, **more):
    """Press Start, and give the run that was started a history."""
    press(at, "start")
    name = at.query_params["run"]
    told = tell(runs, name, **more)
    run(at)
    return name, told


def open_drawer(at, key):
    at.session_state[key] = True
    run(at)
