"""The lesson on pooling: its setup and its code."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.peers.pooling import PoolCall
from cnnlib.pool import avg_pool2d, lp_pool2d, max_pool2d
from cnnlib.ui import code_panel, walk_room
from cnnlib.walkthroughs import pooling
from cnnlib.walkthroughs.definitions import pool_loops
from cnnlib.walkthroughs.form import Pooling, Walkthrough
from cnnlib.walkthroughs.numbers import Numbers

MOST = (12, 12)
KINDS: dict[str, Pooling] = {
    "max": "max pooling",
    "average": "average pooling",
    "L2": "L2 pooling",
}


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


def show_code(setup: Setup, walk: Walkthrough, *, key: str) -> None:
    """Show the definition, and other libraries' calls, for a setup."""
    a = setup.map
    call = PoolCall(a, KINDS[setup.kind], setup.size, setup.stride, setup.padding)
    result = walk.result()
    lines = [*code_panel.given(a=a), f"{call.definition}  # {', '.join(result.texts)}"]
    values = np.asarray(result.values).reshape(result.shape)
    code_panel.show(pool_loops, lines, values, call.peers(), key=key)
