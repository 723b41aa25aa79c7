"""Links that cross: whatever the order of messages, browser and server end at the same one."""

from collections import deque
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from cnnlib.ui.addresses import Addresses


def link(number, **more):
    return {"step": str(number)} | more


@dataclass
class Wire:
    """A browser and a server, and the links that are on their way between them."""

    addresses: Addresses = field(default_factory=Addresses)
    browser: dict = field(default_factory=dict)
    up: deque = field(default_factory=deque)
    down: deque = field(default_factory=deque)
    count: int = 0
    page: dict = field(default_factory=dict)  # what the server makes

    def __post_init__(self):
        self.addresses.receive({}, led=True)
        self.addresses.is_due()

    def send(self):
        """Have the browser send a message about anything else."""
        self.up.append((self.browser, False))

    def go(self, flagged):
        """Have a person open another link; the message may forget to say so."""
        self.count += 1
        self.browser = link(self.count, went="yes")
        self.up.append((self.browser, flagged))

    def hear(self, writes=False):
        """Have the server make a run for the next message, in which it may write the link."""
        if not self.up:
            return
        shown, led = self.up.popleft()
        self.page, _ = self.addresses.receive(shown, led=led)
        if writes:
            self.count += 1
            self.page = self.page | link(self.count)
        self.addresses.write(self.page)
        if self.addresses.is_due():
            self.down.append(self.page)

    def arrive(self):
        """Have the next link arrive at the browser."""
        if self.down:
            self.browser = self.down.popleft()

    def settle(self):
        while self.up or self.down:
            self.hear()
            self.arrive()


ACTS = st.one_of(
    st.tuples(st.sampled_from(["send", "arrive"])),
    st.tuples(st.just("hear"), st.booleans()),
    st.tuples(st.just("go"), st.booleans()),
)


@given(st.lists(ACTS, max_size=40))
def test_browser_and_server_end_at_the_same_link(acts):
    wire, opened = Wire(), 0
    for act, *more in acts:
        getattr(wire, act)(*more)
        opened += act == "go"
    wire.send()
    wire.settle()
    wire.send()
    wire.settle()
    assert wire.browser == wire.page
    # The link that a person opened last was shown: what Python wrote since was added to it.
    assert not opened or wire.page["went"] == "yes"


def test_a_link_that_python_has_replaced_is_old():
    addresses = Addresses()
    addresses.receive(link(1), led=True)
    addresses.write(link(2))
    assert addresses.is_due()
    assert addresses.receive(link(1), led=False) == (link(2), False)
    assert addresses.is_due()  # the browser may not get the first one
    assert addresses.receive(link(2), led=False) == (link(2), False)
    assert not addresses.is_due()


def test_a_link_that_python_never_wrote_was_opened_whether_or_not_the_message_says_so():
    addresses = Addresses()
    assert addresses.receive(link(1), led=False) == (link(1), False)  # the first one of all
    assert addresses.receive(link(7), led=False) == (link(7), True)
    assert not addresses.is_due()


def test_an_old_link_that_is_opened_again_counts():
    addresses = Addresses()
    addresses.receive(link(1), led=True)
    addresses.write(link(2))
    assert addresses.receive(link(1), led=True) == (link(1), True)
    assert addresses.is_due()  # the second one is still on its way


def test_what_was_written_and_not_sent_is_sent_with_the_next_run():
    addresses = Addresses()
    addresses.receive(link(1), led=True)
    addresses.write(link(2))
    assert addresses.receive(link(1), led=False)[0] == link(2)
    assert addresses.is_due()
