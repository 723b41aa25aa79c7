"""A block of an architecture: [layer → activation]·N → Pool?, and its text in a link."""

import re
from dataclasses import dataclass
from typing import Literal

from cnnlib.checks import whole

MOST_MAPS = 256
LARGEST_KERNEL = 28
MOST_CONVS = 5
LARGEST_STRIDE = 4

LAYERS = {"conv": "conv2d", "local": "local2d"}
#: The kind of layer, and the rows and columns of its windows, which lie side by side.
POOLS = {
    "max": ("max_pool2d", 2),
    "max3": ("max_pool2d", 3),
    "average": ("avg_pool2d", 2),
    "average3": ("avg_pool2d", 3),
}

_TEXT = re.compile(
    r"(\d{1,2})?(conv|local)(\d{1,6})x(\d{1,6})"
    r"(?:-stride(\d{1,6}))?(-unpadded)?(-residual)?(?:-(max3?|average3?))?",
    re.ASCII,
)


class ArchitectureError(ValueError):
    """An error in an architecture, with the block where it is.

    Attributes
    ----------
    block : int or None
        The number of the block at fault, from 0; None where no block is at fault.
    sentence : str
        Says what is wrong and what to change.
    """

    def __init__(self, block: int | None, sentence: str) -> None:
        super().__init__(sentence if block is None else f"block {block + 1}: {sentence}")
        self.block, self.sentence = block, sentence


@dataclass(frozen=True)
class Block:
    """[layer → activation]·N → Pool?, with one kind of layer.

    Attributes
    ----------
    kind : {"conv", "local"}
        Whether all positions share a filter's weights, or each has its own.
    maps : int
        Maps of each layer of the block, 1 to 256.
    kernel : int
        Rows and columns of the filters, 1 to 28; odd where the padding is "same".
    convs : int
        Layers in the block, 1 to 5: the pattern's N.
    stride : int
        The first layer's stride, 1 to 4; the other layers have stride 1.
    padding : {"same", "none"}
        (kernel − 1) / 2 cells around the maps, or none.
    residual : bool
        Whether the block's input is added to its last layer's output before the last
        activation (K. He et al., "Deep residual learning", 2016). Where the shapes differ, the
        input goes through a 1×1 convolution of the block's stride.
    pool : {"max", "max3", "average", "average3", "none"}
        Pooling at the end of the block: 2×2 with stride 2, or 3×3 with stride 3.

    Raises
    ------
    ArchitectureError
        If a value is out of range, or an even kernel or a residual block lacks its padding.
    """

    kind: Literal["conv", "local"] = "conv"
    maps: int = 16
    kernel: int = 3
    convs: int = 1
    stride: int = 1
    padding: Literal["same", "none"] = "same"
    residual: bool = False
    pool: Literal["max", "max3", "average", "average3", "none"] = "max"

    def __post_init__(self) -> None:
        one_of("kind", self.kind, tuple(LAYERS))
        one_of("padding", self.padding, ("same", "none"))
        one_of("pool", self.pool, (*POOLS, "none"))
        one_of("residual", self.residual, (False, True))
        within("maps", self.maps, MOST_MAPS)
        within("kernel", self.kernel, LARGEST_KERNEL)
        within("convs", self.convs, MOST_CONVS)
        within("stride", self.stride, LARGEST_STRIDE)
        if self.padding == "same" and self.kernel % 2 == 0:
            raise ArchitectureError(
                None,
                f"kernel {self.kernel} with padding “same” has no middle: "
                f"use a kernel of {self.kernel - 1} or {self.kernel + 1}, or no padding",
            )
        if self.padding == "none" and self.residual:
            raise ArchitectureError(
                None,
                "without padding the maps shrink, and the block's input can't be added: "
                "use padding “same”, or leave out the shortcut",
            )

    @property
    def text(self) -> str:
        """The block's text in a link, such as 2conv3x12-max: two layers of twelve 3×3 filters."""
        return (
            (str(self.convs) if self.convs > 1 else "")
            + f"{self.kind}{self.kernel}x{self.maps}"
            + (f"-stride{self.stride}" if self.stride > 1 else "")
            + ("-unpadded" if self.padding == "none" else "")
            + ("-residual" if self.residual else "")
            + (f"-{self.pool}" if self.pool != "none" else "")
        )


def read_block(number: int, text: str) -> Block:
    """Read the text of block `number`, from 0, as `Block.text` writes it.

    Raises
    ------
    ArchitectureError
        If the text is no block's.

    Examples
    --------
    >>> read_block(0, "2conv3x12-max") == Block(maps=12, convs=2)
    True
    """
    found = _TEXT.fullmatch(text)
    if not found:
        raise ArchitectureError(
            number, f"“{text[:30]}” can't be read: write it like conv3x16 or 2conv5x8-stride2-max"
        )
    convs, kind, kernel, maps, stride, unpadded, residual, pool = found.groups()
    try:
        return Block(
            kind,  # type: ignore[arg-type]
            int(maps),
            int(kernel),
            int(convs or 1),
            int(stride or 1),
            "none" if unpadded else "same",
            bool(residual),
            pool or "none",  # type: ignore[arg-type]
        )
    except ArchitectureError as problem:
        raise ArchitectureError(number, problem.sentence) from None


def one_of(name: str, value: object, allowed: tuple[object, ...]) -> None:
    """Raise ArchitectureError unless `value` is among those allowed."""
    if value not in allowed:
        raise ArchitectureError(
            None, f"{name} {value!s:.30}: use {' or '.join(str(one) for one in allowed)}"
        )


def within(name: str, value: int, most: int, least: int = 1) -> None:
    """Raise ArchitectureError unless `value` is a whole number of `least` to `most`."""
    try:
        fits = whole(name, value, least) <= most
    except ValueError:
        fits = False
    if not fits:
        raise ArchitectureError(
            None, f"{name} {value!s:.30}: use a whole number of {least} to {most}"
        )
