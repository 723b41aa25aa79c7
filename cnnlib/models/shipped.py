"""The trained network that comes with the project."""

from functools import cache
from pathlib import Path

from cnnlib.network import Network

_FILE = Path(__file__).parents[2] / "assets" / "models" / "digits.npz"


@cache
def shipped_network() -> Network:
    """Return the trained network that comes with the project. Its arrays are read-only."""
    return Network.load(_FILE)
