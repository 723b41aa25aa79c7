"""Reading a drawing: pen strokes → pixels → framing → every activation → probabilities."""

from dataclasses import dataclass

import numpy as np

from cnnlib.drawings.drawing import Drawing, rasterize
from cnnlib.drawings.images import INK, Framed, frame, to_input
from cnnlib.losses import softmax
from cnnlib.network import Network

# Four raster pixels for each of the 28, so that a digit drawn at 0.4 of its size still fills
# more pixels than the 20 that framing keeps.
RASTER = 112


@dataclass(frozen=True, eq=False)
class Reading:
    """A drawing as a network reads it.

    Attributes
    ----------
    framed : Framed
        How the drawing became the network's input.
    activations : list of ndarray of shape (1, C, H, W) or (1, K)
        The input, then the output of each layer; logits last.
    probabilities : ndarray of shape (10,)
        Softmax of the logits.
    """

    framed: Framed
    activations: list[np.ndarray]
    probabilities: np.ndarray

    @property
    def guess(self) -> int:
        """The most probable digit."""
        return int(self.probabilities.argmax())


def read(network: Network, drawing: Drawing) -> Reading | None:
    """Return the network's reading of a drawing, or None where there is no ink."""
    ink = rasterize(drawing, RASTER)
    if ink.max() <= INK:
        return None
    framed = frame(ink)
    activations = network.forward(to_input(framed.pixels[None]))
    return Reading(framed, activations, softmax(activations[-1])[0])
