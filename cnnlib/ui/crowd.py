"""Turns of the processor: whoever takes little of it is answered at once, whoever takes much waits.

All scripts share one interpreter. A class whose scripts take some milliseconds each would wait
behind a few visitors whose scripts never rest. So each browser's time is counted, and that of the
newcomers at one address together, because a stranger makes up a new browser at each visit. Those
who took much of late run one at a time, and together only as long as the others leave time. Of
these, newcomers and known browsers come in turn, so that neither keep the others out: a hall that
arrives is not kept out by known browsers, nor a known browser by ever new ones.
"""

from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from math import exp
from threading import Condition, Lock
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
    is_new: bool
    called: Condition


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
        self._came: dict[str, float] = {}  # when each browser came
        self._light = _Use()  # of all who take little
        self._waiting: list[_Waiting] = []
        self._lock = Lock()
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
        turn = self._wait(accounts, browser)
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
        with self._lock:
            if len(self._came) >= _MOST_KNOWN:
                del self._came[next(iter(self._came))]
            came = self._came.setdefault(browser, now)
        return {browser: MUCH_S} | ({here: MUCH_NEW_S} if now - came < NEW_S else {})

    def _taken(self, account: str, now: float) -> float:
        """Return how much was taken of late from an account."""
        return self._used[account].now(now) if account in self._used else 0.0

    def _wait(self, accounts: dict[str, float], browser: str) -> _Waiting | None:
        """Wait until a visitor may run; return the turn of one who takes much, or None.

        The first of those who wait sleeps until the next moment, and the others until they are
        called: nobody else wakes when a moment comes or somebody leaves, because a thousand who
        wake take all of the processor. One that wakes without being the first calls the first.
        """
        with self._lock:
            now = self._clock()
            if all(self._taken(one, now) < much for one, much in accounts.items()):
                return None
            account = next(reversed(accounts))
            turn = _Waiting(account, account != browser, Condition(self._lock))
            self._waiting.append(turn)
            # One look at the clock decides, so that nobody takes a moment that has just come for
            # one that is over, and sleeps.
            while (first := self._first_of(now)) is not turn or self._next > now:
                self._sleep(turn, self._next - now if first is turn else None)
                now = self._clock()
                if (first := self._first_of(now)) is not turn:
                    first.called.notify()
            self._waiting.remove(turn)
            self._last, self._next = turn, now + LONGEST_S
            self._call()
            return turn

    def _sleep(self, turn: _Waiting, seconds: float | None) -> None:
        turn.called.wait(seconds)

    def _first_of(self, now: float) -> _Waiting:
        """Return whose turn is next: of the kind that did not come last, who has taken least."""
        new_before = self._last is not None and self._last.is_new

        def rank(one: _Waiting) -> tuple[bool, float]:
            return one.is_new == new_before, self._taken(one.account, now)

        return min(self._waiting, key=rank)

    def _call(self) -> None:
        """Wake the first of those who wait, because the next moment is another one now."""
        if self._waiting:
            self._first_of(self._clock()).called.notify()

    def _leave(self, accounts: Iterable[str], spent: float, turn: _Waiting | None) -> None:
        with self._lock:
            now = self._clock()
            for one in accounts:
                self._used.setdefault(one, _Use()).add(spent, now)
            if turn is None:
                self._light.add(spent, now)
            elif turn is self._last:
                share = max(LEAST, ALL - self._light.now(now) / LATELY_S)
                self._next = now + spent * (1 / share - 1)
                self._call()
            if len(self._used) > _MOST_KNOWN:
                self._used = {k: one for k, one in self._used.items() if one.now(now) > 0.01}


_crowd = Crowd()


@contextmanager
def turn() -> Iterator[None]:
    """Wait for this visitor's turn to run a script, and count the time that the script takes."""
    browser = next(iter(tokens(st.context.cookies).values()), "")
    with _crowd.turn(browser, address()):
        yield
