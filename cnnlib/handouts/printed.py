"""A talk's lecture notes, made beside the server: two hundred figures take their time."""

from typing import Any

from cnnlib import apart
from cnnlib.handouts.notes import notes
from cnnlib.handouts.page import Figure, to_html
from cnnlib.lessons.fields import sentence
from cnnlib.talks.talk import Talk
from cnnlib.talks.text import read, write

SECONDS = 90.0
_DRAWING_S = 60.0  # after which the figures that remain are left out
_MEMORY = 2**30


def printed(talk: Talk, address: str) -> str:
    """Return a talk's lecture notes as `notes` does; without figures if those can't be made."""
    try:
        order = {"talk": write(talk), "address": address}
        return apart.ask("cnnlib.handouts.printed", order, SECONDS)
    except ValueError as error:
        told = Figure("", f"The figures are left out. {sentence(error)}")
        return to_html(talk, [told] * len(talk.beats), address)


def _answer(order: dict[str, Any]) -> str:
    return notes(read(order["talk"]), order["address"], seconds=_DRAWING_S)


if __name__ == "__main__":
    apart.serve(_answer, _MEMORY)
