"""Words of components, as a browser sends them, and random changes of these words.

A component's words are one text of JSON, in which lie its events, each with a number, and the
states that the component keeps.
"""

import json
from collections.abc import Mapping
from random import Random
from typing import Any

from tests.fuzzing.mutate import NUMBERS, text, value

_CELL = {"panel": 1, "row": 2, "column": 3}
_STROKES = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]
#: For each component, samples of the events that it says, and of the states that it keeps.
WORDS: dict[str, tuple[dict[str, Any], dict[str, Any]]] = {
    "answer": ({"digit": 3}, {}),
    "batch": ({}, {}),
    "descent": ({}, {}),
    "ear": ({}, {"touched": {"session": "s", "controls": {"a": 3}}}),
    "learning": (
        {"picture": {"run": "a", "index": 3}, "space": True},
        {"looked": {"run": "a", "step": 3}, "have": {"a": 3, "a points": 9}},
    ),
    "magnifier": ({"kernel": "1,2;3,4"}, {"at": [1, 2]}),
    "maps": ({"cell": _CELL}, {}),
    "netview": ({"unit": {"activation": 2, "index": [0, 1, 2]}}, {}),
    "pad": ({"sample": 3}, {"drawing": {"sequence": 3, "strokes": _STROKES, "down": True}}),
    "player": (
        {
            "edit": {"operand": "input", "cell": 2, "text": "1/3"},
            "answer": {"serial": 1, "walk": 0, "step": 2, "typed": "6"},
        },
        {"cursor": {"step": 2, "lead": 0}},
    ),
    "stage": ({"add": "pooling?pool=L2", "speak": 60}, {"window": "w" * 16}),
    "unit": ({"release": True}, {}),
}


def words(chance: Random, component: str, letter: Mapping[str, Any]) -> str:
    """Return what a component may send, with some parts changed.

    Parameters
    ----------
    chance : Random
    component : str
        One of `WORDS`.
    letter : mapping
        The letter of the last packet: `session`, `arrival` and `taken`.
    """
    events, states = WORDS[component]
    arrival, taken = _near(chance, letter["arrival"]), letter["taken"]
    said = [
        {
            "serial": _near(chance, taken + 1 + at),
            "name": name,
            "arrival": arrival,
            "value": value(chance, sample),
        }
        for at, (name, sample) in enumerate(chance.sample(list(events.items()), len(events)))
    ]
    told: Any = {
        name: {"arrival": arrival, "value": value(chance, sample)}
        for name, sample in states.items()
    }
    told["said"] = {
        "session": letter["session"],
        "serial": taken + len(said) + 1,
        "heard": value(chance, [1, 2, 3]),
        "events": said * chance.choice((1, 1, 1, 300)),
    }
    match chance.randint(0, 9):
        case 0 | 1:
            told = value(chance, told)
        case 2:
            return text(chance, (json.dumps(told),))
        case 3:
            place = chance.choice([*told.values(), *said])
            place[chance.choice(list(place))] = chance.choice(NUMBERS)
        case 4:
            deep = "[" * 900 + "]" * 900  # as deep as the parser lets through, and much deeper
            return json.dumps(told | {name: [] for name in events}).replace(
                "[]", chance.choice((deep, "[" * 50_000))
            )
    return json.dumps(told)


def _near(chance: Random, number: int) -> Any:
    """Return a number, or now and then one from the past, one far ahead, or something else."""
    if chance.random() < 0.8:
        return number
    return chance.choice((number - 1, 0, number + 1, number + 10**6, *NUMBERS))
