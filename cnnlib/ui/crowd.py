"""Turns of the processor: whoever takes little of it is answered at once, whoever takes much waits.

All scripts share one interpreter. A class whose scripts take some milliseconds each would wait
behind a few visitors whose scripts never rest. So each browser's time is counted, and that of the
newcomers at one address together, because a stranger makes up a new browser at each visit. Those
who took much of late run one at a time, and together only as long as the others leave time.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp
from threading import Condition
from time import monotonic, thread_time

import streamlit as st

from cnnlib.ui.owner import address, tokens

MUCH_S = 0.5  # processor seconds within `LATELY_S`, more than a person takes who draws and rests
MUCH_NEW_S = 0.15  # of all newcomers at one address: two pages
LATELY_S = 10.0
NEW_S = 20.0  # how long a browser counts as a newcomer
ALL = 0.9  # of the processor, of which those who take much get what the others leave
LEAST = 0.2  # and at least this share
LONGEST_S = 2.0  # one who takes much is alone for no longer, because a script may wait for others
_MOST_KNOWN = 20_000  # browsers


@dataclass
class _Use:
    seconds: float = 0.0
    at: float = 0.0

    def now(self, clock: float) -> float:
        return self.seconds * exp((self.at - clock) / LATELY_S)

    def add(self, seconds: float, clock: float) -> None:
        self.seconds, self.at = self.now(clock) + seconds, clock


@dataclass(eq=False)
class _Waiting:
    account: str


class Crowd:
    """All visitors' turns. Any thread may call any method.

    Parameters
    ----------
    clock, spent : callable
        Seconds that never go back, and seconds of processor time of the thread that calls.
    """

    def __init__(
        self, clock: Callable[[], float] = monotonic, spent: Callable[[], float] = thread_time
    ) -> None:
        self._clock, self._spent = clock, spent
        self._used: dict[str, _Use] = {}
        self._first: dict[str, float] = {}  # when each browser came
        self._light = _Use()  # of all who take little
        self._waiting: list[_Waiting] = []
        self._changed = Condition()
        self._next = 0.0  # when the next of those who take much may run
        self._last: _Waiting | None = None  # the one of them who ran last

    @contextmanager
    def turn(self, browser: str, place: str) -> Iterator[None]:
        """Wait for a visitor's turn, if the visitor has to, and count the time that is then taken.

        Parameters
        ----------
        browser : str
            The browser's token; "" if it has none.
        place : str
            Its address.
        """
        accounts = self._accounts(browser, place)
        turn = self._wait(accounts)
        began = self._spent()
        try:
            yield
        finally:
            self._leave(accounts, self._spent() - began, turn)

    def _accounts(self, browser: str, place: str) -> dict[str, float]:
        """Return a visitor's accounts, the browser's own first, and how much is much there."""
        here, now = f"new at {place}", self._clock()
        if not browser:
            return {here: MUCH_NEW_S}
        with self._changed:
            if len(self._first) >= _MOST_KNOWN:
                del self._first[next(iter(self._first))]
            came = self._first.setdefault(browser, now)
        return {browser: MUCH_S} | ({here: MUCH_NEW_S} if now - came < NEW_S else {})

    def _taken(self, account: str, now: float) -> float:
        """Return how much was taken of late from an account."""
        return self._used[account].now(now) if account in self._used else 0.0

    def _wait(self, accounts: dict[str, float]) -> _Waiting | None:
        """Wait until a visitor may run; return the turn of one who takes much, or None."""
        with self._changed:
            now = self._clock()
            if all(self._taken(one, now) < much for one, much in accounts.items()):
                return None
            turn = _Waiting(next(iter(accounts)))
            self._waiting.append(turn)
            # One look at the clock decides, so that nobody takes a moment that has just come for
            # one that is over, and sleeps.
            while (left := self._next - (now := self._clock())) > 0 or not self._is_first(
                turn, now
            ):
                self._changed.wait(left if left > 0 else LONGEST_S)
            self._waiting.remove(turn)
            self._last, self._next = turn, self._clock() + LONGEST_S
            self._changed.notify_all()  # the others wait for another moment now
            return turn

    def _is_first(self, one: _Waiting, now: float) -> bool:
        """Return whether one of those who wait has taken least, or as little and waits longest."""
        return min(self._waiting, key=lambda other: self._taken(other.account, now)) is one

    def _leave(self, accounts: Iterable[str], spent: float, turn: _Waiting | None) -> None:
        with self._changed:
            now = self._clock()
            for one in accounts:
                self._used.setdefault(one, _Use()).add(spent, now)
            if turn is None:
                self._light.add(spent, now)
            elif turn is self._last:
                share = max(LEAST, ALL - self._light.now(now) / LATELY_S)
                self._next = now + spent * (1 / share - 1)
            self._changed.notify_all()  # whose turn is next may be another one now
            if len(self._used) > _MOST_KNOWN:
                self._used = {k: one for k, one in self._used.items() if one.now(now) > 0.01}


_crowd = Crowd()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for this visitor's turn to run a script, and count the time that the script takes."""
    browser = next(iter(tokens(st.context.cookies).values()), "")
    with _crowd.turn(browser, address()):
        yield
