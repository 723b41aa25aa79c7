"""Values to which Python has set controls, and which the browser may not know yet.

Each message of the browser holds the values of all controls as they stood when the message left.
One that left before a change of Python's had arrived brings the old value back, and nothing in the
message says so. So changes are noted here until the browser shows that they have arrived.
"""

from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from typing import Any

_LONGEST = 40  # values of one control, kept where the browser never tells which have arrived


@dataclass
class _Change:
    """The values that the browser may hold of one control.

    Attributes
    ----------
    values : list
        The value before the first change, and each value after that. The last value counts.
    number : int
        The last value's number.
    mark : int
        The mark of the last packet that left after the last value; 0 before one has.
    """

    values: list[Any]
    number: int = 0
    mark: int = 0


class Journal:
    """Changes of controls, by their keys."""

    def __init__(self) -> None:
        self._changes: dict[str, _Change] = {}
        self._heard: set[int] = set()
        self._changed = 0  # number of the last change
        self._last = 0  # mark
        self._marked: frozenset[str] | None = None

    def __iter__(self) -> Iterator[str]:
        """Iterate over the controls with changes that the browser may not know."""
        return iter(list(self._changes))

    def change(self, key: str, before: Any, after: Any) -> None:
        """Note a change from what the browser has, unless changes of the control are noted."""
        noted = self._changes.setdefault(key, _Change([before]))
        noted.values.append(after)
        self._changed += 1
        noted.number, noted.mark = self._changed, 0
        del noted.values[:-_LONGEST]

    def mark(self, sent: Iterable[str]) -> int | None:
        """Return a mark for a packet; the browser repeats the mark once it has the packet.

        Parameters
        ----------
        sent : iterable of str
            The controls whose last value has left in this run, before the packet.

        Returns
        -------
        int or None
            None where there is nothing to confirm. In a run, packets that follow the same
            values get the same mark.
        """
        if not self._changes:
            return None
        now = frozenset(sent)
        if now != self._marked:
            self._marked = now
            self._last += 1
        for key in now:
            self._changes[key].mark = self._last
        return self._last

    def begin(self, heard: Collection[int]) -> None:
        """Begin a run.

        Parameters
        ----------
        heard : collection of int
            The marks of the packets that have come to the browser last.
        """
        self._heard, self._marked = set(heard), None

    def waits(self) -> dict[str, int]:
        """Return the controls whose last value has left, with the number of that change."""
        return {key: noted.number for key, noted in self._changes.items() if noted.mark}

    def last(self, key: str) -> Any:
        """Return the last value of a control with changes."""
        return self._changes[key].values[-1]

    def settle(self, key: str, shown: Any, touched: int = 0) -> tuple[Any, bool]:
        """Return the value of a control that counts: Python's, or that of the message.

        Parameters
        ----------
        key : str
        shown : object
            The value in the browser's message.
        touched : int
            The number of the change after which a person has touched the control. A control that is
            not touched may show an old value even when the change has come: the control has not
            taken the change over yet, or is not on the screen, as in a closed popover.

        Returns
        -------
        value : object
        again : bool
            Whether the browser must be sent the value: for the first time, or once more.
        """
        noted = self._changes.get(key)
        if noted is None:
            return shown, False
        arrived, last = noted.mark in self._heard, noted.values[-1]
        if shown == last:
            if arrived or self._was_lost(noted):
                del self._changes[key]  # no change is on its way any more
            return last, noted.mark == 0
        if shown in noted.values and touched != noted.number:
            return last, True
        if arrived:
            del self._changes[key]
            return shown, False
        # A person chose this value, and a change that is on its way will overwrite it.
        self.change(key, None, shown)
        return shown, True

    def unsent(self) -> list[str]:
        """Return the controls whose last value has not left, or was thrown away on its way."""
        return [
            key for key, noted in self._changes.items() if noted.mark == 0 or self._was_lost(noted)
        ]

    def _was_lost(self, noted: _Change) -> bool:
        """Return whether a packet was thrown away, because one that left later has arrived."""
        return noted.mark not in self._heard and 0 < noted.mark < max(self._heard, default=0)

    def forget(self) -> None:
        """Forget all changes: another link decides."""
        self._changes.clear()

    def drop(self, key: str) -> None:
        """Forget the changes of one control."""
        self._changes.pop(key, None)
