"""A drawing that moves by whole pixels, and the changes in its maps and in their pooling."""

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.drawings.images import to_input
from cnnlib.drawings.shift import change, shifted
from cnnlib.figures.fields import MarkedMap, marked_maps
from cnnlib.figures.palette import Theme
from cnnlib.figures.panels import Link, Panel
from cnnlib.figures.scene import Scene
from cnnlib.geometry import Sweep, windows
from cnnlib.lessons.lesson import Code
from cnnlib.network import Network
from cnnlib.peers.shift import ShiftCall

MAPS = "relu2"  # the shipped network's maps that its first pooling reads
DRAWING = "Drawing"
FURTHEST = 4
CHANNELS = 12  # the number of these maps
Pool = Callable[[NDArray], NDArray]  # takes and returns maps (N, C, H, W)


@dataclass(frozen=True, eq=False)
class Moved:
    """A drawing, its maps and their pooling, before and after it moved.

    Attributes
    ----------
    pictures, maps, pooled : ndarray of shape (2, C, H, W)
        Arrays before the move, then after it.
    """

    pictures: NDArray
    maps: NDArray
    pooled: NDArray

    @property
    def changes(self) -> tuple[float, float, float]:
        """How much the picture, all its maps and all their poolings changed."""
        picture, maps, pooled = (change(*both) for both in (self.pictures, self.maps, self.pooled))
        return picture, maps, pooled

    def panels(self, channel: int, sweep: Sweep) -> tuple[list[Panel], list[Link]]:
        """Return the panels of one map, and the links between cells that the pooling joins."""
        changes = [f"changed by {100 * part:.0f} %" for part in self.changes]
        pooled_name = f"Pooled {channel}"
        panels, links = [], []
        for at, group in enumerate(("Before", "After the shift")):
            arrays = (self.pictures[at, 0], self.maps[at, channel], self.pooled[at, channel])
            titles = (DRAWING, f"Map {channel}", pooled_name)
            for title, both, array, note in zip(
                titles, (self.pictures, self.maps, self.pooled), arrays, changes, strict=True
            ):
                values = both[:, channel if both is not self.pictures else 0]
                shape = array.shape
                size = f"{shape[0]}×{shape[1]}"
                panels.append(
                    Panel(
                        title,
                        (shape[0], shape[1]),
                        array,
                        note=f"{size}, {note}" if at else size,
                        limit=float(values.max()) or 1.0,
                        group=group,
                    )
                )
            links.append(Link(3 * at + 2, 3 * at + 1, self._windows(sweep)))
        return panels, links

    def scene(self, channel: int, theme: Theme) -> Scene:
        """Draw one map and its pooling, before and after."""
        maps = []
        for at, when in enumerate(("before", "after")):
            for name, both in (
                ("drawing", self.pictures),
                (f"map {channel}", self.maps[:, channel : channel + 1]),
                (f"pooled {channel}", self.pooled[:, channel : channel + 1]),
            ):
                values = both[at, 0] / (both.max() or 1.0)
                maps.append(MarkedMap(f"{name}, {when}", len(values), values))
        told = ", ".join(
            f"{name} {100 * part:.0f} %"
            for name, part in zip(("drawing", "maps", "pooled"), self.changes, strict=True)
        )
        return marked_maps(maps, f"Changed by the shift: {told}", theme)

    def _windows(self, sweep: Sweep) -> list[list[int]]:
        n = self.maps.shape[-1]
        table = windows(n, sweep.kernel, stride=sweep.stride, padding=sweep.padding)
        return [[cell for cell in row if 0 <= cell < n] for row in table.tolist()]


def move(network: Network, pixels: NDArray, pool: Pool, rows: int, columns: int) -> Moved:
    """Move a drawing, and pool the network's maps of it before and after."""
    names = [name for name, _ in network.layers]
    pictures = to_input(np.stack([pixels, shifted(pixels, rows, columns)]))  # (2, 1, 28, 28)
    maps = network.forward(pictures)[names.index(MAPS) + 1]  # (2, C, 28, 28)
    return Moved(pictures, maps, pool(maps))


def table(network: Network, pixels: NDArray, pool: Pool) -> list[list[str]]:
    """Return, as rows, the changes by a shift to the right by 1, 2, 3 … pixels."""
    shifts = range(1, FURTHEST + 1)
    moved = [move(network, pixels, pool, 0, by).changes for by in shifts]
    rows = [["Changed by a shift to the right of", *(f"{by} px" for by in shifts)]]
    for name, row in zip(
        ("the drawing", "its maps", "pooled"), zip(*moved, strict=True), strict=True
    ):
        rows.append([name, *(f"{100 * part:.0f} %" for part in row)])
    return rows


def code(pixels: NDArray, rows: int, columns: int) -> Code:
    """Return the code that moves a picture and measures the change."""
    moved = shifted(pixels, rows, columns)
    lines = (
        f"moved = shifted(image, {rows}, {columns})",
        f"change(image, moved)  # ‖moved − image‖ / ‖image‖ = {change(pixels, moved):.3f}",
    )
    return Code(shifted, lines, moved, ShiftCall(pixels, rows, columns).peers())
