"""Sparse connections beside dense ones: layers of units, and the units that stand out.

The figures follow I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016, 9.2 to 9.4.
"""

from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise

from cnnlib.figures.palette import Theme
from cnnlib.figures.scene import Scene
from cnnlib.figures.wiring import wiring
from cnnlib.geometry import windows
from cnnlib.lessons.lesson import Code
from cnnlib.models.stack import Stack, parse
from cnnlib.peers.connections import ConnectionsCall
from cnnlib.questions import Question, exactly

UNITS = 5
LETTERS = ("x", "h", "g")
VERBS = ("see", "affect")
FIGURES = {
    "from below": "Which units does one input affect?",
    "from above": "Which inputs does one unit see?",
    "two layers": "Which inputs does one unit of a deeper layer see?",
}


@dataclass(frozen=True)
class Wires:
    """A figure of connections, and the unit in it that is followed.

    Attributes
    ----------
    figure : str
        One of `FIGURES`.
    number : int
        The unit's number, from 1.
    kernel : int
        The kernel's size, 1 to 5.
    """

    figure: str = "from below"
    number: int = 3
    kernel: int = 3

    @cached_property
    def stack(self) -> Stack:
        """The layers."""
        depth = 2 if self.figure == "two layers" else 1
        layers = ", ".join([f"conv{self.kernel}p{self.kernel // 2}"] * depth)
        return Stack(UNITS + (self.kernel % 2 == 0), parse(layers))

    @property
    def below(self) -> bool:
        """Whether the unit is an input."""
        return self.figure == "from below"

    @property
    def unit(self) -> int:
        """The unit, from 0."""
        depth = 0 if self.below else len(self.stack.stages)
        return min(self.number, self.stack.sizes[depth]) - 1

    @property
    def reached(self) -> tuple[str, list[int]]:
        """The unit's name, and the units at the other end that it is connected with."""
        if self.below:
            return f"{LETTERS[0]}{self.unit + 1}", self.stack.above(0, self.unit)[-1]
        depth = len(self.stack.stages)
        return f"{LETTERS[depth]}{self.unit + 1}", self.stack.below(depth, self.unit)[-1]

    def lit(self, *, dense: bool) -> list[set[int]]:
        """Return, for each layer, the units that stand out."""
        depth = len(self.stack.stages)
        if dense:
            whole = [set(range(n)) for n in self.stack.sizes]
            whole[0 if self.below else depth] = {self.unit}
            return whole
        if self.below:
            return [set(cells) for cells in self.stack.above(0, self.unit)]
        return [set(cells) for cells in self.stack.below(depth, self.unit)[::-1]]

    def scene(self, theme: Theme, *, dense: bool) -> Scene:
        """Draw the layers, sparse or dense."""
        depth = len(self.stack.stages)
        tables = [
            [list(range(n))] * m if dense else self.stack.reads(at)
            for at, (n, m) in enumerate(pairwise(self.stack.sizes), 1)
        ][:depth]
        title = "Dense: all see all" if dense else f"Sparse: kernel of {self.kernel}"
        return wiring(tables, self.lit(dense=dense), LETTERS, title, theme)

    def story(self) -> str:
        """Say how many units are connected, sparsely and densely."""
        depth = len(self.stack.stages)
        name, few = self.reached
        others = LETTERS[depth if self.below else 0]
        total = self.stack.sizes[depth if self.below else 0]
        named = ", ".join(f"{others}{cell + 1}" for cell in few)
        links = sum(len(row) for at in range(1, depth + 1) for row in self.stack.reads(at))
        dense = sum(n * m for n, m in pairwise(self.stack.sizes))
        return (
            f"{name} {VERBS[self.below]}s {named}: {len(few)} of {total}; dense, all "
            f"{total}. Connections: {links} instead of {dense}."
        )

    def question(self) -> Question:
        """Ask how many units are connected."""
        name, few = self.reached
        asked = f"How many {'units' if self.below else 'inputs'} does {name} {VERBS[self.below]}?"
        return Question(asked, exactly(len(few), self.story().rstrip(".")))

    def code(self) -> Code:
        """Return the cells that a unit reads, and other libraries' matrix of all connections."""
        sweep = self.stack.stages[0].sweep
        lines = ["# below 0, and at n and beyond, lies padding"]
        for n in self.stack.sizes[:-1]:
            table = windows(n, sweep.kernel, padding=sweep.padding).tolist()
            lines.append(f"windows({n}, {sweep.kernel}, padding={sweep.padding})  # {table}")
        peers = ConnectionsCall(self.stack).peers()
        return Code(windows, tuple(lines), self.stack.connections(), peers)

    @property
    def table(self) -> list[list[str]]:
        """The sparse connections as rows: a unit, and the units that it reads."""
        rows = [["layer", "unit", "reads"]]
        for layer in range(1, len(self.stack.sizes)):
            for unit, cells in enumerate(self.stack.reads(layer), 1):
                rows += [[str(layer), str(unit), str(cell + 1)] for cell in cells]
        return rows
