"""The room of the lesson on receptive fields where a stack is built and looked through."""

import streamlit as st
from streamlit.delta_generator import DeltaGenerator

from cnnlib.figures.panels import Panel
from cnnlib.models.stack import LARGEST_INPUT, STACKS
from cnnlib.ui import cache, guessing, link, own_drawing, take_away
from cnnlib.ui.components import maps
from cnnlib.ui.controls import choice, examples, put, whole
from cnnlib.ui.pages import lesson_fields
from cnnlib.ui.pages.lesson_fields import Setup

_NUMBERS = {
    "k": ("Kernel", 1, 11, 3),
    "s": ("Stride", 1, 8, 1),
    "p": ("Padding", 0, 8, 0),
    "d": ("Dilation", 1, 8, 1),
}


def _of_stack(name: str) -> dict[str, object]:
    link.write("unit", None)
    return dict(zip(("layers", "input_size"), STACKS[name], strict=True))


def _add_layer() -> None:
    state = st.session_state
    text = f"{state['add_kind']}{state['add_k']}s{state['add_s']}"
    text += f"p{state['add_p']}" if state["add_p"] else ""
    text += f"d{state['add_d']}" if state["add_kind"] == "conv" and state["add_d"] > 1 else ""
    put(layers=", ".join(filter(None, [state["layers"].strip(" ,"), text])))


def _remove_layer() -> None:
    text = st.session_state["layers"]
    put(layers=", ".join(text.split(",")[:-1]) or text)


def _stack_controls() -> None:
    """Show how the stack is changed, and what is shown of it."""
    with st.popover("Add a layer"):
        kind = choice("Kind", ["conv", "pool"], "add_kind")
        for name, (label, least, most, start) in _NUMBERS.items():
            unused = name == "d" and kind == "pool"
            st.number_input(label, least, most, start, key=f"add_{name}", disabled=unused)
        st.button("Add", on_click=_add_layer, key="add")
    st.button("Remove the last layer", on_click=_remove_layer, key="remove")
    st.toggle("Effective", True, key="effective", bind="query-params")
    st.toggle("Predict", key="predict_field", bind="query-params")


def controls(opening: Setup) -> tuple[Setup | None, DeltaGenerator]:
    """Show the controls; return what they say, None where no stack is shown, and a place."""
    with st.container(key="heading"):
        title, layers, size, presets = st.columns([36, 34, 10, 20], gap="small")
    title.markdown("#### Receptive fields")
    note = title.empty()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        if choice("View", ["stack", "connections"], "fields_view") != "stack":
            return None, note
        _stack_controls()
    layers.text_input(
        "Layers, first one first",
        opening.layers,
        key="layers",
        bind="query-params",
        persist_state="session",
    )
    with size:
        whole("Input", 1, LARGEST_INPUT, opening.size, "input_size", persist_state="session")
    with presets:
        examples({name: name for name in STACKS}, _of_stack, "stacks", "Stacks")
    return Setup(st.session_state["layers"], st.session_state["input_size"]), note


def _guess(setup: Setup) -> bool:
    """Ask how large the last layer's field is; return whether it may be shown."""
    if not st.session_state["predict_field"]:
        return True
    return guessing.asked(
        [lesson_fields.question(setup.stack)],
        key=f"guess.{setup.layers}.{setup.size}",
        hidden="the fields stay hidden",
    )


def show(setup: Setup, key: str) -> None:
    """Show a stack, the chosen unit with all it sees and affects, and what to take away."""
    stack = setup.stack
    pixels, whose = own_drawing.pixels()
    picture = setup.picture(pixels)
    chosen, cell = maps.take_choice(key)
    if chosen and (cell is None or cell.panel < len(stack.sizes)):
        link.write("unit", None if cell is None else f"{cell.panel}.{cell.row}.{cell.column}")
    unit = setup.unit(link.read("unit"))
    fields = _guess(setup)
    panels, links = setup.panels(picture, fields=fields)
    notes = [f"The input is {whose}."]
    if fields and unit.panel and st.session_state["effective"]:
        strengths, how = setup.effective(unit, picture, cache.shipped_network())
        told = lesson_fields.held(strengths, setup.mask(unit))
        panels.append(
            Panel("In effect", strengths.shape, strengths, "|gradient|", strengths.max() or 1.0)
        )
        notes.append(f"In effect: {told}, measured by gradient through {how}.")
    maps.show(panels, links, key=key, chosen=unit if fields else None, height=340, largest=12)
    if fields:
        st.markdown(f"{setup.story(unit)} {' '.join(notes)}")
        st.markdown(setup.law)
        with st.expander("Layer by layer"):
            head, *rows = setup.table
            lines = [head, ["---"] * len(head), *rows]
            st.markdown("\n".join(f"| {' | '.join(line)} |" for line in lines))
    code, take = st.columns(2)
    if not fields:
        return
    with code:
        setup.show_code(unit, key="code_fields")
    with take:
        scene = take_away.pictures(lambda: setup.scene(unit, picture, take_away.theme()))
        animation = take_away.animation(lambda: setup.scenes(unit, picture, take_away.theme()))
        offers = animation | scene | take_away.table(lambda: setup.table)
        take_away.offer("receptive field", offers, key="take_fields")
