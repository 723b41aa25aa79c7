"""The page where a network is trained: controls, the figure, and what may be done with a run."""

from collections.abc import Sequence
from functools import partial

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlib.lessons.train import State
from cnnlib.runs.store import RunRecord
from cnnlib.ui import link
from cnnlib.ui.components import learning
from cnnlib.ui.controls import get, put
from cnnlib.ui.fragment import again, fragment
from cnnlib.ui.owner import owner
from cnnlib.ui.page import Page
from cnnlib.ui.quoting import refusal
from cnnlib.ui.session import visit
from cnnlib.ui.training import (
    architecture,
    config,
    diagnosis_line,
    lab,
    microscope,
    preset,
    replay,
    use,
)
from cnnlib.ui.training import runs as runs_room
from cnnlib.ui.training.seats import Seats

_HEIGHT = 415
_QUICK_S, _SLOW_S = 0.25, 1.0
_FRONT = Seats(4, 3 * _SLOW_S)  # for visitors who watch runs of others
_FACTORS = (0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0)
_KEY = "learning"
_FIRST = ("learning_rate", "optimizer", "batch_size", "epochs")


def show() -> None:
    """Show the room for the runs that the link names, or for none yet."""
    owner()  # gives the browser its token before a first run is started
    page = Page(State)
    _come_back()
    with st.container(key="heading"):
        heading = st.columns([24, 20, 16, 11, 12, 9, 8], gap="small")
    bar = st.container(horizontal=True, vertical_alignment="center", gap="small", key="run_bar")
    with bar:
        _set_up(page)
    for place, field in zip(heading[3:], _FIRST, strict=True):
        with place:
            config.control(page, field)
    made, trouble = config.config(page)
    with heading[1]:
        preset.choose(made)
    with heading[2]:
        architecture.choose()
    records, missing = lab.shown()
    played, unplayed = replay.asked(records)
    with bar:
        if played:
            replay.controls(page, played)
        else:
            _commands(records)
    _tell(
        heading[0],
        [trouble, _refusal(), missing, unplayed, lab.runs().notice],
        preset.expectation(),
    )
    if played:
        replay.show(played, key=_KEY, height=_HEIGHT)
    else:
        _watch(records)
    _drawers(records)


def _come_back() -> None:
    """Show the runs that a beat of a talk showed last, when a visitor comes back to the beat."""
    kept, beat = visit().beat_runs, (link.read("talk"), link.read("beat"))
    if "run" in link.everything():
        kept[beat] = link.read("run")
    elif beat[1] and beat in kept and "recorded" not in link.everything():
        link.write("run", kept[beat])


def _set_up(page: Page[State]) -> None:
    """Show Start, and the controls that are seldom needed."""
    st.button("Start", type="primary", shortcut="S", key="start", on_click=preset.start)
    with st.popover("Layers", key="editor", on_change="rerun") as layers:
        architecture.text(page)
        if layers.open:
            architecture.edit()
    with st.popover("More"):
        config.more(page)


def _commands(records: Sequence[RunRecord]) -> None:
    """Show what can be done with the runs that are shown: with all of them at once."""
    mine = [record for record in records if lab.is_mine(record)]
    if len(mine) < len(records):
        st.markdown(":gray[You watch: only its own browser can change a run.]")
    live = [record for record in mine if record.live]
    if records and all(record.told and not record.live for record in records):
        names = [record.id for record in records]
        st.button("Play back", key="play_back", on_click=lab.play_back, args=(names,))

    def command(label: str, name: str, key: str | None, runs: Sequence[RunRecord]) -> None:
        st.button(label, key=f"do_{name}", shortcut=key, on_click=lab.command, args=(runs, name))

    if all(record.state == "paused" for record in live):
        waiting = [record for record in mine if record.resumable]
        if waiting:
            command("Resume", "resume", "W", waiting)
    else:
        command("Pause", "pause", "W", live)
    if not live:
        if len(mine) == 1 and mine[0].told:
            _offer_more(mine[0])
        return
    command("One batch", "batch", "N", live)
    command("One epoch", "epoch", "E", live)
    command("Stop", "stop", "X", live)
    _ask_rate(live)


def _ask_rate(records: Sequence[RunRecord]) -> None:
    """Ask for a multiple of the runs' own rates; the control shows that of the first run."""
    key = f"factor.{'.'.join(record.id for record in records)}"
    own = records[0].config.learning_rate
    factor = 1.0 if records[0].rate is None else float(f"{records[0].rate / own:.3g}")
    if get(key) != factor:  # where the rate changed in another tab, or the page was loaded again
        put({key: factor})
    st.select_slider(
        "Learning rate",
        sorted({*_FACTORS, factor}),
        key=key,
        format_func="learning rate ×{:g}".format,
        on_change=_set_rate,
        args=(records,),
        label_visibility="collapsed",
        width=250,
    )


def _offer_more(record: RunRecord) -> None:
    st.button(
        "Train on",
        key="train_on",
        help="A new run with these settings, which begins with the weights of this one",
        on_click=preset.train_on_run,
        args=(record.id,),
    )


def _set_rate(records: Sequence[RunRecord]) -> None:
    factor = get(f"factor.{'.'.join(record.id for record in records)}")
    for record in records:
        lab.command([record], "rate", record.config.learning_rate * factor)


def _refusal() -> str:
    """Return why the last click was refused, once."""
    told, visit().refused = visit().refused, ""
    return told


def _tell(place: DeltaGenerator, troubles: Sequence[str], expectation: str) -> None:
    place.markdown("#### Train a network")
    trouble = " ".join(filter(None, troubles))
    place.markdown(refusal(trouble) or f":gray[:small[{expectation}]]")


def _watch(records: Sequence[RunRecord]) -> None:
    """Show the figure, again and again while something can change in it."""
    pace = _pace(records)
    figure = fragment(_figure, run_every=pace)
    figure([record.id for record in records], _moment(records), pace)


def _pace(records: Sequence[RunRecord]) -> float | None:
    """Return the seconds between two looks at runs, or None where nothing changes any more."""
    if not any(record.live for record in records):
        return None
    training = [record for record in records if record.state == "training"]
    if not training:
        return _SLOW_S
    # A whole class that watched its lecturer's run this often would take all of a core.
    near = any(map(lab.is_mine, training)) or _FRONT.take(id(visit()))
    return _QUICK_S if near else _SLOW_S


def _figure(names: Sequence[str], before: list, pace: float | None) -> None:
    records = lab.find(names)[0]
    if learning.pressed(_KEY):
        _play_or_rest(records)
        again()
    if _moment(records) != before or _pace(records) != pace:
        again()
    shown = [lab.as_shown(record) for record in records]
    learning.show(shown, key=_KEY, height=_HEIGHT - replay.TABS * (len(shown) > 1))
    if records:
        record = records[learning.selected(shown, _KEY)]
        name = record.title if len(records) > 1 else ""
        diagnosis_line.show(lab.history(record), record.config, name)


def _play_or_rest(records: Sequence[RunRecord]) -> None:
    """Start runs where none are shown; else pause those that train, or have paused ones go on."""
    live = [record for record in records if record.live and lab.is_mine(record)]
    if not records:
        preset.start()
    elif live:
        rests = all(record.state == "paused" for record in live)
        lab.command(live, "resume" if rests else "pause")


def _moment(records: Sequence[RunRecord]) -> list:
    """Return the facts whose change concerns more of the page than its figure."""
    return [(one.id, one.state, one.place, lab.history(one).taken) for one in records]


def _drawers(records: Sequence[RunRecord]) -> None:
    first = records[0] if records else None
    take = None
    if first and first.live and lab.is_mine(first):
        take = partial(lab.command, [first], "microscope")
    microscope.show(lab.history(first).batch if first else None, take)
    use.show(first, link.everything().get("recorded"))
    runs_room.show()
