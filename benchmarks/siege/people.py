"""The class: fifty honest visitors behind one address, as a lecture hall has.

Half of them draw: a stroke of eight messages, one after the other as the pad sends them, and then
a look at the answer for two to four seconds. The others step in one dimension: a press of an arrow
key each 0.7 to 1.3 seconds, after which the player tells where its cursor rests. Six of them have
started a run before, which trains in its turn meanwhile.
"""

import asyncio
from contextlib import AsyncExitStack
from random import Random
from time import perf_counter

from benchmarks.visitors import Visitor

PEOPLE, RUNS = 50, 6
HALL = "127.0.0.9"
_STROKE = 8  # messages
_SEVEN = [n for at in range(2 * _STROKE) for n in (300 + 20 * at, 200 + 30 * at, 80)]
_LOOK_S, _STEP_S = (2.0, 4.0), (0.7, 1.3)


class Class:
    """The visitors, who stay as long as the server is looked at.

    Parameters
    ----------
    address : str
        The server's.
    """

    def __init__(self, address: str) -> None:
        self._room, self._address = AsyncExitStack(), address
        self._drawing = [self._visitor(address, "draw", at) for at in range(0, PEOPLE, 2)]
        self._stepping = [
            self._visitor(address, "convolution_1d", at) for at in range(1, PEOPLE, 2)
        ]
        self._turns = 0

    def _visitor(self, address: str, page: str, number: int) -> Visitor:
        return Visitor(address, page, owner=f"{number:032}", host=HALL)

    async def __aenter__(self) -> "Class":
        for number in range(RUNS):
            async with self._visitor(self._address, "train", number) as visitor:
                await visitor.open()
                await visitor.act("start", trigger_value=True)
        for visitor in (*self._drawing, *self._stepping):
            await self._room.enter_async_context(visitor)
            await visitor.open()
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._room.aclose()

    async def act(self, seconds: float) -> list[float]:
        """Have everybody draw or step for so long; return the seconds to each answer."""
        over = perf_counter() + seconds
        acts = [self._draw(one, over) for one in self._drawing]
        acts += [self._step(one, over) for one in self._stepping]
        return [spent for one in await asyncio.gather(*acts) for spent in one]

    async def _draw(self, visitor: Visitor, over: float) -> list[float]:
        chance, spent = Random(), []  # noqa: S311 - nothing secret
        await asyncio.sleep(chance.uniform(0, _LOOK_S[1]))
        while perf_counter() < over:
            for part in range(1, _STROKE + 1):
                self._turns += 1
                drawing = {
                    "sequence": self._turns,
                    "strokes": [{"points": _SEVEN[: 6 * part], "erase": False}],
                    "down": part < _STROKE,
                }
                spent.append(await visitor.keep("paper", drawing=drawing))
            await asyncio.sleep(chance.uniform(*_LOOK_S))
        return spent

    async def _step(self, visitor: Visitor, over: float) -> list[float]:
        chance, spent, step = Random(), [], 0  # noqa: S311
        await asyncio.sleep(chance.uniform(0, _STEP_S[1]))
        while perf_counter() < over:
            step = (step + 1) % 6
            spent.append(await visitor.keep("walk", cursor={"step": step, "lead": 0}))
            await asyncio.sleep(chance.uniform(*_STEP_S))
        return spent
