"""Front seats: the first few who look at something see it more often than the rest."""

from collections.abc import Hashable
from threading import Lock
from time import monotonic


class Seats:
    """Some seats for all visitors of a server. Any thread may ask.

    Parameters
    ----------
    count : int
        How many there are.
    lasts_s : float
        Seconds without its visitor after which a seat is free again.
    """

    def __init__(self, count: int, lasts_s: float) -> None:
        self._count, self._lasts_s = count, lasts_s
        self._seen: dict[Hashable, float] = {}
        self._lock = Lock()

    def take(self, who: Hashable) -> bool:
        """Take a seat, or keep one's own; return whether there was one."""
        now = monotonic()
        with self._lock:
            self._seen = {one: at for one, at in self._seen.items() if at > now - self._lasts_s}
            if who in self._seen or len(self._seen) < self._count:
                self._seen[who] = now
            return who in self._seen
