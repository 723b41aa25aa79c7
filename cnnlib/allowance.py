"""Allowances: how much each visitor may take in a while.

A browser is told by its cookie, but a stranger can make up cookies, so addresses have allowances
too. Nothing of this is written down: an allowance is forgotten when the server ends.
"""

from collections import Counter, deque
from collections.abc import Callable
from dataclasses import dataclass
from ipaddress import IPv6Address, ip_address, ip_network
from threading import Lock
from time import monotonic

_STEPS = 1000  # amounts are noted apart from each other that lie further apart than such a part


def network_of(host: str) -> str:
    """Return the address by which a visitor is counted.

    An IPv6 address stands for its whole network of 64 bits, because one visitor has all of them.

    >>> network_of("10.0.0.1"), network_of("::ffff:10.0.0.1"), network_of("2001:db8::7")
    ('10.0.0.1', '10.0.0.1', '2001:db8::/64')
    """
    try:
        found = ip_address(host)
    except ValueError:
        return host
    if isinstance(found, IPv6Address):
        return str(found.ipv4_mapped or ip_network((found, 64), strict=False))
    return str(found)


@dataclass
class _Taken:
    at: float
    who: str
    amount: int


class Allowance:
    """An amount that each visitor may take within a time. Any thread may call any method.

    Parameters
    ----------
    most : float
    within_s : float
    clock : callable, optional
        Seconds that never go back.
    """

    def __init__(
        self, most: float, within_s: float, clock: Callable[[], float] = monotonic
    ) -> None:
        self.most, self.within_s, self._clock = most, within_s, clock
        self._taken: Counter[str] = Counter()
        self._when: deque[_Taken] = deque()
        self._last: dict[str, _Taken] = {}
        self._lock = Lock()

    def left(self, who: str) -> float:
        """Return how much a visitor may still take."""
        with self._lock:
            self._forget()
            return self.most - self._taken[who]

    def take(self, who: str, amount: int = 1) -> bool:
        """Take an amount, and return whether that was allowed; nothing is taken otherwise."""
        with self._lock:
            self._forget()
            if self._taken[who] + amount > self.most:
                return False
            if amount:
                self._note(who, amount)
            return True

    def _note(self, who: str, amount: int) -> None:
        """Note an amount, with the one before if that was just now, as of bytes one by one."""
        self._taken[who] += amount
        now, last = self._clock(), self._last.get(who)
        if last and now - last.at < self.within_s / _STEPS:
            last.amount += amount
        else:
            self._last[who] = _Taken(now, who, amount)
            self._when.append(self._last[who])

    def _forget(self) -> None:
        while self._when and self._when[0].at <= self._clock() - self.within_s:
            old = self._when.popleft()
            self._taken[old.who] -= old.amount
            if not self._taken[old.who]:
                del self._taken[old.who], self._last[old.who]
