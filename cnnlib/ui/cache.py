"""What all visitors share: only what nobody can change."""

from functools import cache, lru_cache
from pathlib import Path

import numpy as np

from cnnlib.data import Dataset, scenes
from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.drawings.pictures import Picture
from cnnlib.figures.palette import browser_palette
from cnnlib.figures.scales import LayerScale, layer_scales
from cnnlib.network import Network
from cnnlib.runs import service as runs
from cnnlib.runs import sets
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Report
from cnnlib.runs.recording import Recording

_ASSETS = Path(__file__).parents[2] / "assets"
_MODELS, _RUNS = _ASSETS / "models", _ASSETS / "runs"


@cache
def shipped_network() -> Network:
    """Return the trained network that comes with the project. Its arrays are read-only."""
    return Network.load(_MODELS / "digits.npz")


@cache
def shipped_scales() -> tuple[LayerScale, ...]:
    """Return how the shipped network's maps are painted: by what ten sample digits reach."""
    return scales_of(shipped_network())


def scales_of(network: Network) -> tuple[LayerScale, ...]:
    """Return how a digit network's maps are painted: by what ten sample digits reach."""
    return layer_scales(network, to_input(built_in(10).images))


@lru_cache(maxsize=32)
def run_network(run: str, number: int) -> tuple[Network, tuple[LayerScale, ...]]:
    """Return the network of a run as it was at an event, and how its maps are painted."""
    network = runs.of_this_server().store.network(run, number)
    return network, scales_of(network)


@cache
def recordings() -> dict[str, Path]:
    """Return the recorded runs that come with the project, by name."""
    return {path.stem: path for path in sorted(_RUNS.glob("*.run"))}


@lru_cache(maxsize=8)
def recording(name: str) -> Recording:
    """Return a recorded run by its name.

    Raises
    ------
    ValueError
        If there is none, or its file is damaged.
    """
    return Recording.load(_recorded(name))


@lru_cache(maxsize=8)
def recorded_network(name: str) -> tuple[Network, tuple[LayerScale, ...]]:
    """Return the network that came of a recorded run, and how its maps are painted.

    Raises
    ------
    ValueError
        If there is none, or its file is damaged.
    """
    network = Network.load(_recorded(name).with_suffix(".npz"))
    return network, scales_of(network)


def _recorded(name: str) -> Path:
    if name not in recordings():
        known = ", ".join(recordings())
        raise ValueError(f"There is no recorded run “{name:.40}”: use {known}.")
    return recordings()[name]


@lru_cache(maxsize=256)
def best_accuracy(run: str, changed: float) -> float | None:  # noqa: ARG001 - part of the key
    """Return a run's best accuracy on the validation images, up to its last change."""
    events = (event for _, event in runs.of_this_server().store.events(run))
    told = [event.validation_accuracy for event in events if isinstance(event, Report)]
    return max(told, default=None)


@lru_cache(maxsize=8)
def validation(data: str, images: int) -> Dataset:
    """Return the images that a run on these data, with so many to learn from, is measured on."""
    return sets.validation(TrainConfig(data=data, images=images, batch_size=1))


@lru_cache(maxsize=8)
def blank(count: int) -> Dataset:
    """Return empty pictures, for where the real ones are not there."""
    return Dataset(np.zeros((count, 28, 28), np.uint8), np.zeros(count, np.uint8), "blank")


@cache
def sample_picture(name: str) -> Picture:
    """Return a sample picture: "scene", "card" or "digits"."""
    draw = {"scene": scenes.scene, "card": scenes.card, "digits": scenes.digits}[name]
    return Picture(draw())


def warm() -> None:
    """Fill the caches, and load what the pages import."""
    browser_palette()
    shipped_scales()
