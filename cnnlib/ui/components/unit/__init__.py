"""One unit written out: its window's inputs, weights and products, and the whole sum."""

from cnnlib.drawings.reading import Reading
from cnnlib.figures.unit import panel
from cnnlib.models.unit import Unit
from cnnlib.network import Network
from cnnlib.ui.components import register

_mount = register("unit")


def show(unit: Unit | None, network: Network, reading: Reading | None, *, key: str) -> None:
    """Show a unit, or how to choose one. Letting go makes the component say `release`."""
    shown = None if unit is None or reading is None else panel(unit, network, reading)
    _mount({"unit": shown}, key=key)
