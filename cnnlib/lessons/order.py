"""A state as an order to a process beside the server, which makes the state anew from its link."""

from collections.abc import Mapping
from typing import Any

from cnnlib.drawings.drawing import Drawing
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import State
from cnnlib.lessons.listing import find


def write(state: State, given: Given) -> dict[str, Any]:
    """Return an order for a state; of what is given, only the drawing is looked at."""
    lesson = type(state).__module__.rpartition(".")[2]
    return {"lesson": lesson, "state": state.to_link(), "drawing": given.drawing.encode()}


def read(order: Mapping[str, Any]) -> tuple[State, Given]:
    """Return an order's state and what is given.

    Raises
    ------
    ValueError
        If there is no such lesson, or the drawing can't be read.
    """
    lesson = find(order["lesson"])
    if lesson is None:
        raise ValueError(f"there is no lesson {order['lesson']}")
    drawing = Drawing.decode(order["drawing"]) if order["drawing"] else Drawing()
    return lesson.from_link(order["state"])[0], Given(drawing)
