"""A run that is over, played back: a recorded one of the project's, or one's own."""

import time
from collections.abc import Sequence
from dataclasses import dataclass

import streamlit as st

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.store import RunRecord
from cnnlib.ui import cache, diagnosis_line, lab
from cnnlib.ui.components import learning
from cnnlib.ui.components.learning import Shown
from cnnlib.ui.histories import History
from cnnlib.ui.session import visit

_EVERY_S = 0.25
_SPEEDS = ("0.5", "1", "2", "4", "8", "16", "32")
_KEY = "replay"


@dataclass
class Playback:
    """A run's history, and a clock that says how much of it is shown.

    Attributes
    ----------
    name : str
        Another name is another playback, which begins anew.
    title : str
    config : TrainConfig
    told : History
        All that the run told.
    speed : float
        Seconds of the run in a second.
    at : float
        Seconds of the run that had been shown when the clock was last set.
    since : float or None
        When that was, by the machine's clock; None while it rests.
    """

    name: str
    title: str
    config: TrainConfig
    told: History
    speed: float = 1.0
    at: float = 0.0
    since: float | None = None

    @property
    def now(self) -> float:
        """The seconds of the run that are shown."""
        passed = 0.0 if self.since is None else time.monotonic() - self.since
        return min(self.at + passed * self.speed, self.told.seconds)

    @property
    def over(self) -> bool:
        """Whether all of the run is shown."""
        return self.now >= self.told.seconds

    @property
    def plays(self) -> bool:
        """Whether it goes on by itself."""
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
    """Return what the link wants to be played back, and why it is not.

    Parameters
    ----------
    records : sequence of RunRecord
        The runs that the link names.
    """
    recorded = st.query_params.get("recorded")
    own = records[0] if len(records) == 1 and "replay" in st.query_params else None
    here = visit()
    if recorded is None and (own is None or own.live):
        here.playback = None
        return None, ""
    # A beat begins it anew, and so does a page that was left: its controls are forgotten then.
    at_beat = f"{st.query_params.get('beat', '')}.{here.arrivals}"
    name = f"{recorded if own is None else own.id} {at_beat}"
    if here.playback is None or here.playback.name != name or "replay_play" not in st.session_state:
        try:
            here.playback = _of_file(name, recorded or "") if own is None else _of_run(name, own)
        except ValueError as error:
            here.playback = None
            return None, str(error)
        here.playback.set(0.0, plays=True)
    return here.playback, ""


def _of_file(name: str, recorded: str) -> Playback:
    found = cache.recording(recorded)
    told = History()
    told.read(enumerate(found.events, 1))
    return Playback(name, found.title, found.config, told)


def _of_run(name: str, record: RunRecord) -> Playback:
    return Playback(name, record.title, record.config, lab.history(record))


def controls(played: Playback) -> None:
    """Show what can be done with a playback, and that it is one."""
    st.markdown(":orange-badge[**Recorded**]")
    told = "Pause" if played.plays else "Play again" if played.over else "Play"
    st.button(told, key="replay_play", shortcut="W", on_click=played.toggle)
    st.button(
        "From the beginning", key="replay_begin", on_click=lambda: played.set(0.0, plays=True)
    )
    st.markdown(":gray[Speed ×]")
    speed = st.segmented_control(
        "Speed",
        _SPEEDS,
        default="1",
        required=True,
        key="speed",
        bind="query-params",
        label_visibility="collapsed",
    )
    if float(speed) != played.speed:
        played.change_speed(float(speed))
    st.button("Leave", key="replay_leave", on_click=lab.leave_playback)


def show(played: Playback, *, key: str, height: int) -> None:
    """Show the figure, again and again while it plays."""
    st.fragment(_figure, run_every=_EVERY_S if played.plays else None)(
        played, key, height, played.plays
    )


def _figure(played: Playback, key: str, height: int, played_before: bool) -> None:
    if played_before and played.over:
        played.set(played.told.seconds, plays=False)
        st.rerun()
    told = played.told.until(played.now)
    learning.show([_shown(played, told)], key=key, height=height)
    diagnosis_line.show(told, played.config)


def _shown(played: Playback, told: History) -> Shown:
    pace = "its own pace" if played.speed == 1 else f"{played.speed:g} times its own pace"
    return Shown(
        f"{_KEY}.{played.name}",
        played.title,
        "recorded",
        lab.validation(played.config, told),
        told.begun,
        told.progress,
        told.reports,
        told.diverged,
        f"“{played.title}” was trained before, and is shown at {pace}.",
    )
