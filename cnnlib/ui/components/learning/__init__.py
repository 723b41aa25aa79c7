"""A training run while it learns: curves, filters, mistakes and layers, report by report."""

import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from cnnlib.ui.components import all_said, kept, register, said
from cnnlib.ui.components.learning.packing import Arrays, Shown, pack_run
from cnnlib.ui.told import nothing_or, record, text, whole

__all__ = ["Looked", "Picked", "Shown", "looked", "picked", "pressed", "selected", "show"]

_mount = register("learning")
_MOST_RUNS = 4
_LONGEST = 100  # characters of a run's name


@dataclass(frozen=True)
class Picked:
    """A mistake that was clicked.

    Attributes
    ----------
    run_id : str
        The run that made it.
    picture : int
        Its number among the run's validation images.
    """

    run_id: str
    picture: int


@dataclass(frozen=True)
class Looked:
    """The run and the moment that the panels show.

    Attributes
    ----------
    run_id : str
        The run that is selected.
    step : int or None
        The step of the report that was scrubbed back to; None while the newest is followed.
    """

    run_id: str
    step: int | None


def picked(key: str) -> Picked | None:
    """Return the mistake that was clicked in this run of the script, or None. Ask before `show`."""
    told = record(said(key, "picture"), run=text(_LONGEST), index=whole())
    return None if told is None else Picked(told["run"], told["index"])


def looked(key: str) -> Looked | None:
    """Return what the panels show, about half a second after a change; None at first."""
    looked = kept(key, "looked", ever=True)
    told = record(looked, run=text(_LONGEST), step=nothing_or(whole()))
    return None if told is None else Looked(told["run"], told["step"])


def selected(runs: Sequence[Shown], key: str) -> int:
    """Return the number of the run that is selected among these."""
    seen = looked(key)
    names = [run.run_id for run in runs]
    return names.index(seen.run_id) if seen and seen.run_id in names else 0


def pressed(key: str) -> bool:
    """Return, once, whether Space was pressed, which starts what rests and stops what plays.

    Two presses undo each other.
    """
    return len(all_said(key, "space")) % 2 == 1


def show(
    runs: Sequence[Shown],
    *,
    key: str,
    height: int = 520,
    empty: str = "Press Start: the curves begin within a second.",
) -> None:
    """Show one run, or up to four on the same axes.

    Call `show` again whenever something is new. A packet holds the curves, and only those reports
    that the browser has not yet said to have; so a packet stays small however long the run is.

    Parameters
    ----------
    runs : sequence of Shown
        At most four. A run keeps its colour and mark as long as it keeps its place.
    key : str
        The component's key.
    height : int
        The height of curves and panels in pixels on a projector of 1280×720. On a higher screen
        they are higher by the difference, and in presenter mode they fill the screen. Above them
        are a row of about 30 pixels and, with several runs, a row of tabs of about 40.
    empty : str
        The sentence that is shown where there is no run.

    Raises
    ------
    ValueError
        If there are more than four runs.
    """
    if len(runs) > _MOST_RUNS:
        raise ValueError(f"{len(runs)} runs don't fit on the same axes: show at most {_MOST_RUNS}")
    told = kept(key, "have", ever=True)
    have = told if isinstance(told, Mapping) else {}
    arrays = Arrays()
    data: dict[str, Any] = {
        "runs": [
            pack_run(
                run,
                _count(have.get(run.run_id)),
                arrays,
                have_points=_count(have.get(f"{run.run_id} points")),
            )
            for run in runs
        ],
        "height": height,
        "empty": empty,
        # Packets that are close together may reach the component in another order.
        "sent": time.time_ns() // 1000,
    }
    _mount(data, key=key, body=arrays.to_bytes())


def _count(told: object) -> int:
    return whole()(told) or 0
