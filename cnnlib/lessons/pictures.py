"""The pictures that lessons work on: samples, drawn by the project's code, and the learner's."""

from functools import cache

from cnnlib.data import scenes
from cnnlib.drawings.pictures import Picture

SOURCES = {
    "scene": "House, 280×320",
    "card": "Test card",
    "digits": "Digits",
    "drawing": "My drawing",
    "upload": "Upload …",
    "camera": "Camera …",
}
ABSENT = "Your own picture is not part of a link, so the house is shown here."
_SAMPLES = {"scene": scenes.scene, "card": scenes.card, "digits": scenes.digits}


def is_sample(source: str) -> bool:
    """Tell whether a source is a sample picture, which no learner has to bring."""
    return source in _SAMPLES


@cache
def sample_picture(name: str) -> Picture:
    """Return a sample picture: "scene", "card" or "digits"."""
    return Picture(_SAMPLES[name]())
