"""One unit written out: its window's inputs, weights and products, and the whole sum."""

from cnnlib.drawings.reading import Reading
from cnnlib.figures.unit import panel
from cnnlib.models.unit import Unit
from cnnlib.network import Network
from cnnlib.ui.components import register, said

_mount = register("unit")


def released(key: str) -> bool:
    """Return whether the unit was let go just now. Ask before `show`."""
    return said(key, "release") is not None


def show(unit: Unit | None, network: Network, reading: Reading | None, *, key: str) -> None:
    """Show a unit, or how to choose one."""
    shown = None if unit is None or reading is None else panel(unit, network, reading)
    _mount({"unit": shown}, key=key)
