"""A state as an order to a process beside the server, which makes the state anew from its link."""

import base64
import zlib
from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np

from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.pictures import Picture
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import State
from cnnlib.lessons.listing import find


def write(state: State, given: Given) -> dict[str, Any]:
    """Return an order for a state; of what is given, drawing and picture are looked at."""
    lesson = type(state).__module__.rpartition(".")[2]
    order = {"lesson": lesson, "state": state.to_link(), "drawing": given.drawing.encode()}
    if given.picture_brought is not None:
        pixels = given.picture_brought.pixels
        packed = zlib.compress(pixels.tobytes(), 1)
        order["picture"] = {"shape": pixels.shape, "pixels": base64.b64encode(packed).decode()}
    return order


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
    brought = _picture(**order["picture"]) if "picture" in order else None
    return lesson.from_link(order["state"])[0], Given(drawing, picture_brought=brought)


def _picture(shape: Sequence[int], pixels: str) -> Picture:
    packed = zlib.decompress(base64.b64decode(pixels))
    return Picture(np.frombuffer(packed, np.uint8).reshape(shape))
