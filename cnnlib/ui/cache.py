"""What all visitors share: only what nobody can change. Nothing else knows about caching."""

from functools import cache
from pathlib import Path

from cnnlib.data import scenes
from cnnlib.data.digits import built_in
from cnnlib.figures.palette import browser_palette
from cnnlib.figures.scales import LayerScale, layer_scales
from cnnlib.images import to_input
from cnnlib.network import Network
from cnnlib.pictures import Picture

_MODELS = Path(__file__).parents[2] / "assets" / "models"


@cache
def shipped_network() -> Network:
    """Return the trained network that comes with the project. Its arrays are read-only."""
    return Network.load(_MODELS / "digits.npz")


@cache
def shipped_scales() -> tuple[LayerScale, ...]:
    """Return how the shipped network's maps are painted: by what ten sample digits reach."""
    return layer_scales(shipped_network(), to_input(built_in(10).images))


@cache
def sample_picture(name: str) -> Picture:
    """Return a sample picture: "scene", "card" or "digits"."""
    draw = {"scene": scenes.scene, "card": scenes.card, "digits": scenes.digits}[name]
    return Picture(draw())


def warm() -> None:
    """Fill the caches, and load what the pages import."""
    browser_palette()
    shipped_scales()
