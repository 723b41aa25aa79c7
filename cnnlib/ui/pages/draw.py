"""The draw page's room: pad, answer, every map, and one unit written out, in step with the pen."""

import streamlit as st

from cnnlib.drawings.drawing import Drawing
from cnnlib.lessons import unit_link
from cnnlib.lessons.draw import State, sample
from cnnlib.lessons.reader import Reader
from cnnlib.network import Network
from cnnlib.ui.components import answer, netview, pad, unit
from cnnlib.ui.fragment import fragment
from cnnlib.ui.given import as_linked
from cnnlib.ui.page import Page
from cnnlib.ui.quoting import quoted, refusal
from cnnlib.ui.session import Visit, keep_in_link, visit

_TITLE = "Draw a digit"
_PROSE = (
    "The network reads while you draw. Choose any cell of any map "
    "to see where it looks and what it sums."
)


@fragment
def show() -> None:
    """Show the room. Each message of the pad runs this again, and nothing else of the page."""
    here = visit()
    page = Page(State)
    given = as_linked()
    now = given.reader
    _listen(here, page, now.network)
    given.drawing = here.drawing  # the drawing that the message holds
    reading = page.state().read(given)
    chosen = page.state().chosen(given, reading)
    if reading is not None and chosen is None:
        page.keep(unit="")  # this network does not have that unit

    left, middle, right = st.columns([20, 62, 18], gap="small")
    with left:
        st.markdown(f"#### {_TITLE}")
        _say_whose(now, given.reader_note)
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
            resting=not here.pen_down,
        )
    with right:
        unit.show(chosen, now.network, reading, key="unit")
    # The pad comes last, because the pad sends its next message once this one is answered, and a
    # message that arrives during a run would cut the run short.
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


def _say_whose(now: Reader, note: str) -> None:
    """Say which network reads, and how to come back to the shipped one."""
    if not now.whose and not note:
        st.caption(_PROSE)
        return
    st.markdown(refusal(note) or f"Here reads {quoted(now.whose)}.")
    st.page_link("pages/draw.py", label="Back to the shipped network")


def _listen(here: Visit, page: Page[State], network: Network) -> None:
    message = pad.message("paper")
    if message is not None and message.sequence != here.heard:
        try:
            here.drawing = Drawing.parse(message.strokes)
            here.note = ""
        except ValueError as error:
            here.note = str(error)
        here.heard = message.sequence
        here.pen_down = message.down
        here.offered = None
    digit = pad.sample("paper")
    if digit is not None:
        here.samples += 1
        here.offer(sample(digit, here.samples))
    is_new, picked = netview.take_choice("netview")
    if is_new and picked is not None:
        at, index = picked
        # A layer of single units is painted as maps of one cell.
        flat = at < len(network.shapes) and len(network.shapes[at]) == 1
        page.keep(unit=unit_link.write(network, at, index[:1] if flat else index))
    digit = answer.chosen("answer")
    if digit is not None:
        page.keep(unit=unit_link.write(network, len(network.layers), (digit,)))
    if unit.released("unit") or (is_new and picked is None):
        page.keep(unit="")
