"""Random architectures, small enough to be computed in a moment."""

from hypothesis import strategies as st

from cnnlib.models.architecture import ACTIVATIONS, Architecture, ArchitectureError, Block
from cnnlib.models.block import POOLS


@st.composite
def blocks(draw):
    kernel = draw(st.integers(1, 5))
    padding = draw(st.sampled_from(["same", "none"])) if kernel % 2 else "none"
    return Block(
        kind=draw(st.sampled_from(["conv", "local"])),
        maps=draw(st.integers(1, 4)),
        kernel=kernel,
        convs=draw(st.integers(1, 2)),
        stride=draw(st.integers(1, 3)),
        padding=padding,
        residual=padding == "same" and draw(st.booleans()),
        pool=draw(st.sampled_from([*POOLS, "none"])),
    )


@st.composite
def architectures(draw):
    """Draw blocks while they fit; on an input of 11 to 17 cells some strides leave cells over."""
    head = {
        "hidden": tuple(draw(st.lists(st.integers(1, 9), max_size=2))),
        "activation": draw(st.sampled_from(ACTIVATIONS)),
        "input_shape": (draw(st.integers(1, 2)), *[draw(st.integers(11, 17))] * 2),
        "classes": draw(st.integers(2, 10)),
    }
    fitting = Architecture(**head)
    for block in draw(st.lists(blocks(), max_size=3)):
        try:
            fitting = Architecture((*fitting.blocks, block), **head)
        except ArchitectureError:
            break
    return fitting
