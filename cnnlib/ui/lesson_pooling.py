"""The lesson on pooling: its setup, its code, and a drawing that moves by whole pixels."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.definitions import pool_loops
from cnnlib.geometry import windows
from cnnlib.images import to_input
from cnnlib.network import Network
from cnnlib.numbers import Numbers
from cnnlib.peers.pooling import PoolCall
from cnnlib.pool import avg_pool2d, lp_pool2d, max_pool2d
from cnnlib.shift import change, shifted
from cnnlib.ui import code_panel, walk_room
from cnnlib.ui.components.maps import Link, Panel
from cnnlib.walkthrough import Pooling, Walkthrough
from cnnlib.walkthroughs import pooling

MOST = (12, 12)
KINDS: dict[str, Pooling] = {
    "max": "max pooling",
    "average": "average pooling",
    "L2": "L2 pooling",
}
MAPS = "relu2"  # the shipped network's maps that its first pooling reads


@dataclass(frozen=True)
class Setup:
    """What the lesson's controls say. The map is a text, as typed."""

    a: str = "1,1,2,4;5,6,7,8;3,2,1,0;1,2,3,4"
    kind: str = "max"
    size: int = 2
    stride: int = 2
    padding: int = 0

    @property
    def map(self) -> Numbers:
        """The map, or ValueError with one sentence."""
        return walk_room.operand(self.a, MOST, dimensions=2)

    def walk(self) -> Walkthrough:
        """Tell the pooling, or raise ValueError for what cannot be shown."""
        return pooling(
            self.map, KINDS[self.kind], size=self.size, stride=self.stride, padding=self.padding
        )

    def pool(self, maps: NDArray) -> NDArray:
        """Pool maps (N, C, H, W)."""
        if self.kind == "max":
            return max_pool2d(maps, self.size, self.stride, self.padding)
        if self.kind == "average":
            return avg_pool2d(maps, self.size, self.stride, self.padding)
        margin = 2 * ((0, 0),) + 2 * ((self.padding, self.padding),)
        return lp_pool2d(np.pad(maps, margin), 2, self.size, self.stride)

    def count(self, walk: Walkthrough) -> str:
        """Say how the size follows, that nothing is learned, and what ties there are."""
        told = f"{'; '.join(walk.sizes)}. Parameters: **{walk.facts['parameters']}**."
        if self.kind == "max" and walk.facts["ties"]:
            ties = walk.facts["ties"]
            told += f" Ties: {ties} of {walk.facts['windows']} windows."
        return told


@dataclass(frozen=True, eq=False)
class Moved:
    """A drawing, its maps and their pooling, before and after it moved.

    Attributes
    ----------
    pictures, maps, pooled : ndarray of shape (2, C, H, W)
        Before, then after.
    """

    pictures: NDArray
    maps: NDArray
    pooled: NDArray

    @property
    def changes(self) -> tuple[float, float, float]:
        """How much the picture, all its maps and all their poolings changed."""
        picture, maps, pooled = (change(*both) for both in (self.pictures, self.maps, self.pooled))
        return picture, maps, pooled

    def panels(self, channel: int, setup: Setup) -> tuple[list[Panel], list[Link]]:
        """Return what is shown of one map, and which cells belong together."""
        changes = [f"changed by {100 * part:.0f} %" for part in self.changes]
        pooled_name = f"Pooled {channel}"
        panels, links = [], []
        for at, group in enumerate(("Before", "After the shift")):
            arrays = (self.pictures[at, 0], self.maps[at, channel], self.pooled[at, channel])
            titles = ("Drawing", f"Map {channel}", pooled_name)
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
            links.append(Link(3 * at + 2, 3 * at + 1, self._windows(setup)))
        return panels, links

    def _windows(self, setup: Setup) -> list[list[int]]:
        n = self.maps.shape[-1]
        table = windows(n, setup.size, stride=setup.stride, padding=setup.padding)
        return [[cell for cell in row if 0 <= cell < n] for row in table.tolist()]


def move(network: Network, pixels: NDArray, setup: Setup, rows: int, columns: int) -> Moved:
    """Move a drawing, and pool the network's maps of it before and after."""
    names = [name for name, _ in network.layers]
    pictures = to_input(np.stack([pixels, shifted(pixels, rows, columns)]))  # (2, 1, 28, 28)
    maps = network.forward(pictures)[names.index(MAPS) + 1]  # (2, C, 28, 28)
    return Moved(pictures, maps, setup.pool(maps))


def table(network: Network, pixels: NDArray, setup: Setup, furthest: int = 4) -> str:
    """Return, as a Markdown table, what a shift to the right by 1, 2, 3 … pixels changes."""
    moved = [move(network, pixels, setup, 0, by).changes for by in range(1, furthest + 1)]
    head = " | ".join(f"{by} px" for by in range(1, furthest + 1))
    lines = [f"| Changed by a shift to the right of | {head} |", "|---" * (furthest + 1) + "|"]
    for name, row in zip(
        ("the drawing", "its maps", "pooled"), zip(*moved, strict=True), strict=True
    ):
        lines.append(f"| {name} | " + " | ".join(f"{100 * part:.0f} %" for part in row) + " |")
    return "\n".join(lines)


def show_code(setup: Setup, walk: Walkthrough, *, key: str) -> None:
    """Show the definition, and other libraries' calls, for a setup."""
    a = setup.map
    call = PoolCall(a, KINDS[setup.kind], setup.size, setup.stride, setup.padding)
    result = walk.result()
    lines = [f"a = {code_panel.literal(a)}", f"{call.definition}  # {', '.join(result.texts)}"]
    if any("/" in text for text in a.texts):
        lines.insert(0, "from fractions import Fraction")
    values = np.asarray(result.values).reshape(result.shape)
    code_panel.show(pool_loops, lines, values, call.peers(), key=key)
