"""Messages that cross: whatever their order, nothing is lost and both sides end alike."""

from collections import deque
from dataclasses import dataclass, field

from hypothesis import given
from hypothesis import strategies as st

from cnnlib.ui.journal import Journal

KEY = "a"


@dataclass
class Wire:
    """A browser and a server with one control of few values, and what is on its way."""

    journal: Journal = field(default_factory=Journal)
    server: int = 0
    browser: int = 0
    change: int = 0  # of Python's, that the browser has taken over
    touched: int = 0
    come: list = field(default_factory=list)
    marks: list = field(default_factory=list)
    up: deque = field(default_factory=deque)
    down: deque = field(default_factory=deque)
    acts: int = 0
    seen: int = 0
    last: int = 0  # what was done last, in the order in which the server comes to know of it

    def person(self, value):
        """Have a person set the control; the message leaves at once.

        Whether a person has gone back to a value or has not moved, nobody can tell as long as
        something is on its way there: in that moment they choose a new one.
        """
        if self.down or self.up:
            value = 10 + self.acts
        if value != self.browser:
            self.browser, self.touched = value, self.change
            self.acts += 1
            self.send()

    def send(self):
        self.up.append((self.browser, tuple(self.marks[-32:]), self.touched, self.acts))

    def python(self, value):
        """Python sets the control in the run for the next message, if one has come."""
        self.hear(value)

    def hear(self, value=None):
        """Have the server make a run for the next message."""
        if not self.up:
            return
        shown, marks, touched, acts = self.up.popleft()
        self.journal.begin(marks)
        self.server, again = self.journal.settle(KEY, shown, touched)
        if acts > self.seen:
            self.seen, self.last = acts, shown
        if value not in (None, self.server):
            self.journal.change(KEY, self.server, value)
            self.server = self.last = value
            again = True
        sent = [KEY] if again and list(self.journal) else []
        mark = self.journal.mark(sent)
        self.down.append((self.server if sent else None, mark, self.journal.waits().get(KEY, 0)))

    def arrive(self):
        """Have the next packet arrive: the control takes over what was set."""
        if self.down:
            value, mark, change = self.down.popleft()
            if value is not None:
                self.browser = value
            self.change = change
            if mark is not None:
                self.come.append(mark)

    def ear(self):
        """Have the ear tell what has arrived."""
        if self.come:
            self.marks += self.come
            self.come.clear()
            self.send()

    def lose(self):
        """Throw the next packet away, as a newer run does."""
        if len(self.down) > 1:
            self.down.popleft()

    def settle(self):
        for _ in range(400):
            if not (self.up or self.down or self.come):
                return
            self.hear()
            self.arrive()
            self.ear()
        raise AssertionError("they never come to rest")


ACTS = st.one_of(
    st.tuples(st.sampled_from(["hear", "arrive", "ear", "lose", "send"])),
    st.tuples(st.sampled_from(["person", "python"]), st.integers(0, 2)),
)


@given(st.lists(ACTS, max_size=40))
def test_both_sides_end_with_what_was_done_last(acts):
    wire = Wire()
    for act, *value in acts:
        getattr(wire, act)(*value)
    wire.send()
    wire.settle()
    assert wire.browser == wire.server
    assert wire.server == wire.last


def test_a_message_that_left_before_a_change_does_not_undo_it():
    journal = Journal()
    journal.change(KEY, "old", "new")
    for _ in range(3):
        journal.begin([])
        assert journal.settle(KEY, "old") == ("new", True)


def test_what_a_person_does_once_a_change_has_arrived_counts_be_it_the_old_value():
    journal = Journal()
    journal.change(KEY, "old", "new")
    mark = journal.mark([KEY])
    touched = journal.waits()[KEY]
    journal.begin([mark])
    assert journal.settle(KEY, "old", touched) == ("old", False)
    assert list(journal) == []


def test_a_control_that_is_not_on_the_screen_is_sent_the_change_again_and_again():
    journal = Journal()
    journal.change(KEY, "old", "new")
    for _ in range(5):
        journal.begin([journal.mark([KEY])])
        assert journal.settle(KEY, "old") == ("new", True)
    journal.begin([journal.mark([KEY])])
    assert journal.settle(KEY, "new") == ("new", False)
    assert list(journal) == []


def test_what_a_person_does_while_a_change_is_on_its_way_is_sent_after_it():
    journal = Journal()
    journal.change(KEY, "old", "new")
    journal.mark([KEY])
    journal.begin([])
    assert journal.settle(KEY, "chosen") == ("chosen", True)
    assert journal.settle(KEY, "new") == ("chosen", True)


def test_a_change_that_was_thrown_away_on_its_way_is_sent_again():
    journal = Journal()
    journal.change(KEY, "old", "new")
    assert journal.unsent() == [KEY]
    journal.mark([KEY])
    assert journal.unsent() == []
    journal.begin([])
    later = journal.mark([])
    journal.begin([later])
    assert journal.unsent() == [KEY]
    assert journal.settle(KEY, "old") == ("new", True)


def test_packets_of_a_run_share_a_mark_as_long_as_the_same_has_left():
    journal = Journal()
    assert journal.mark([]) is None
    journal.change(KEY, 0, 1)
    first = journal.mark([KEY])
    assert journal.mark([KEY]) == first
    journal.change("b", "", "x")
    assert journal.mark([KEY, "b"]) == first + 1
    journal.begin([])
    assert journal.mark([KEY, "b"]) == first + 2


def test_a_control_without_changes_says_what_it_shows():
    assert Journal().settle(KEY, "x") == ("x", False)
