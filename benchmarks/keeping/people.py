"""People who train, write a talk or draw, and what a server acknowledged to each of them."""

import asyncio
from collections.abc import Awaitable, Iterator
from contextlib import closing, suppress
from dataclasses import dataclass, field
from itertools import pairwise
from pathlib import Path
from urllib.parse import parse_qs, urlencode

from websockets.exceptions import WebSocketException

from benchmarks.visitors import Visitor
from cnnlib.models.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Progress
from cnnlib.runs.store import RunStore
from cnnlib.talks.store import TalkStore
from cnnlib.talks.talk import MOST_BEATS

TINY = TrainConfig(images=400, batch_size=20, epochs=500, reports=1, architecture=PRESETS["tiny"])
TRAIN = urlencode(TINY.to_query())
_THINK_S = 0.1  # between two acts; a talk holds no more than some beats
#: A stroke's points, x, y and width, in pad units.
STROKE = [n for at in range(12) for n in (300 + 20 * at, 200 + 30 * at, 80)]


def field_of(query: str, name: str) -> str:
    """Return a field of a link, or ""."""
    return parse_qs(query).get(name, [""])[0]


async def until_it_breaks(acts: Awaitable[None]) -> None:
    """Go on until the server is gone."""
    with suppress(RuntimeError, OSError, WebSocketException, TimeoutError):
        await acts


@dataclass
class Told:
    """All that was acknowledged.

    Attributes
    ----------
    events : dict
        The numbers of each run's events that somebody has read.
    beats : dict
        How many beats each owner was told are added.
    drawings : dict
        The link that each owner was given with the last drawing.
    """

    events: dict[str, list[int]] = field(default_factory=dict)
    beats: dict[str, int] = field(default_factory=dict)
    drawings: dict[str, str] = field(default_factory=dict)

    def read(self, store: RunStore) -> None:
        """Read what the runs have told, as a page does."""
        for run, seen in self.events.items():
            seen += [number for number, _ in store.events(run, seen[-1] if seen else 0)]

    def lost(self, store: RunStore) -> int:
        """Return how many events that were read are there no more."""
        there = {run: {number for number, _ in store.events(run)} for run in self.events}
        return sum(len(set(seen) - there[run]) for run, seen in self.events.items())


def beats_of(folder: Path, owner: str) -> int:
    """Return how many beats all talks of an owner have."""
    with closing(TalkStore(folder)) as talks:
        return sum(len(talk.beats) for talk in talks.of_owner(owner).values())


async def start_run(address: str, owner: str) -> str:
    """Start a run, and return its id."""
    async with Visitor(address, "train", TRAIN, owner=owner) as visitor:
        await visitor.open()
        await visitor.act("start", trigger_value=True)
        return field_of(visitor.query, "run")


async def write_talk(visitor: Visitor, owner: str, told: Told) -> None:
    """Add beat after beat to a talk."""
    await visitor.open()
    while told.beats.get(owner, 0) < MOST_BEATS:
        await visitor.say("stage", add=f"pooling?pool_k={2 + told.beats.get(owner, 0) % 3}")
        told.beats[owner] = told.beats.get(owner, 0) + 1
        await asyncio.sleep(_THINK_S)


async def draw(visitor: Visitor, owner: str, told: Told) -> None:
    """Draw stroke after stroke."""
    await visitor.open()
    number = 0
    while True:
        number += 1
        strokes = [{"points": STROKE[: 6 * (1 + number % 6)], "erase": False}]
        drawing = {"sequence": number, "strokes": strokes, "down": False}
        await visitor.keep("paper", drawing=drawing)
        told.drawings[owner] = visitor.query
        await asyncio.sleep(_THINK_S)


def steps(store: RunStore, run: str) -> list[int]:
    """Return the steps of which a run has told, in the order of the events."""
    return [one.step for _, one in store.events(run) if isinstance(one, Progress)]


def is_one_history(store: RunStore, run: str) -> bool:
    """Return whether no step is told twice, and none goes back."""
    return all(a < b for a, b in pairwise(steps(store, run)))


def owners(what: str, count: int, turn: int = 0) -> Iterator[str]:
    """Return the tokens of so many browsers."""
    return (f"{what}-{turn}-{number}".ljust(32, "_") for number in range(count))
