"""A convolution layer on a volume: the size of its output and its costs, written out."""

from dataclasses import dataclass

from cnnlib.checks import whole
from cnnlib.geometry import Sweep
from cnnlib.walkthroughs.axis import Axis, lay_axis

_BYTES = 4  # of one float32


@dataclass(frozen=True)
class Volume:
    """A convolution layer on a square input.

    Attributes
    ----------
    width : int
        Rows and columns of the input, W.
    depth : int
        Slices of the input, D.
    filters : int
        Number of filters, which is also the number of output slices, K.
    size, stride, padding, dilation : int
        F, S and P of the filters, and the cells from one weight to the next.
    groups : int
        Each filter sees depth / groups slices.

    Raises
    ------
    ValueError
        If a number is out of range, the filter does not fit, or the groups do not divide
        depth and filters.
    """

    width: int = 32
    depth: int = 3
    filters: int = 6
    size: int = 5
    stride: int = 1
    padding: int = 0
    dilation: int = 1
    groups: int = 1

    def __post_init__(self) -> None:
        for name in ("width", "depth", "filters", "groups"):
            whole(name, getattr(self, name), 1)
        for name in ("depth", "filters"):
            if getattr(self, name) % self.groups:
                raise ValueError(
                    f"{self.groups} groups do not divide {name} {getattr(self, name)}: "
                    "use groups that divide both depth and filters"
                )
        self.axis  # noqa: B018 - raises where the filter does not fit

    @property
    def axis(self) -> Axis:
        """How a filter sweeps along rows, and in the same way along columns."""
        sweep = Sweep(self.size, self.stride, dilation=self.dilation)
        return lay_axis(self.width, sweep, self.padding, "zero")

    @property
    def output(self) -> int:
        """Rows and columns of the output."""
        return self.axis.outputs

    @property
    def seen(self) -> int:
        """How many slices one filter sees."""
        return self.depth // self.groups

    @property
    def parameters(self) -> int:
        """Weights and biases: (F·F·D/groups + 1)·K."""
        return (self.size**2 * self.seen + 1) * self.filters

    @property
    def multiplications(self) -> int:
        """Products for one input, those with padding included."""
        return self.output**2 * self.filters * self.size**2 * self.seen

    @property
    def memory(self) -> int:
        """Bytes of input, output and parameters in float32, for one input."""
        values = self.width**2 * self.depth + self.output**2 * self.filters + self.parameters
        return _BYTES * values

    def arithmetic(self) -> dict[str, str]:
        """Return the arithmetic behind each count, by the count's name.

        Examples
        --------
        >>> Volume(filters=10, padding=2).arithmetic()["parameters"]
        '(5·5·3 + 1)·10 = 760'
        """
        n, f, d, k = self.output, self.size, self.seen, self.filters
        slices = f"{self.depth}/{self.groups}" if self.groups > 1 else f"{self.depth}"
        return {
            "output volume": f"{self.axis.size}, so {n}×{n}×{k}",
            "parameters": f"({f}·{f}·{slices} + 1)·{k} = {self.parameters:,}",
            "multiplications": f"{n}·{n}·{k} · {f}·{f}·{d} = {self.multiplications:,}",
            "memory": (
                f"({self.width}·{self.width}·{self.depth} + {n}·{n}·{k} + {self.parameters:,})"
                f" · {_BYTES} bytes = {self.memory:,} bytes"
            ),
        }


@dataclass(frozen=True)
class Counted:
    """A named layer with its known counts: rows of the output, and parameters or None."""

    title: str
    volume: Volume
    output: int
    parameters: int | None = None


def _known(width: int, padding: int, size: int, stride: int, dilation: int, output: int) -> Counted:
    spread = f", dilation {dilation}" if dilation > 1 else ""
    title = f"{width}×{width}, padding {padding}, kernel {size}, stride {stride}{spread}"
    return Counted(title, Volume(width, 1, 1, size, stride, padding, dilation), output)


#: Every example of the lectures, then a table of known-good sizes.
COUNTED = (
    Counted("32×32×3, one 5×5 filter", Volume(filters=1), 28, 76),
    Counted("32×32×3, six 5×5 filters", Volume(), 28, 456),
    Counted("then ten 5×5 filters: 32 → 28 → 24", Volume(28, 6, 10), 24, 1510),
    Counted("32×32×3, ten 5×5 filters, padding 2", Volume(filters=10, padding=2), 32, 760),
    Counted("7×7, F = 3, stride 1", Volume(7, 1, 1, 3), 5, 10),
    Counted("7×7, F = 3, stride 2", Volume(7, 1, 1, 3, 2), 3, 10),
    Counted("7×7, F = 3, stride 3: does not fit", Volume(7, 1, 1, 3, 3), 2, 10),
    Counted("same size: F = 3, S = P = 1", Volume(7, 1, 1, 3, 1, 1), 7, 10),
    Counted("same size: F = 5, P = 2", Volume(7, 1, 1, 5, 1, 2), 7, 26),
    Counted("same size: F = 7, P = 3", Volume(7, 1, 1, 7, 1, 3), 7, 50),
    Counted("depthwise: as many groups as slices", Volume(12, 4, 4, 3, 1, 1, 1, 4), 12, 40),
    _known(4, 0, 3, 1, 1, 2),
    _known(5, 2, 4, 1, 1, 6),
    _known(5, 1, 3, 1, 1, 5),
    _known(5, 2, 3, 1, 1, 7),
    _known(5, 0, 3, 2, 1, 2),
    _known(5, 1, 3, 2, 1, 3),
    _known(6, 1, 3, 2, 1, 3),
    _known(7, 0, 3, 1, 2, 3),
)
