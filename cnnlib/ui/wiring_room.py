"""Sparse connections beside dense ones, from below, from above and through two layers.

The figures follow I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016, 9.2 to 9.4.
"""

from functools import partial
from itertools import pairwise

import streamlit as st

from cnnlib.figures.svg import to_svg
from cnnlib.figures.wiring import wiring
from cnnlib.stack import Stack, parse
from cnnlib.ui.controls import choice, whole
from cnnlib.ui.take_away import Offer, offer, pictures, theme

_UNITS = 5
_LETTERS = ("x", "h", "g")
FIGURES = {
    "from below": "Which units does one input affect?",
    "from above": "Which inputs does one unit see?",
    "two layers": "Which inputs does one unit of a deeper layer see?",
}


def show() -> None:
    """Show the controls and both wirings."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        figure = choice("Figure", FIGURES, "wires")
        unit = whole("Unit", 1, _UNITS, 3, "wire_unit", width=118) - 1
        kernel = whole("Kernel", 1, _UNITS, 3, "wire_k", width=118)
    depth = 2 if figure == "two layers" else 1
    pad = kernel // 2
    stack = Stack(_UNITS + (kernel % 2 == 0), parse(", ".join([f"conv{kernel}p{pad}"] * depth)))
    sparse = [stack.reads(at) for at in range(1, depth + 1)]
    dense = [[list(range(n))] * m for n, m in pairwise(stack.sizes)]
    unit = min(unit, stack.sizes[0 if figure == "from below" else depth] - 1)
    st.markdown(f"**{FIGURES[figure]}** {tell(figure, stack, unit)}")
    offers: dict[str, Offer] = {}
    for column, (name, tables) in zip(
        st.columns(2), {"sparse": sparse, "dense": dense}.items(), strict=True
    ):
        title = f"Sparse: kernel of {kernel}" if name == "sparse" else "Dense: all see all"
        bright = lit(figure, stack, unit, dense=name == "dense")
        drawn = wiring(tables, bright, _LETTERS, title, theme())
        column.image(to_svg(drawn), width="content", alt=tell(figure, stack, unit))
        offers |= pictures(partial(wiring, tables, bright, _LETTERS, title, theme()), f", {name}")
    offer("connections", offers, key="take_wires")


def lit(figure: str, stack: Stack, unit: int, *, dense: bool) -> list[set[int]]:
    """Return, for each layer, the units that stand out."""
    depth = len(stack.stages)
    if dense:
        whole = [set(range(n)) for n in stack.sizes]
        whole[0 if figure == "from below" else depth] = {unit}
        return whole
    if figure == "from below":
        return [set(cells) for cells in stack.above(0, unit)]
    return [set(cells) for cells in stack.below(depth, unit)[::-1]]


def tell(figure: str, stack: Stack, unit: int) -> str:
    """Say how many units are connected, sparsely and densely."""
    depth = len(stack.stages)
    below = figure == "from below"
    few = stack.above(0, unit)[-1] if below else stack.below(depth, unit)[-1]
    name = f"{_LETTERS[0 if below else depth]}{unit + 1}"
    others, total = _LETTERS[depth if below else 0], stack.sizes[depth if below else 0]
    named = ", ".join(f"{others}{cell + 1}" for cell in few)
    links = [sum(map(len, stack.reads(at))) for at in range(1, depth + 1)]
    dense = sum(n * m for n, m in pairwise(stack.sizes))
    return (
        f"{name} {'affects' if below else 'sees'} {named}: {len(few)} of {total}; dense, all "
        f"{total}. Connections: {sum(links)} instead of {dense}."
    )
