"""A browser's own runs: how each went, shown together, continued, deleted."""

import time
from collections.abc import Sequence

import streamlit as st

from cnnlib.lessons.given import MOST_RUNS
from cnnlib.runs.service import RunsError
from cnnlib.runs.store import RunRecord
from cnnlib.storage.database import RecordsError
from cnnlib.ui import cache, refusals
from cnnlib.ui.controls import get
from cnnlib.ui.owner import owner
from cnnlib.ui.quoting import quoted, refusal
from cnnlib.ui.session import visit
from cnnlib.ui.training import config, lab

_AT_ONCE = 10
_SHARES = [5, 35, 16, 15, 13, 8, 8]


def show() -> None:
    """Show the runs of this browser, once they are asked for."""
    box = st.expander("My runs", key="my_runs", on_change="rerun")
    if not box.open:
        return
    with box:
        try:
            records = lab.runs().of_owner(owner())
            if records:
                _list(records)
            else:
                st.caption("None yet. Runs that you start are kept here, in this browser's name.")
        except RecordsError as error:
            st.markdown(refusal(f"{error}."))


def _list(records: Sequence[RunRecord]) -> None:
    last = -(-len(records) // _AT_ONCE)
    page = 1
    row = st.container(horizontal=True, vertical_alignment="center", gap="medium")
    row.button("Show the ticked ones together", key="compare", on_click=_compare, args=(records,))
    row.markdown(f":gray[Tick two to {MOST_RUNS}; {len(records)} runs are kept.]")
    if last > 1:
        page = row.number_input(f"Page, of {last}", 1, last, key="runs_page", width=130)
    for record in records[(page - 1) * _AT_ONCE : page * _AT_ONCE]:
        _line(record)


def _line(record: RunRecord) -> None:
    tick, title, state, best, when, go, away = st.columns(
        _SHARES, gap="small", vertical_alignment="center"
    )
    tick.checkbox("Compare", key=f"tick.{record.id}", label_visibility="collapsed")
    title.button(
        f"{quoted(record.title)} :gray[{config.title(record.config)}]",
        type="tertiary",
        key=f"open.{record.id}",
        on_click=lab.show,
        args=([record.id],),
    )
    state.markdown(record.state, help=quoted(record.sentence) or None)
    accuracy = cache.best_accuracy(record.id, record.changed)
    best.markdown("–" if accuracy is None else f"best {100 * accuracy:.2f}%")
    when.markdown(f":gray[{age(time.time() - record.created)}]")
    if not record.live and record.resumable:
        go.button("Go on", key=f"go.{record.id}", on_click=_go_on, args=(record,))
    elif not record.live and record.told:
        again = f"again.{record.id}"
        go.button("Play back", key=again, on_click=lab.play_back, args=([record.id],))
    with away.popover("Delete", key=f"away.{record.id}"):
        st.markdown(f"Delete “{quoted(record.title)}” with its history and weights?")
        st.button("Delete for good", key=f"delete.{record.id}", on_click=_delete, args=(record,))


def _compare(records: Sequence[RunRecord]) -> None:
    ticked = [record.id for record in records if get(f"tick.{record.id}")]
    if not 2 <= len(ticked) <= MOST_RUNS:
        visit().refused = f"{len(ticked)} runs are ticked: tick two to {MOST_RUNS} to compare."
        return
    lab.show(ticked)


def _go_on(record: RunRecord) -> None:
    lab.command([record], "resume")
    lab.show([record.id])


def _delete(record: RunRecord) -> None:
    try:
        lab.runs().delete(record.id, owner())
    except (RunsError, RecordsError) as error:
        visit().refused = refusals.told("run", error)
        return
    lab.show([name for name in lab.names() if name != record.id])


def age(seconds: float) -> str:
    """Return how long ago something was, in words.

    Examples
    --------
    >>> age(5), age(150), age(7500), age(200_000)
    ('just now', '2 min ago', '2 h ago', '2 days ago')
    """
    for unit, name in ((86_400, "days"), (3_600, "h"), (60, "min")):
        if seconds >= unit * (2 if name == "days" else 1):
            return f"{seconds // unit:.0f} {name} ago"
    return "just now"
