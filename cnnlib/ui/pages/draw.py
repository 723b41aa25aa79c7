"""The draw page's room: pad, answer, every map, and one unit written out, in step with the pen."""

import streamlit as st

from cnnlib.data.digits import sample_strokes
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.reading import Reading, read
from cnnlib.models.unit import Unit
from cnnlib.network import Network
from cnnlib.ui import link, reader
from cnnlib.ui.components import answer, netview, pad, said, unit
from cnnlib.ui.controls import quoted, refusal
from cnnlib.ui.pages import unit_link
from cnnlib.ui.reader import Reader
from cnnlib.ui.session import Visit, keep_in_link, visit

_UNIT = "unit"


@st.fragment
def show(title: str, prose: str) -> None:
    """Show the room. For each message of the pad it runs again, and nothing else of the page."""
    here = visit()
    now, note = reader.of_link()
    network = now.network
    _listen(here, network)
    reading = read(network, here.drawing)
    chosen = _chosen(network, reading)

    left, middle, right = st.columns([20, 62, 18], gap="small")
    with left:
        st.markdown(f"#### {title}")
        _say_whose(now, note, prose)
        place = st.container()
        answer.show(
            None if reading is None else reading.probabilities,
            key="answer",
            sequence=here.heard,
            hint="Draw a digit above. The network answers while you draw.",
        )
    with middle:
        netview.show(
            now.scales,
            None
            if reading is None
            else [reading.activations[one.activation][0] for one in now.scales],
            None if reading is None else reading.framed,
            key="netview",
            sequence=here.heard,
            unit=chosen,
            heard=here.choices,
        )
    with right:
        unit.show(chosen, network, reading, key="unit")
    # The pad comes last: it sends its next message when it hears that this one is answered, and
    # a message that arrives during a run would cut the run short.
    with place:
        pad.show(
            None if here.pen_down else here.offered or here.drawing,
            key="paper",
            load_id=here.load_id,
            write=here.offered is not None,
            answered=here.heard,
            note=here.note,
        )
    if not here.pen_down and here.offered is None:
        keep_in_link(here.drawing)


def _say_whose(now: Reader, note: str, prose: str) -> None:
    """Say which network reads, and how to come back to the shipped one."""
    if not now.whose and not note:
        st.caption(prose)
        return
    st.markdown(refusal(note) or f"Here reads {quoted(now.whose)}.")
    st.page_link("pages/draw.py", label="Back to the shipped network")


def _listen(here: Visit, network: Network) -> None:
    message = said("paper", "drawing")
    if isinstance(message, dict) and message.get("sequence") != here.heard:
        try:
            here.drawing = Drawing.parse(message.get("strokes"))
            here.note = ""
        except ValueError as error:
            here.note = str(error)
        here.heard = int(message["sequence"])
        here.pen_down = message.get("down") is True
        here.offered = None
    digit = said("paper", "sample")
    if digit in range(10):
        here.samples += 1
        strokes = sample_strokes(digit, seed=here.samples, variety=0.0)
        here.offer(Drawing.parse([{"points": [v for p in s for v in p]} for s in strokes]))
    picked = said("netview", "unit")
    if picked:
        at, index = picked["activation"], tuple(picked["index"])
        # A layer of single units is painted as maps of one cell.
        flat = 0 <= at < len(network.shapes) and len(network.shapes[at]) == 1
        _choose(unit_link.write(network, at, index[:1] if flat else index))
        here.choices = picked["number"]
    digit = (said("answer", "digit") or {}).get("digit")
    if digit is not None:
        _choose(unit_link.write(network, len(network.layers), (digit,)))
    if said("unit", "release"):
        _choose("")


def _choose(text: str) -> None:
    """Keep the unit that is written out in the link, or none."""
    link.write(_UNIT, text)


def _chosen(network: Network, reading: Reading | None) -> Unit | None:
    """Return the unit of the link; one that this network does not have is simply not shown."""
    chosen = unit_link.read(network, reading, link.read(_UNIT))
    if reading is not None and chosen is None:
        _choose("")
    return chosen
