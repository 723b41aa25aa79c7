"""Words of components on their whole way: through the door, Streamlit, the mailbox, the readers."""

import json
from collections.abc import Callable
from random import Random

from streamlit.components.v2.bidi_component.serialization import BidiComponentSerde

from cnnlib.drawings.drawing import Drawing, rasterize
from cnnlib.server.messages import check
from cnnlib.ui import heard, inside, walk_room
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
from cnnlib.walkthroughs import convolution, typed
from tests.fuzzing.messages import WORDS, words

_WALKS = [convolution([[1, 2], [3, 4]], [[1, 0]])]
_OPERANDS = {"input": ("a", "1,2;3,4"), "kernel": ("b", "1,0")}


def _pad(key: str) -> None:
    pad.sample(key)
    if message := pad.message(key):
        rasterize(Drawing.parse(message.strokes))


def _player(key: str) -> None:
    walk_room.take_edit(key, _OPERANDS, (32, 32))
    step, lead = player.cursor(key) or (0, 0)
    told = player._verdict(_WALKS, heard.here().mailbox.latest(key, "answer"))
    json.dumps([step, lead, told], allow_nan=False)


def _learning(key: str) -> None:
    learning.picked(key)
    learning.pressed(key)
    learning.selected([], key)


def _magnifier(key: str) -> None:
    magnifier.place(key)
    if (kernel := magnifier.typed(key)) is not None:
        typed.read_grid(kernel, 15, 15)


def _stage(key: str) -> None:
    json.dumps([stage.added(), stage.speaks(), stage.window()], allow_nan=False)


READERS: dict[str, Callable[[str], object]] = {
    "answer": answer.chosen,
    "learning": _learning,
    "magnifier": _magnifier,
    "maps": maps.take_choice,
    "netview": netview.take_choice,
    "pad": _pad,
    "player": _player,
    "stage": _stage,
    "unit": unit.released,
}


def components(chance: Random) -> None:
    """Have a component say anything, in a conversation that goes on from one input to the next."""
    component = chance.choice(list(WORDS))
    here = heard.here()
    taken = here.mailbox.taken.get(component, 0)
    letter = {"session": here.mailbox.session, "arrival": here.mailbox.arrival, "taken": taken}
    said = words(chance, component, letter)
    check(said)
    inside.memory()[component] = BidiComponentSerde().deserialize(said)
    here.mounted[component] = chance.random() < 0.5
    here._run = said  # so that a run begins, in which the words are new
    assert heard.here() is here
    READERS.get(component, bool)(component)
    packet = here.letter(component, lasting=False)
    json.dumps(packet, allow_nan=False)
    if here.mailbox.taken.get(component, 0) > 10**6:
        inside.forget(component)
        del inside.memory()["classroom.heard"]
