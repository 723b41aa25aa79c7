"""A convolution layer with its numbers: filters, maps, and the depth column that a cell reads."""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from cnnlib.conv import conv2d, conv2d_loops
from cnnlib.drawings.images import resize, to_input
from cnnlib.drawings.shift import shifted
from cnnlib.figures.fields import MarkedMap, marked_maps
from cnnlib.figures.palette import Theme
from cnnlib.figures.panels import Cell, Link, Panel
from cnnlib.figures.raster import Film, spread
from cnnlib.figures.scene import Scene
from cnnlib.geometry import windows
from cnnlib.lessons.lesson import Code
from cnnlib.models.volume import Volume
from cnnlib.peers.layer import LayerCall
from cnnlib.walkthroughs.numbers import show


@dataclass(frozen=True, eq=False)
class Layer:
    """A volume together with its numbers.

    Attributes
    ----------
    volume : Volume
    pixels : ndarray of shape (28, 28), uint8
        The drawing that fills the input. Slice d is the drawing moved to the right by d.
    chosen : (int, int, int)
        Map, row and column of the output cell that is explained.
    """

    volume: Volume
    pixels: NDArray
    chosen: tuple[int, int, int]

    @cached_property
    def x(self) -> NDArray:
        """The input (1, D, W, W), in tenths."""
        volume = self.volume
        picture = resize(to_input(self.pixels[None])[0, 0], volume.width, volume.width)
        slices = [shifted(picture, 0, d) for d in range(volume.depth)]
        return np.round(np.stack(slices)[None].astype(float), 1)  # (1, D, W, W)

    @cached_property
    def w(self) -> NDArray:
        """The filters (K, D / groups, F, F): −1, 0 and 1, always the same for one shape."""
        v = self.volume
        shape = (v.filters, v.seen, v.size, v.size)
        return np.random.default_rng(0).integers(-1, 2, shape).astype(float)

    @cached_property
    def bias(self) -> NDArray:
        """The biases (K,): 0.5 each."""
        return np.full(self.volume.filters, 0.5)

    @property
    def settings(self) -> dict[str, int]:
        """Stride, padding, dilation and groups, as arguments of `conv2d`."""
        v = self.volume
        return {
            "stride": v.stride,
            "padding": v.padding,
            "dilation": v.dilation,
            "groups": v.groups,
        }

    @cached_property
    def y(self) -> NDArray:
        """The output (1, K, N, N)."""
        # Sums of tenths, rounded because float64 leaves a rest where the sum is 0.
        return np.round(conv2d(self.x, self.w, self.bias, **self.settings), 6) + 0.0

    @cached_property
    def table(self) -> NDArray:
        """For each output row, the input rows that it reads, counted from the first padding."""
        v = self.volume
        grid = windows(v.width, v.size, stride=v.stride, padding=v.padding, dilation=v.dilation)
        return grid + v.padding

    @property
    def first_slice(self) -> int:
        """The first slice that the chosen filter sees."""
        v = self.volume
        return self.chosen[0] // (v.filters // v.groups) * v.seen

    def cell(self) -> Cell:
        """Return the chosen cell as the figure's panels number it."""
        return Cell(self.volume.depth + self.volume.seen + self.chosen[0], *self.chosen[1:])

    def panels(self) -> tuple[list[Panel], list[Link], tuple[str, ...]]:
        """Return the slices, the chosen filter's kernels and the maps, and the cells they read.

        Returns
        -------
        panels : list of Panel
        links : list of Link
        column : tuple of str
            The groups whose maps belong to each other, slice by slice.
        """
        v, k = self.volume, self.chosen[0]
        slices, kernels, maps = v.depth, v.seen, v.filters
        p, f, n = v.padding, v.size, v.output
        names = (
            f"Input {v.width}×{v.width}×{v.depth}",
            f"Filter {k}: {f}×{f}×{v.seen}",
            f"Output {n}×{n}×{v.filters}",
        )
        padded = np.pad(self.x[0], ((0, 0), (p, p), (p, p)))
        size, limit = (v.width, v.width), float(np.abs(self.y).max()) or 1.0
        panels = [
            Panel(f"Slice {d}", size, padded[d], padding=p, group=names[0]) for d in range(slices)
        ]
        panels += [
            Panel(f"Kernel {d}", (f, f), self.w[k, d], signed=True, group=names[1])
            for d in range(kernels)
        ]
        panels += [
            Panel(f"Map {m}", (n, n), self.y[0, m], limit=limit, signed=True, group=names[2])
            for m in range(maps)
        ]
        links, rows = [], self.table.tolist()
        for m in range(maps):
            first = m // (v.filters // v.groups) * v.seen
            source = slices + kernels + m
            links += [Link(source, d, rows) for d in range(first, first + v.seen)]
            if m == k:
                every = [list(range(f))] * n
                links += [Link(source, slices + d, every) for d in range(kernels)]
        return panels, links, names[:2] if slices == kernels else ()

    def story(self) -> str:
        """Write out the chosen cell: a sum for each slice that the cell reads, and the bias."""
        v, (k, row, column) = self.volume, self.chosen
        p, first = v.padding, self.first_slice
        padded = np.pad(self.x[0], ((0, 0), (p, p), (p, p)))
        window = padded[first : first + v.seen][:, self.table[row]][:, :, self.table[column]]
        sums = (window * self.w[k]).sum((1, 2)).round(6)
        parts = " + ".join(f"({show(s)})" if s < 0 else show(s) for s in sums.tolist())
        column_size = f"{v.size}·{v.size}·{v.seen} = {v.size**2 * v.seen}"
        slices = f"{v.seen} slice{'s' * (v.seen > 1)}"
        return (
            f"**Map {k}, ({row}, {column})** reads the whole depth column, {column_size} numbers: "
            f"the sums over {slices} and the bias, {parts} + {show(float(self.bias[k]))} = "
            f"**{show(float(self.y[0, k, row, column].round(6)))}**."
        )

    def scene(self, theme: Theme) -> Scene:
        """Draw the input's slices with the cells that the chosen cell reads, and its map."""
        return self._scene(theme, *self.chosen[1:])

    def scenes(self, theme: Theme) -> Film:
        """Draw the chosen filter's sweep over all output cells, and the map as it fills."""
        n = self.volume.output
        return Film(spread(n * n), lambda at: self._scene(theme, *divmod(at, n), upto=at))

    def _scene(self, theme: Theme, row: int, column: int, upto: int | None = None) -> Scene:
        v, k = self.volume, self.chosen[0]
        seen = range(self.first_slice, self.first_slice + v.seen)
        inside = [
            [at - v.padding for at in self.table[one].tolist() if 0 <= at - v.padding < v.width]
            for one in (row, column)
        ]
        picture = np.clip(self.x[0], 0, 1)
        maps = [
            MarkedMap(f"slice {d}", v.width, picture[d], False, *(inside if d in seen else ()))
            for d in range(v.depth)
        ]
        values = self.y[0, k] / (np.abs(self.y[0, k]).max() or 1.0)
        if upto is not None:
            values = np.where(np.arange(values.size).reshape(values.shape) <= upto, values, 0)
        maps.append(MarkedMap(f"map {k}", v.output, values, True, [row], [column]))
        return marked_maps(maps, f"What cell ({row}, {column}) of map {k} reads", theme)

    def code(self) -> Code:
        """Return the definition and PyTorch's call, on these very numbers."""
        v = self.volume
        settings = ", ".join(f"{name}={value}" for name, value in self.settings.items())
        lines = (
            f"# x {self.x.shape}, w {self.w.shape}, bias ({v.filters},)",
            f"conv2d_loops(x, w, bias, {settings})  # shape {self.y.shape}",
        )
        peer = LayerCall(self.x, self.w, self.bias, **self.settings).peer()
        return Code(conv2d_loops, lines, self.y, (peer,))


def place_of(cell: Cell, volume: Volume) -> str | None:
    """Write a drawn cell of the output for the link, or return None for any other cell."""
    at = cell.panel - volume.depth - volume.seen
    return f"{at}.{cell.row}.{cell.column}" if 0 <= at < volume.filters else None


def read_cell(text: str, volume: Volume) -> tuple[int, int, int]:
    """Read an output cell of the link, map.row.column; by default the first map's middle."""
    try:
        k, row, column = map(int, text.split("."))
    except ValueError:
        k = -1
        row = column = 0
    n = volume.output
    if 0 <= k < volume.filters and {row, column} <= set(range(n)):
        return k, row, column
    return 0, n // 2, n // 2
