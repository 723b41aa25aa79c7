"""A reader returns something of the right type, or nothing, for anything a component says."""

import itertools

import numpy as np
import pytest
from hypothesis import example, given, settings

from cnnlib.figures.panels import Cell
from cnnlib.ui import heard, inside, owner
from cnnlib.ui.components import (
    answer,
    learning,
    magnifier,
    maps,
    netview,
    pad,
    player,
    stage,
    unit,
)
from cnnlib.walkthroughs import convolution
from tests.ui.nonsense import NONSENSE

_WALK = convolution(np.arange(5.0), np.array([1.0, 2]), "flip-and-filter")
_keys = itertools.count()


def verdict(key):
    """Return what the player would be told of an answer."""
    return player._verdict([_WALK], heard.here().mailbox.latest(key, "answer"))


# For each reader: the name of what it reads, and the types of what it returns.
READERS = {
    answer.chosen: ("digit", int | None),
    learning.looked: ("looked", learning.Looked | None),
    learning.picked: ("picture", learning.Picked | None),
    learning.pressed: ("space", bool),
    magnifier.place: ("at", tuple | None),
    magnifier.typed: ("kernel", str | None),
    maps.take_choice: ("cell", tuple),
    netview.take_choice: ("unit", tuple),
    pad.message: ("drawing", pad.Message | None),
    pad.sample: ("sample", int | None),
    player.cursor: ("cursor", tuple | None),
    player.edits: ("edit", list),
    unit.released: ("release", bool),
    verdict: ("answer", dict | None),
}


def say(key, name, value):
    """Have a component say and keep something."""
    here = heard.here()
    box, serial = here.mailbox, here.mailbox.taken.get(key, 0) + 1
    event = {"serial": serial, "name": name, "arrival": box.arrival, "value": value}
    letter = {"session": box.session, "serial": serial, "heard": value, "events": [event, value]}
    inside.memory()[key] = {name: {"arrival": box.arrival, "value": value}, "said": letter}
    box.begin()
    box.receive(key, letter)


@pytest.mark.parametrize(
    "reader", READERS, ids=lambda reader: f"{reader.__module__}.{reader.__name__}"
)
@settings(max_examples=40)
@given(value=NONSENSE)
@example(value=float("nan"))
@example(value={"activation": 10**400, "index": [0, 0, 0]})
@example(value={"serial": 1, "walk": 9, "step": 10**6, "typed": "9" * 5000})
def test_a_reader_takes_anything(reader, value):
    name, kind = READERS[reader]
    key = f"{name}.{next(_keys)}"
    say(key, name, value)
    assert isinstance(reader(key), kind)


@given(value=NONSENSE)
def test_the_stage_and_the_cookie_may_say_anything(value):
    for key, name in ((stage.KEY, "add"), (stage.KEY, "speak"), (stage.KEY, "window")):
        say(key, name, value)
        assert isinstance(stage.added(), str | None)
        assert isinstance(stage.speaks(), int | None)
        assert isinstance(stage.window(), str)
    say("owner_cookie", "value", value)
    assert len(owner.owner()) == 32


def test_what_is_said_well_is_read():
    say("a", "cell", {"panel": 1, "row": 2, "column": 3.0, "more": "x"})
    assert maps.take_choice("a") == (True, Cell(1, 2, 3))
    say("a", "cell", None)
    assert maps.take_choice("a") == (True, None)
    say("b", "unit", {"activation": 3, "index": [0, 1, 2]})
    assert netview.take_choice("b") == (True, (3, (0, 1, 2)))
    say("c", "edit", {"operand": "input", "cell": None, "text": "1,2"})
    assert player.edits("c") == [player.Edit("input", None, "1,2")]
    say("d", "cursor", {"step": 4, "lead": 1})
    assert player.cursor("d") == (4, 1)
    say("e", "answer", {"serial": 2, "walk": 0, "step": None, "typed": "6"})
    assert verdict("e") | {"sentence": ""} == {
        "serial": 2,
        "step": None,
        "right": True,
        "sentence": "",
    }
