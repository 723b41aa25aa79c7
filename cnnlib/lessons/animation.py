"""A lesson's figure as an animation: `gif`, beside the server where it is dear."""

import base64
from typing import Any

from cnnlib import apart
from cnnlib.budget import dear
from cnnlib.figures.palette import Theme
from cnnlib.figures.raster import animate, cost
from cnnlib.lessons import order as orders
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import State

SECONDS = 30.0
_MEMORY = 2**30


def gif(state: State, given: Given, theme: Theme) -> bytes:
    """Return the moments of a state's figure as a GIF.

    Parameters
    ----------
    state : State
    given : Given
        The drawing and the picture that was brought are looked at.
    theme : {"light", "dark"}

    Raises
    ------
    ValueError
        If the process beside the server did not answer; one sentence says why.
    """
    scenes = state.scenes(given, theme)
    if not dear(cost(scenes)):
        return animate(scenes)
    order = orders.write(state, given) | {"theme": theme}
    return base64.b64decode(apart.ask("cnnlib.lessons.animation", order, SECONDS))


def _answer(order: dict[str, Any]) -> str:
    state, given = orders.read(order)
    made = animate(state.scenes(given, order["theme"]))
    return base64.b64encode(made).decode()


if __name__ == "__main__":
    apart.serve(_answer, _MEMORY)
