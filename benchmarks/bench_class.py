"""A class on one server: many people act at once, beside the same class on a one-line app."""

import asyncio
import os
import tempfile
import time
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AsyncExitStack
from pathlib import Path
from random import Random
from statistics import median, quantiles

from benchmarks.report import Row
from benchmarks.visitors import Visitor
from cnnlib.kernels import KERNELS
from tests.browser import harness

PEOPLE, WATCHERS = 50, 10
THINK_S = 3.0, 5.0  # the shortest and the longest pause between two acts of one visitor
ACTS_S = 10.0  # how long the class acts
BURST, BURST_S = 100, 5.0  # how many people open one link, and within how long
STROKE = 8  # messages of the pad
PEN = 80  # its diameter, in pad units
READY_S = 8.0  # in which a server loads its libraries, and gets ready to train
LINK = "convolution_2d", "outputs=same"
_BARE = "import streamlit as st\nst.write(st.text_input('say', key='say'))"

Act = Callable[[Visitor, int], Awaitable[list[float]]]


async def _draw(visitor: Visitor, turn: int) -> list[float]:
    spent = []
    for part in range(1, STROKE + 1):
        places = [(300 + 40 * step, 200 + 60 * step) for step in range(part + 1)]
        points = [number for x, y in places for number in (x, y, PEN)]
        drawing = {
            "sequence": STROKE * turn + part,
            "strokes": [{"points": points, "erase": False}],
            "down": part < STROKE,
        }
        spent.append(await visitor.keep("paper", drawing=drawing))
    return spent


async def _type(visitor: Visitor, turn: int) -> list[float]:
    edit = {"operand": "kernel", "cell": 0, "text": str(turn % 7)}
    return [await visitor.say("walk2d", edit=edit)]


async def _filter(visitor: Visitor, turn: int) -> list[float]:
    texts = [kernel.text for kernel in KERNELS.values()]
    return [await visitor.act("kernel", string_value=texts[turn % len(texts)])]


async def _say(visitor: Visitor, turn: int) -> list[float]:
    return [await visitor.act("say", string_value=str(turn))]


OURS: tuple[tuple[str, Act], ...] = (
    ("draw", _draw),
    ("convolution_2d", _type),
    ("kernels", _filter),
)
BARE: tuple[tuple[str, Act], ...] = (("", _say),)


def run() -> list[Row]:
    """Have a class come to both apps, and return the rows."""
    with tempfile.TemporaryDirectory() as folder:
        bare = Path(folder) / "bare.py"
        bare.write_text(_BARE)
        theirs = _figures(bare, BARE, ("", ""), 0)
    ours = _figures(harness.ROOT / "serve.py", OURS, LINK, WATCHERS)
    peer = "a Streamlit app of one line under the same load"
    rows = []
    for what, (unit, figure) in ours.items():
        other = theirs.get(what, (unit, None))[1]
        rows.append(Row(what, figure, unit, None, False, peer if other else "", other))
    return rows


def _figures(
    script: Path, roles: Sequence[tuple[str, Act]], link: tuple[str, str], watchers: int
) -> dict[str, tuple[str, float]]:
    """Return the unit and the value of each figure."""
    with harness.serve(script) as address:
        server = _Server()
        time.sleep(READY_S if watchers else 1)
        acts, ticks, share, each = asyncio.run(_class(address, roles, watchers, server))
        opened = asyncio.run(_burst(address, link))
    people = f"{PEOPLE} people"
    found = {
        f"{people}, an act each in 3 to 5 s: median": ("ms", 1000 * median(acts)),
        f"{people}: 95th percentile": ("ms", 1000 * _late(acts)),
        f"{people}: the server process, of one core": ("%", 100 * share),
        f"{people}: memory for each": ("MB", each),
        f"{BURST} open a link in {BURST_S:g} s: median": ("ms", 1000 * median(opened)),
        f"{BURST} open a link in {BURST_S:g} s: 95th percentile": ("ms", 1000 * _late(opened)),
    }
    if ticks:
        found[f"an update for {WATCHERS} who watch a run: median"] = ("ms", 1000 * median(ticks))
    return found


def _late(times: list[float]) -> float:
    return quantiles(times, n=20)[-1]


async def _class(
    address: str, roles: Sequence[tuple[str, Act]], watchers: int, server: "_Server"
) -> tuple[list[float], list[float], float, float]:
    """Have people come, act and leave.

    Returns
    -------
    acts, ticks : list of float
        The seconds to each answer, and to each update of a run that is watched.
    share : float
        The share of one core that the server took meanwhile.
    each : float
        MB of memory that the server took for each visitor.
    """
    async with AsyncExitStack() as room:
        for page, act in roles:  # so that libraries, which are loaded once, are not counted
            visitor = await room.enter_async_context(Visitor(address, page))
            await visitor.open()
            await act(visitor, 0)
        run = ""
        if watchers:
            owner = await room.enter_async_context(Visitor(address, "train", "epochs=100"))
            await owner.open()
            await owner.act("start", trigger_value=True)
            run = owner.query
        before = server.memory
        people = [
            (Visitor(address, "train", run), None)
            if number < watchers
            else (Visitor(address, roles[number % len(roles)][0]), roles[number % len(roles)][1])
            for number in range(PEOPLE)
        ]
        for visitor, _ in people:
            await room.enter_async_context(visitor)
            await visitor.open()
            visitor.ticks.clear()
        begun, spent = time.perf_counter(), server.seconds
        acts = await asyncio.gather(
            *(
                _acts(visitor, act, Random(number))  # noqa: S311 - the same in every run
                for number, (visitor, act) in enumerate(people)
            )
        )
        share = (server.seconds - spent) / (time.perf_counter() - begun)
        return (
            [spent for one in acts for spent in one],
            [spent for visitor, _ in people for spent in visitor.ticks],
            share,
            (server.memory - before) / PEOPLE,
        )


async def _acts(visitor: Visitor, act: Act | None, chance: Random) -> list[float]:
    spent: list[float] = []
    over, turn, pause = time.perf_counter() + ACTS_S, 1, chance.uniform(0, THINK_S[1])
    while act and time.perf_counter() + pause < over:
        await asyncio.sleep(pause)
        spent += await act(visitor, turn)
        turn, pause = turn + 1, chance.uniform(*THINK_S)
    await asyncio.sleep(max(0.0, over - time.perf_counter()))
    return spent


async def _burst(address: str, link: tuple[str, str]) -> list[float]:
    """Have many people open one link at nearly one time; return the seconds to each one's page."""

    async def come(after: float) -> float:
        await asyncio.sleep(after)
        async with Visitor(address, *link) as visitor:
            return await visitor.open()

    chance = Random(0)  # noqa: S311 - the same in every run
    return await asyncio.gather(*(come(chance.uniform(0, BURST_S)) for _ in range(BURST)))


class _Server:
    """The process that was started last, with its memory and time as Linux tells them."""

    def __init__(self) -> None:
        own = Path(f"/proc/{os.getpid()}/task/{os.getpid()}/children")
        self._folder = Path("/proc") / own.read_text().split()[-1]

    @property
    def memory(self) -> float:
        """MB of memory that the process holds."""
        pages = int((self._folder / "statm").read_text().split()[1])
        return pages * os.sysconf("SC_PAGE_SIZE") / 2**20

    @property
    def seconds(self) -> float:
        """Seconds of processor time that the process has had."""
        told = (self._folder / "stat").read_text().rpartition(")")[2].split()
        return (int(told[11]) + int(told[12])) / os.sysconf("SC_CLK_TCK")
