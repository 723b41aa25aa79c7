"""One tab's conversation between browser and Python: no click is lost, and no change is undone.

The link, the controls and the words of components are read and written through here. The first read
or write of a run mends old values in the browser's message. Nothing in here stops a run.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from secrets import token_hex
from typing import Any

from cnnlib.ui import inside
from cnnlib.ui.addresses import Addresses
from cnnlib.ui.journal import Journal
from cnnlib.ui.mailbox import Mailbox
from cnnlib.ui.told import whole

EAR = "ear"  # the key of the component that tells for the page
_KEY = "classroom.heard"
_NEVER = object()


@dataclass
class Heard:
    """The state of the conversation.

    Attributes
    ----------
    mailbox : Mailbox
    mounted : dict of str to bool
        The keys of the components that were shown since the link was opened, and whether what
        they say counts beyond it.
    path : str
        The path of the page that is made.
    is_strange : bool
        Whether another link was opened that no run of the whole page has shown.
    """

    mailbox: Mailbox
    mounted: dict[str, bool] = field(default_factory=dict)
    path: str = ""
    is_strange: bool = False
    _journal: Journal = field(default_factory=Journal)
    _addresses: Addresses = field(default_factory=Addresses)
    _link: dict[str, str] = field(default_factory=dict)
    _run: object = _NEVER
    _page: str = ""  # Streamlit's name of the page
    _touched: dict[str, int] = field(default_factory=dict)  # for each control, its change
    _written: set[str] = field(default_factory=set)  # controls that were set in this run
    _followed: set[str] = field(default_factory=set)  # controls before a packet
    _untold: set[str] = field(default_factory=set)  # opened by Python, and in no message yet

    # ---- the link --------------------------------------------------------------------------
    def link(self) -> dict[str, str]:
        """Return the link's fields."""
        return self._link

    def write(self, name: str, text: str) -> None:
        """Set a field of the link; an empty text takes it out."""
        if text:
            self._link[name] = text
        else:
            self._link.pop(name, None)

    # ---- controls --------------------------------------------------------------------------
    def put(self, key: str, value: Any) -> None:
        """Set a control."""
        before = inside.recall(key, self)
        if before is not self and before == value:
            return
        if before is not self:
            self._journal.change(key, before, value)
        else:
            self._untold.add(key)
        self._set(key, value)

    def _set(self, key: str, value: Any) -> None:
        inside.memory()[key] = value
        self._written.add(key)

    # ---- packets ---------------------------------------------------------------------------
    def letter(self, key: str, *, lasting: bool) -> dict[str, Any]:
        """Return the letter that a packet to a component carries beside its data.

        When this method returns, all that was written into the link before has left.
        """
        self.send()
        self.mounted[key] = lasting
        sent = [name for name in self._journal if self._has_left(name)]
        self._followed.update(sent)
        mark = self._journal.mark(sent)
        return {
            "key": key,
            "page": self.path,
            "session": self.mailbox.session,
            "arrival": self.mailbox.arrival,
            "taken": self.mailbox.taken.get(key, 0),
            "mark": mark,
            "controls": self._journal.waits(),
        }

    def _has_left(self, name: str) -> bool:
        """Return whether a control was shown in this run after Python had set the control."""
        return name in self._written and inside.is_shown(name)

    def lacks_run(self) -> bool:
        """Return whether a control was set that only a run of the whole page can show.

        Where this run makes the whole page without the control, nothing waits for the control any
        more.
        """
        unshown = [name for name in self._journal.unsent() if not inside.is_shown(name)]
        if inside.is_whole():
            for name in unshown:
                self._journal.drop(name)
        return not inside.is_whole() and bool(unshown)

    def lacks_packet(self) -> bool:
        """Return whether a control was set that no packet has followed in this run."""
        left = {name for name in self._journal if self._has_left(name)}
        return bool(left - self._followed)

    # ---- runs ------------------------------------------------------------------------------
    def begin(self, run: object) -> None:
        """Begin a run: read the letters, and mend what is old in the message."""
        first, self._run = self._run is _NEVER, run
        self._written.clear()
        self._followed.clear()
        self._journal.begin(self._read_letters())
        self._touched = self._told_touched()
        self._read_link(first=first)
        for name in self._journal:
            self._mend(name)
        for name in list(self._untold):
            self._open_again(name)

    def _read_letters(self) -> set[int]:
        """Take in the words of components; return the marks of packets that have come."""
        self.mailbox.begin()
        heard: set[int] = set()
        for key, lasting in list(self.mounted.items()):
            told = inside.recall(key, self)
            if told is self:  # the component is on the page no more
                del self.mounted[key]
            elif isinstance(told, Mapping):
                heard |= self.mailbox.receive(key, told.get("said"), lasting=lasting)
        return heard

    def _told_touched(self) -> dict[str, int]:
        """Return the controls that people touched after Python had set them, as the ear tells."""
        told: Any = inside.recall(EAR)
        for name in ("touched", "value"):
            told = told.get(name) if isinstance(told, Mapping) else None
        if not isinstance(told, Mapping) or told.get("session") != self.mailbox.session:
            return {}
        controls = told.get("controls")
        numbers = controls.items() if isinstance(controls, Mapping) else ()
        return {str(name): whole()(number) or 0 for name, number in numbers}

    def _read_link(self, *, first: bool) -> None:
        """Take in the message's link; another link sets the controls."""
        if not first:
            self._addresses.write(self._link)  # the last run may have ended before sending the link
        # A run of a part of a page leads to no other page, even if its page was left meanwhile.
        goes_on = not inside.is_whole() or inside.asked_page() in ("", self._page)
        led = inside.was_led() or not goes_on
        is_other = False
        if first or inside.is_asked_by_browser():
            self._link, is_other = self._addresses.receive(dict(inside.fields()), led=led)
        if is_other:
            self._journal.forget()
        self.is_strange = not first and (self.is_strange or is_other)
        if self.is_strange and inside.is_whole():
            self.is_strange = False
            # A page that the menu leads to has an empty link, which says nothing.
            if self._link or goes_on:
                inside.lead()

    def _mend(self, name: str) -> None:
        shown = inside.recall(name, self)
        if shown is self:
            self._journal.drop(name)
        elif not inside.was_told(name):
            self._set(name, self._journal.last(name))
        else:
            counts, again = self._journal.settle(name, shown, self._touched.get(name, 0))
            if again:
                self._set(name, counts)

    def _open_again(self, name: str) -> None:
        """Send the value that a control opens with once more, unless a message has told of it.

        If a run follows the first one at once, its packets take the place of those that still wait,
        and a control whose value did not change in that run would open empty.
        """
        value = inside.recall(name, self)
        if value is self or inside.was_told(name):
            self._untold.discard(name)
        else:
            self._set(name, value)

    def send(self) -> None:
        """Send the link to the browser, unless the browser shows it."""
        self._page = self.page()  # a part may name a page that was left
        self._addresses.write(self._link)
        if self._addresses.is_due():
            inside.send_address(self._link)

    def page(self) -> str:
        """Return what Streamlit calls the page that is made, or of which a part is made."""
        return inside.page() if inside.is_whole() else self._page

    def leave(self) -> None:
        """Leave a page: words and changes of that page do not count on another one."""
        self.mailbox.leave(self._lasting())
        self._journal.forget()
        self._untold.clear()

    def arrive(self) -> None:
        """Note that another link was opened: nothing that was said before counts any more."""
        self.leave()
        self.mailbox.arrival += 1
        for key in self.mounted:
            inside.forget(key)
        self.mounted = dict.fromkeys(self._lasting(), True)

    def _lasting(self) -> list[str]:
        return [key for key, lasting in self.mounted.items() if lasting]


def here() -> Heard:
    """Return this tab's conversation; at the first call in a run, its message is mended."""
    found = inside.recall(_KEY)
    if found is None:
        found = Heard(Mailbox(token_hex(4)))
        inside.memory()[_KEY] = found
    run = inside.run()
    if found._run is not run:
        found.begin(run)
    return found
