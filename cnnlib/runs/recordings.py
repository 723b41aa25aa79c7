"""The recorded runs that come with the project."""

from functools import cache, lru_cache
from pathlib import Path

from cnnlib.network import Network
from cnnlib.runs.recording import Recording

_FOLDER = Path(__file__).parents[2] / "assets" / "runs"


@cache
def names() -> tuple[str, ...]:
    """Return the names of the recorded runs, in order."""
    return tuple(sorted(path.stem for path in _FOLDER.glob("*.run")))


@lru_cache(maxsize=8)
def load(name: str) -> Recording:
    """Return a recorded run by its name.

    Raises
    ------
    ValueError
        If there is none, or its file is damaged.
    """
    return Recording.load(_path(name))


def network(name: str) -> Network:
    """Return the network that a recorded run trained.

    Raises
    ------
    ValueError
        If there is none, or its file is damaged.
    """
    return Network.load(_path(name).with_suffix(".npz"))


def _path(name: str) -> Path:
    if name not in names():
        raise ValueError(f"There is no recorded run “{name:.40}”: use {', '.join(names())}.")
    return _FOLDER / f"{name}.run"
