"""A lesson's figure as an animation: `gif`, beside the server where it is dear.

A state is a link, so the process gets the link and makes the state anew.
"""

import base64
from typing import Any

from cnnlib import apart
from cnnlib.budget import dear
from cnnlib.drawings.drawing import Drawing
from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import animate, cost
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import State
from cnnlib.lessons.listing import find

SECONDS = 30.0
_MEMORY = 2**30


def gif(state: State, given: Given, theme: Theme) -> bytes:
    """Return the moments of a state's figure as a GIF.

    Parameters
    ----------
    state : State
    given : Given
        Only the drawing is looked at.
    theme : {"light", "dark"}

    Raises
    ------
    ValueError
        If the process beside the server did not answer; one sentence says why.
    """
    scenes = state.scenes(given, theme)
    if not dear(cost(scenes)):
        return animate(scenes)
    lesson = type(state).__module__.rpartition(".")[2]
    order = {"lesson": lesson, "state": state.to_link(), "theme": theme}
    order["drawing"] = given.drawing.encode()
    return base64.b64decode(apart.ask("cnnlib.lessons.animation", order, SECONDS))


def _answer(order: dict[str, Any]) -> str:
    drawing = Drawing.decode(order["drawing"]) if order["drawing"] else Drawing()
    lesson = find(order["lesson"])
    if lesson is None:
        raise ValueError(f"there is no lesson {order['lesson']}")
    state, _ = lesson.from_link(order["state"])
    made = animate(state.scenes(Given(drawing), order["theme"]))
    return base64.b64encode(made).decode()


if __name__ == "__main__":
    apart.serve(_answer, _MEMORY)
