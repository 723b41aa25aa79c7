"""A lesson's animation is the same beside the server, where a dear one is made."""

import io
from pathlib import Path

import pytest
from PIL import Image

from cnnlib import apart
from cnnlib.budget import FILE
from cnnlib.figures.raster import Film, animate, cost
from cnnlib.figures.scene import Picture, Scene
from cnnlib.lessons import animation
from cnnlib.lessons.listing import LESSONS, find
from tests.lessons.given import GIVEN

ROOT = Path(__file__).parents[2]
STATES = {lesson.stem: found for lesson in LESSONS if (found := find(lesson.stem))}
FRAMES = [
    ("convolution_1d", {"lead": 2}, 5),
    ("convolution_2d", {"A": "1,2;3,4", "B": "1"}, 4),
    ("conv_layer", {"view": "transposed", "a": "1,2", "b": "1"}, 2),
    ("pooling", {}, 4),
    ("kernels", {"kernel": "1,2;3,4", "at": "9.9"}, 25),
    ("kernels", {"kernel": ";".join([",".join("1" * 15)] * 15), "two": True}, 1),
    ("receptive_fields", {"view": "connections"}, 1),
]


@pytest.mark.parametrize(("stem", "fields", "count"), FRAMES)
def test_a_small_animation_is_made_here_with_a_frame_for_each_moment(
    stem, fields, count, monkeypatch
):
    def ask(*_):
        raise AssertionError("a small animation is made here")

    monkeypatch.setattr(apart, "ask", ask)
    state = STATES[stem](**fields)
    made = Image.open(io.BytesIO(animation.gif(state, GIVEN, "dark")))
    assert made.n_frames == len(state.scenes(GIVEN)) == count


def test_a_dear_animation_is_made_beside_the_server_and_is_the_same(monkeypatch):
    asked, ask = [], apart.ask
    monkeypatch.setattr(apart, "ask", lambda *order: asked.append(order[1]) or ask(*order))
    state = STATES["pooling"](view="drawing", right=2)
    drawn = animate(state.scenes(GIVEN, "dark"))
    monkeypatch.setattr(animation, "dear", lambda _: True)
    assert animation.gif(state, GIVEN, "dark") == drawn
    assert [order["theme"] for order in asked] == ["dark"]


def test_no_page_makes_an_animation_by_itself():
    sources = [path.read_text("utf-8") for path in (ROOT / "cnnlib" / "ui").rglob("*.py")]
    assert not any("animate" in source for source in sources)
    assert any("lessons.animation import gif" in source for source in sources)


def test_the_dearest_states_are_dear_and_each_lesson_as_it_opens_is_not():
    large = STATES["convolution_2d"](A=";".join([",".join("1" * 32)] * 32), B="1,1;1,1")
    assert cost(large.scenes(GIVEN)).multiplications > FILE.multiplications
    for stem, lesson in STATES.items():
        if stem != "train":
            assert not animation.dear(cost(lesson().scenes(GIVEN))), stem


def test_a_picture_of_less_than_a_pixel_is_nothing():
    pixels = GIVEN.picture("scene")[0].pixels
    drawn = Scene(9.0, 9.0, "#ffffff", (Picture(1.0, 1.0, 0.1, 5.0, pixels),), "a", "b")
    assert animate(Film(range(2), lambda _: drawn)).startswith(b"GIF8")
