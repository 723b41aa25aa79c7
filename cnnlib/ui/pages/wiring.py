"""The room of the lesson on receptive fields where connections are sparse beside dense."""

from functools import partial

import streamlit as st

from cnnlib.figures.svg import to_svg
from cnnlib.geometry import windows
from cnnlib.models.stack import Stack
from cnnlib.peers.connections import ConnectionsCall
from cnnlib.questions import Question, exactly
from cnnlib.ui import code_panel, guessing, take_away
from cnnlib.ui.controls import choice, whole
from cnnlib.ui.pages.lesson_wires import FIGURES, UNITS, VERBS, Wires
from cnnlib.ui.take_away import Offer, offer, pictures, theme


def show() -> None:
    """Show the controls, both wirings, their code and their files."""
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        figure = choice("Figure", FIGURES, "wires")
        unit = whole("Unit", 1, UNITS, 3, "wire_unit", width=130)
        kernel = whole("Kernel", 1, UNITS, 3, "wire_k", width=130)
        predict = st.toggle("Predict", key="predict_wires", bind="query-params")
    wires = Wires(figure, unit, kernel)
    if predict and not _guess(wires):
        return
    st.markdown(f"**{FIGURES[figure]}** {wires.story()}")
    offers: dict[str, Offer] = {}
    with st.container(key="wiring"):
        columns = st.columns(2)
    for column, name in zip(columns, ("sparse", "dense"), strict=True):
        draw = partial(wires.scene, theme(), dense=name == "dense")
        column.image(to_svg(draw()), width="stretch", alt=wires.story())
        offers |= pictures(draw, f", {name}")
    code, take = st.columns(2)
    with code:
        _show_code(wires.stack, key="code_wires")
    with take:
        table = take_away.table(lambda: _rows(wires.stack))
        offer("connections", offers | table, key="take_wires")


def _guess(wires: Wires) -> bool:
    """Ask how many units are connected; return whether the wiring may be shown."""
    name, few = wires.reached
    question = f"How many {'units' if wires.below else 'inputs'} does {name} {VERBS[wires.below]}?"
    return guessing.asked(
        [Question(question, exactly(len(few), wires.story().rstrip(".")))],
        key=f"guess.{wires.figure}.{wires.unit}.{wires.stack.stages}",
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
