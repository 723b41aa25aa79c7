"""Runs that are over, played back on one clock: a recorded one of the project's, or one's own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from cnnlib.lessons.given import Given
from cnnlib.lessons.train import State
from cnnlib.runs.history import History, Past
from cnnlib.runs.store import RunRecord
from cnnlib.ui import heard, link
from cnnlib.ui.components import learning
from cnnlib.ui.components.learning import Shown
from cnnlib.ui.controls import get
from cnnlib.ui.fragment import again, fragment
from cnnlib.ui.page import Page
from cnnlib.ui.session import visit
from cnnlib.ui.training import diagnosis_line, lab

_EVERY_S = 0.25
_KEY = "replay"
TABS = 40  # pixels above the figure, where several runs are shown


@dataclass
class Playback:
    """Runs that are over, and a clock that says how much of them is shown.

    Attributes
    ----------
    name : str
        Another name is another playback, which begins anew.
    runs : tuple of Past
        They train side by side: each has its own seconds of training on the one clock.
    speed : float
        Seconds of the runs in a second.
    at : float
        Seconds of the runs that had been shown when the clock was last set.
    since : float or None
        The time at which the clock was set, by the machine's clock; None while playback rests.
    """

    name: str
    runs: tuple[Past, ...]
    speed: float = 1.0
    at: float = 0.0
    since: float | None = None

    @property
    def seconds(self) -> float:
        """How long the longest run trained."""
        return max(run.told.seconds for run in self.runs)

    @property
    def now(self) -> float:
        """The seconds of the runs that are shown."""
        passed = 0.0 if self.since is None else time.monotonic() - self.since
        return min(self.at + passed * self.speed, self.seconds)

    @property
    def over(self) -> bool:
        """Whether all is shown."""
        return self.now >= self.seconds

    @property
    def plays(self) -> bool:
        """Whether the playback goes on by itself."""
        return self.since is not None and not self.over

    def set(self, at: float, *, plays: bool) -> None:
        """Set the clock."""
        self.at, self.since = at, time.monotonic() if plays else None

    def toggle(self) -> None:
        """Pause, go on, or begin again after the end."""
        self.set(0.0 if self.over else self.now, plays=not self.plays)

    def change_speed(self, speed: float) -> None:
        """Go on from here at another speed."""
        self.set(self.now, plays=self.plays)
        self.speed = speed


def asked(records: Sequence[RunRecord]) -> tuple[Playback | None, str]:
    """Return what the link wants to be played back, or why nothing can be.

    Parameters
    ----------
    records : sequence of RunRecord
        The runs that the link names.
    """
    recorded = link.everything().get("recorded")
    over = "replay" in link.everything() and records and not any(one.live for one in records)
    here = visit()
    if recorded is None and not over:
        here.playback = None
        return None, ""
    # A beat begins the playback anew, and so does a page that was left, because its controls are
    # then forgotten.
    at_beat = f"{link.read('beat')}.{heard.here().mailbox.arrival}"
    name = f"{recorded or '.'.join(one.id for one in records)} {at_beat}"
    if here.playback is None or here.playback.name != name or get("replay_play") is None:
        try:
            runs = _of_records(records) if recorded is None else (_of_file(recorded),)
            here.playback = Playback(name, runs)
        except ValueError as error:
            here.playback = None
            return None, str(error)
        here.playback.set(0.0, plays=True)
    return here.playback, ""


def _of_file(recorded: str) -> Past:
    return Given(recorded=recorded).past[0]


def _of_records(records: Sequence[RunRecord]) -> tuple[Past, ...]:
    return tuple(Past(one.title, one.config, lab.history(one)) for one in records)


def controls(page: Page[State], played: Playback) -> None:
    """Show the controls of a playback, and a sentence that says what is played."""
    st.markdown(":orange-badge[**Recorded**]")
    told = "Pause" if played.plays else "Play again" if played.over else "Play"
    st.button(told, key="replay_play", shortcut="W", on_click=played.toggle)
    st.button(
        "From the beginning", key="replay_begin", on_click=lambda: played.set(0.0, plays=True)
    )
    st.markdown(":gray[Speed ×]")
    speed = page.control("speed")
    page.state()
    if float(speed) != played.speed:
        played.change_speed(float(speed))
    st.button("Leave", key="replay_leave", on_click=lab.leave_playback)


def show(played: Playback, *, key: str, height: int) -> None:
    """Show the figure, again and again while it plays."""
    fragment(_figure, run_every=_EVERY_S if played.plays else None)(
        played, key, height, played.plays
    )


def _figure(played: Playback, key: str, height: int, played_before: bool) -> None:
    if learning.pressed(key):
        played.toggle()
        again()
    if played_before and played.over:
        played.set(played.seconds, plays=False)
        again()
    runs = [(run, run.told.until(played.now)) for run in played.runs]
    shown = [_shown(played, number, told) for number, (_, told) in enumerate(runs)]
    learning.show(shown, key=key, height=height - TABS * (len(shown) > 1))
    run, told = runs[learning.selected(shown, key)]
    diagnosis_line.show(told, run.config, run.title if len(runs) > 1 else "")


def _shown(played: Playback, number: int, told: History) -> Shown:
    run = played.runs[number]
    pace = "its own pace" if played.speed == 1 else f"{played.speed:g} times its own pace"
    return Shown(
        f"{_KEY}.{number}.{played.name}",
        run.title,
        "recorded",
        lab.validation(run.config, told),
        told.begun,
        told.progress,
        told.reports,
        told.diverged,
        f"“{run.title}” was trained before, and is shown at {pace}.",
    )
