"""An order to a process beside the server tells a state and what was brought, through JSON."""

import json

import numpy as np

from cnnlib import apart
from cnnlib.drawings.pictures import Picture
from cnnlib.lessons import animation, compare
from cnnlib.lessons import order as orders
from cnnlib.lessons.given import Given
from cnnlib.lessons.kernels import State
from tests.lessons.given import GIVEN

PIXELS = np.arange(20 * 30 * 3).reshape(20, 30, 3) % 256
BROUGHT = Given(picture_brought=Picture(PIXELS.astype(np.uint8)))
UPLOAD = State(source="upload", kernel="1/3,2;3,4", at="4.5")


def through_json(state, given):
    return orders.read(json.loads(json.dumps(orders.write(state, given))))


def test_a_state_and_a_drawing_arrive():
    state, given = through_json(UPLOAD, GIVEN)
    assert (state, given.drawing) == (UPLOAD, GIVEN.drawing)
    assert given.picture_brought is None


def test_a_picture_that_was_brought_arrives():
    state, given = through_json(UPLOAD, BROUGHT)
    assert np.array_equal(given.picture("upload")[0].pixels, PIXELS)
    assert np.array_equal(state.filtered(given).patch, UPLOAD.filtered(BROUGHT).patch)


def test_a_brought_picture_is_filmed_and_compared_beside_the_server_and_not_kept(monkeypatch):
    asked = []

    def ask(module, order, _):
        asked.append(module)
        work = animation if module.endswith("animation") else compare
        return work._answer(json.loads(json.dumps(order)))

    monkeypatch.setattr(apart, "ask", ask)
    here = animation.gif(UPLOAD, BROUGHT, "light")
    assert (here == animation.gif(UPLOAD, Given(), "light"), asked) == (False, [])
    monkeypatch.setattr(animation, "dear", lambda _: True)
    assert animation.gif(UPLOAD, BROUGHT, "light") == here
    asked.clear()
    told = [compare.compare(UPLOAD, BROUGHT, 0) for _ in range(2)]
    assert "gives the same" in told[0]
    assert len(asked) == 2
