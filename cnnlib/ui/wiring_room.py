"""Sparse connections beside dense ones, from below, from above and through two layers.

The figures follow I. Goodfellow, Y. Bengio and A. Courville, Deep Learning, 2016, 9.2 to 9.4.
"""

from functools import partial
from itertools import pairwise

import streamlit as st

from cnnlib.figures.svg import to_svg
from cnnlib.figures.wiring import wiring
from cnnlib.geometry import windows
from cnnlib.peers.connections import ConnectionsCall
from cnnlib.stack import Stack, parse
from cnnlib.ui import code_panel, guessing, take_away
from cnnlib.ui.controls import choice, whole
from cnnlib.ui.take_away import Offer, offer, pictures, theme

_UNITS = 5
_LETTERS = ("x", "h", "g")
_VERBS = ("see", "affect")
FIGURES = {
    "from below": "Which units does one input affect?",
    "from above": "Which inputs does one unit see?",
    "two layers": "Which inputs does one unit of a deeper layer see?",
}


def show() -> None:
    """Show the controls, both wirings, their code and their files."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        figure = choice("Figure", FIGURES, "wires")
        unit = whole("Unit", 1, _UNITS, 3, "wire_unit", width=130) - 1
        kernel = whole("Kernel", 1, _UNITS, 3, "wire_k", width=130)
        predict = st.toggle("Predict", key="predict_wires", bind="query-params")
    depth = 2 if figure == "two layers" else 1
    pad = kernel // 2
    stack = Stack(_UNITS + (kernel % 2 == 0), parse(", ".join([f"conv{kernel}p{pad}"] * depth)))
    sparse = [stack.reads(at) for at in range(1, depth + 1)]
    dense = [[list(range(n))] * m for n, m in pairwise(stack.sizes)]
    unit = min(unit, stack.sizes[0 if figure == "from below" else depth] - 1)
    if predict and not _guess(figure, stack, unit):
        return
    st.markdown(f"**{FIGURES[figure]}** {tell(figure, stack, unit)}")
    offers: dict[str, Offer] = {}
    with st.container(key="wiring"):
        columns = st.columns(2)
    for column, (name, tables) in zip(
        columns, {"sparse": sparse, "dense": dense}.items(), strict=True
    ):
        title = f"Sparse: kernel of {kernel}" if name == "sparse" else "Dense: all see all"
        bright = lit(figure, stack, unit, dense=name == "dense")
        drawn = wiring(tables, bright, _LETTERS, title, theme())
        column.image(to_svg(drawn), width="stretch", alt=tell(figure, stack, unit))
        offers |= pictures(partial(wiring, tables, bright, _LETTERS, title, theme()), f", {name}")
    code, take = st.columns(2)
    with code:
        _show_code(stack, key="code_wires")
    with take:
        offer("connections", offers | take_away.table(lambda: _rows(stack)), key="take_wires")


def _guess(figure: str, stack: Stack, unit: int) -> bool:
    """Ask how many units are connected; return whether the wiring may be shown."""
    below = figure == "from below"
    name, few = _reached(figure, stack, unit)
    question = f"How many {'units' if below else 'inputs'} does {name} {_VERBS[below]}?"
    return guessing.asked(
        {question: guessing.exactly(len(few), tell(figure, stack, unit).rstrip("."))},
        key=f"guess.{figure}.{unit}.{stack.stages}",
        hidden="the connections stay hidden",
    )


def _show_code(stack: Stack, *, key: str) -> None:
    """Show which cells a unit reads, and the matrix of all connections in other libraries."""
    sweep = stack.stages[0].sweep
    lines = ["# below 0, and at n and beyond, lies padding"]
    for n in stack.sizes[:-1]:
        table = windows(n, sweep.kernel, padding=sweep.padding).tolist()
        lines.append(f"windows({n}, {sweep.kernel}, padding={sweep.padding})  # {table}")
    peers = ConnectionsCall(stack).peers()
    code_panel.show(windows, lines, stack.connections(), peers, key=key)


def _rows(stack: Stack) -> list[list[str]]:
    """Return the sparse connections as a table: a unit, and what it reads."""
    rows = [["layer", "unit", "reads"]]
    for layer in range(1, len(stack.sizes)):
        for unit, cells in enumerate(stack.reads(layer), 1):
            rows += [[str(layer), str(unit), str(cell + 1)] for cell in cells]
    return rows


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
    name, few = _reached(figure, stack, unit)
    others, total = _LETTERS[depth if below else 0], stack.sizes[depth if below else 0]
    named = ", ".join(f"{others}{cell + 1}" for cell in few)
    links = [sum(map(len, stack.reads(at))) for at in range(1, depth + 1)]
    dense = sum(n * m for n, m in pairwise(stack.sizes))
    return (
        f"{name} {_VERBS[below]}s {named}: {len(few)} of {total}; dense, all "
        f"{total}. Connections: {sum(links)} instead of {dense}."
    )


def _reached(figure: str, stack: Stack, unit: int) -> tuple[str, list[int]]:
    """Return a unit's name, and which units of the other end it is connected with."""
    if figure == "from below":
        return f"{_LETTERS[0]}{unit + 1}", stack.above(0, unit)[-1]
    depth = len(stack.stages)
    return f"{_LETTERS[depth]}{unit + 1}", stack.below(depth, unit)[-1]
