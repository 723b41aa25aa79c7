"""What a lesson needs from outside: a page gives its tab's, lecture notes those of a link."""

from dataclasses import dataclass, field
from functools import cache, cached_property
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

from cnnlib.data.digits import built_in
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.reading import read
from cnnlib.network import Network

_MODELS = Path(__file__).parents[2] / "assets" / "models"
_SAMPLE = 3


@dataclass(eq=False)
class Given:
    """What the learner brought, and what comes with the project.

    Attributes
    ----------
    drawing : Drawing
        The learner's digit, or an empty drawing.
    """

    drawing: Drawing = field(default_factory=Drawing)

    @property
    def network(self) -> Network:
        """The network that comes with the project."""
        return shipped_network()

    @cached_property
    def pixels(self) -> NDArray[np.uint8]:
        """The framed drawing, shape (28, 28), or a sample digit where nothing is drawn."""
        seen = read(self.network, self.drawing)
        return sample() if seen is None else seen.framed.pixels

    @property
    def whose(self) -> str:
        """What `pixels` are, in words."""
        if self.pixels is sample():
            return "a sample digit, until you draw one on the first page"
        return "your drawing"


@cache
def shipped_network() -> Network:
    """Return the trained network that comes with the project. Its arrays are read-only."""
    return Network.load(_MODELS / "digits.npz")


@cache
def sample() -> NDArray[np.uint8]:
    """Return the digit that stands for a drawing until there is one, uint8 (28, 28)."""
    digits = built_in(10)
    return digits.images[digits.labels == _SAMPLE][0]
