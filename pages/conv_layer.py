"""The convolution layer: filters as deep as the input, and what they make and cost."""

import csv
import io

import streamlit as st

from cnnlib.ui import lesson_layer, own_drawing, router, take_away, walk_room
from cnnlib.ui.components import maps
from cnnlib.ui.controls import refusal, whole
from cnnlib.ui.lesson_layer import NAMES, Layer
from cnnlib.volume import COUNTED, Volume

router.open_page()

OPENING = Volume()
LESSON = "conv_layer"
KEY = "volume"
PROSE = "Point at a cell of the output: the whole depth column that it reads."
NUMBERS = {
    "width": ("Width", 1, 32),
    "depth": ("Depth", 1, 16),
    "filters": ("Filters K", 1, 16),
    "size": ("Size F", 1, 11),
    "stride": ("Stride S", 1, 8),
    "padding": ("Padding P", 0, 8),
    "dilation": ("Dilation", 1, 4),
    "groups": ("Groups", 1, 16),
}


def open_example():
    chosen = {counted.title: counted.volume for counted in COUNTED}.get(st.session_state["counted"])
    if chosen:
        st.session_state.update({f"v_{name}": getattr(chosen, name) for name in NAMES})
        st.query_params.pop("cell", None)
    st.session_state["counted"] = None


def controls():
    """Show the controls; return what they say, and the place for a sentence about it."""
    with st.container(key="heading"):
        shares = [54, 36, 10]
        title, examples, predict = st.columns(shares, gap="small", vertical_alignment="bottom")
    title.markdown("#### The convolution layer")
    note = title.empty()
    examples.selectbox(
        "Examples",
        [counted.title for counted in COUNTED],
        index=None,
        key="counted",
        placeholder="Open one",
        on_change=open_example,
    )
    predict.toggle("Predict", key="predict_layer", bind="query-params")
    with st.container(horizontal=True, gap="small", key="choices"):
        said = {
            name: whole(label, least, most, getattr(OPENING, name), f"v_{name}", width=130)
            for name, (label, least, most) in NUMBERS.items()
        }
    return said, note


def guess(volume):
    """Ask for the output's width and the parameters; return whether they may be shown."""
    if not st.session_state["predict_layer"]:
        return True
    places = st.columns([25, 25, 50], vertical_alignment="bottom")
    key = ".".join(str(getattr(volume, name)) for name in NAMES)
    width = places[0].text_input("How wide is the output?", key=f"width.{key}")
    parameters = places[1].text_input("How many parameters?", key=f"parameters.{key}")
    if not (width.strip() and parameters.strip()):
        places[2].caption("Type both; output and counts stay hidden until then.")
        return False
    verdicts = lesson_layer.judge(volume, width, parameters)
    lines = [f"✓ {told}" if right else f"✗ {refusal(told)}" for right, told in verdicts]
    places[2].markdown("  \n".join(lines))
    return True


def to_csv(rows):
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows([("what", "arithmetic"), *rows.items()])
    return text.getvalue()


@st.fragment
def lesson():
    said, note = controls()
    good, trouble = walk_room.last_good(LESSON, said, lambda made: Volume(**made), vars(OPENING))
    volume = Volume(**good)
    note.markdown(refusal(trouble) or f":gray[:small[{PROSE}]]")
    if not guess(volume):
        return
    pixels, whose = own_drawing.pixels()
    chosen, cell = maps.take_choice(KEY)
    layer = Layer(volume, pixels, lesson_layer.read_cell(st.query_params.get("cell", ""), volume))
    if chosen and (text := "" if cell is None else layer.choice(cell)) is not None:
        st.query_params["cell"] = text
        layer = Layer(volume, pixels, lesson_layer.read_cell(text, volume))
    panels, links = layer.panels()
    maps.show(panels, links, key=KEY, chosen=layer.cell(), height=250, largest=30)
    st.markdown(layer.story())
    counts = volume.arithmetic()
    lines = [f"**{name.capitalize()}** {told}" for name, told in counts.items()]
    for column, pair in zip(st.columns([42, 58]), (lines[:2], lines[2:]), strict=True):
        column.markdown("  \n".join(pair))
    if notes := volume.axis.notes("row"):
        st.markdown(f"{' '.join(notes)} The same holds for columns.")
    code, take = st.columns(2)
    with code:
        layer.show_code(key="code_layer")
    with take:
        files = take_away.pictures(lambda: layer.scene(take_away.theme()))
        table = {"CSV": ("csv", "text/csv", lambda: to_csv(counts))}
        take_away.offer("convolution layer", files | table, key="take_layer")
    st.caption(f"Slice d is {whose}, moved to the right by d pixels; weights are −1, 0 and 1.")


lesson()
