"""Events that components say: each has a number, is repeated until taken, and is taken once.

A component writes its events into its state, which travels with every message of the browser, and
says them again until a packet of Python's tells that they have arrived.
"""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field
from typing import Any

from cnnlib.ui.told import items, record, text, whole

_MOST = 200  # events at once
_LONGEST_NAME = 40


@dataclass
class _Event:
    value: Any
    read: bool = False


@dataclass
class Mailbox:
    """The events of one tab.

    Attributes
    ----------
    session : str
        The session's name; events that were said to an earlier session do not count.
    arrival : int
        How often another link was opened; events that were said on an earlier link do not count.
    taken : dict
        For each component, by its key, the number of its last event that has arrived.
    """

    session: str
    arrival: int = 0
    taken: dict[str, int] = field(default_factory=dict)
    _events: dict[tuple[str, str], list[_Event]] = field(default_factory=dict)
    _latest: dict[tuple[str, str], Any] = field(default_factory=dict)

    def receive(self, key: str, said: object, *, lasting: bool = False) -> set[int]:
        """Take in what a component says.

        Parameters
        ----------
        key : str
            The component's key.
        said : object
            The component's words, which may be anything, because they come from a browser.
        lasting : bool
            Whether the events count beyond the link on which they were said.

        Returns
        -------
        set of int
            The marks of the packets that have come to the browser last.
        """
        letter = record(said, session=text(_LONGEST_NAME), serial=whole())
        if not isinstance(said, Mapping) or letter is None or letter["session"] != self.session:
            return set()
        last = self.taken.get(key, 0)
        for one in items(said.get("events"), _MOST):
            event = record(one, serial=whole(), name=text(_LONGEST_NAME), arrival=whole())
            if event is None or event["serial"] <= last:
                continue
            last = event["serial"]
            if lasting or event["arrival"] == self.arrival:
                place = (key, event["name"])
                self._events.setdefault(place, []).append(_Event(one.get("value")))
                self._latest[place] = one.get("value")
        self.taken[key] = max(last, letter["serial"])
        marks = (whole()(mark) for mark in items(said.get("heard"), _MOST))
        return {mark for mark in marks if mark is not None}

    def begin(self) -> None:
        """Begin a run: events that an earlier run has read are done with."""
        for place, events in list(self._events.items()):
            left = [event for event in events if not event.read]
            if left:
                self._events[place] = left
            else:
                del self._events[place]

    def read(self, key: str, name: str) -> list[Any]:
        """Return a component's new events of one name, in order; in this run, and in no other."""
        events = self._events.get((key, name), [])
        for event in events:
            event.read = True
        return [event.value for event in events]

    def latest(self, key: str, name: str) -> Any:
        """Return the last event of one name since the link was opened, or None."""
        return self._latest.get((key, name))

    def leave(self, lasting: Collection[str]) -> None:
        """Forget what was said on a page that is left, except by the components named."""
        for place in list(self._events):
            if place[0] not in lasting:
                del self._events[place]
        for place in list(self._latest):
            if place[0] not in lasting:
                del self._latest[place]
