"""The room of the lesson on layers where a volume, its filters and its maps are seen."""

from functools import partial
from typing import Any

import streamlit as st

from cnnlib.models.volume import COUNTED, Volume
from cnnlib.questions import Question, exactly
from cnnlib.ui import guessing, link, own_drawing, take_away, walk_room
from cnnlib.ui.components import maps
from cnnlib.ui.controls import examples, refusal, whole
from cnnlib.ui.pages import lesson_layer
from cnnlib.ui.pages.lesson_layer import NAMES, Layer

_LESSON = "conv_layer"
_KEY = "volume"
_PROSE = "Point at a cell of the output: the whole depth column that it reads."
_NUMBERS = {
    "width": ("Width", 1, 32),
    "depth": ("Depth", 1, 16),
    "filters": ("Filters K", 1, 16),
    "size": ("Size F", 1, 11),
    "stride": ("Stride S", 1, 8),
    "padding": ("Padding P", 0, 8),
    "dilation": ("Dilation", 1, 4),
    "groups": ("Groups", 1, 16),
}
_OPENING = Volume()


def _of_example(title: str) -> dict[str, int]:
    volume = {counted.title: counted.volume for counted in COUNTED}[title]
    link.write("cell", None)
    return {f"v_{name}": getattr(volume, name) for name in NAMES}


def _controls(place: Any) -> dict[str, int]:
    with place:
        examples({counted.title: counted.title for counted in COUNTED}, _of_example, "counted")
    with st.container(horizontal=True, gap="small", key="choices"):
        return {
            name: whole(label, least, most, getattr(_OPENING, name), f"v_{name}", width=130)
            for name, (label, least, most) in _NUMBERS.items()
        }


def _guess(volume: Volume) -> bool:
    told = volume.arithmetic()
    questions = [
        Question("How wide is the output?", exactly(volume.output, told["output volume"])),
        Question("How many parameters?", exactly(volume.parameters, told["parameters"])),
    ]
    key = ".".join(str(getattr(volume, name)) for name in NAMES)
    return guessing.asked(questions, key=f"guess.{key}", hidden="output and counts stay hidden")


def show(note: Any, place: Any, *, predict: bool) -> None:
    """Show the controls, the volume and its counts.

    Parameters
    ----------
    note, place : DeltaGenerator
        Places for a sentence and for the examples.
    predict : bool
        Whether the counts are asked for before they are shown.
    """
    said = _controls(place)
    good, trouble = walk_room.last_good(_LESSON, said, lambda made: Volume(**made), vars(_OPENING))
    volume = Volume(**good)
    note.markdown(refusal(trouble) or f":gray[:small[{_PROSE}]]")
    hidden = predict and not _guess(volume)
    pixels, whose = own_drawing.pixels()
    chosen, cell = maps.take_choice(_KEY)
    layer = Layer(volume, pixels, lesson_layer.read_cell(link.read("cell"), volume))
    if chosen and (text := "" if cell is None else layer.choice(cell)) is not None:
        link.write("cell", text)
        layer = Layer(volume, pixels, lesson_layer.read_cell(text, volume))
    panels, links, column = layer.panels()
    draw = partial(maps.show, key=_KEY, together=column, height=300, largest=40)
    if hidden:  # what goes in and the filter: what comes out is asked for
        draw(panels[: volume.depth + volume.seen])
        return
    draw(panels, links, chosen=layer.cell())
    st.markdown(layer.story())
    counts = volume.arithmetic()
    lines = [f"**{name.capitalize()}** {told}" for name, told in counts.items()]
    for place, pair in zip(st.columns([42, 58]), (lines[:2], lines[2:]), strict=True):
        place.markdown("  \n".join(pair))
    if notes := volume.axis.notes("row"):
        st.markdown(f"{' '.join(notes)} The same holds for columns.")
    code, take = st.columns(2)
    with code:
        layer.show_code(key="code_layer")
    with take:
        _take(layer, counts)
    st.caption(f"Slice d is {whose}, moved to the right by d pixels; weights are −1, 0 and 1.")


def _take(layer: Layer, counts: dict[str, str]) -> None:
    scenes = take_away.pictures(lambda: layer.scene(take_away.theme()))
    animation = take_away.animation(lambda: layer.scenes(take_away.theme()))
    table = take_away.table(lambda: [("what", "arithmetic"), *counts.items()])
    take_away.offer("convolution layer", animation | scenes | table, key="take_layer")
