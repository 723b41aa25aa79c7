"""The name of a network's unit in the draw page's link, such as conv2.3.10.12 or logits.7."""

import re
from dataclasses import dataclass
from typing import Any

from cnnlib.drawings.reading import Reading
from cnnlib.lessons.fields import Place
from cnnlib.models.unit import Unit, explain
from cnnlib.network import Network

_TEXT = re.compile(r"(.{1,60}?)((?:\.[0-9]{1,5}){1,3})", re.DOTALL)


@dataclass(frozen=True)
class UnitName(Place):
    """A unit by its layer's name and its place in the layer; an empty text means no unit."""

    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        """Read a unit's name, as `Field.read`; nonsense names no unit, without a sentence."""
        return (text if _TEXT.fullmatch(text) else ""), ""


def write(network: Network, activation: int, index: tuple[int, ...]) -> str:
    """Return a unit's name for a link: its layer's name, then map, row and column, or entry.

    Parameters
    ----------
    network : Network
    activation : int
        The number of the activation in `forward`; 0 is the input, whose pixels are no units.
    index : tuple of int

    Returns
    -------
    str
        The name, or "" if the activation is no layer's output.
    """
    if not 0 < activation <= len(network.layers):
        return ""
    return ".".join([network.layers[activation - 1][0], *map(str, index)])


def read(network: Network, seen: Reading | None, text: str) -> Unit | None:
    """Return the unit that a link names, or None if this network has no such unit.

    Parameters
    ----------
    network : Network
    seen : Reading or None
        The network's reading of a drawing. Without a reading a unit has no numbers, so None is
        returned.
    text : str
        A text from a stranger.
    """
    found = _TEXT.fullmatch(text)
    if seen is None or found is None:
        return None
    names = [name for name, _ in network.layers]
    if found[1] not in names:
        return None
    index = tuple(int(part) for part in found[2].split(".")[1:])
    try:
        return explain(network, seen.activations, names.index(found[1]), index)
    except ValueError:
        return None
