"""Convolution in two dimensions: three methods, one cursor, and the sweep's hyperparameters."""

import streamlit as st

from cnnlib.ui import router, take_away, walk_room
from cnnlib.ui.controls import PADDING, choice, examples, put, refusal, whole
from cnnlib.ui.pages import lesson_2d
from cnnlib.ui.pages import puzzle as puzzle_room
from cnnlib.ui.pages.lesson_2d import MOST, OUTPUTS, Setup
from cnnlib.ui.session import visit
from cnnlib.walkthroughs.examples import TWO_DIMENSIONS

router.open_page()

OPENING = Setup()
LESSON = "convolution_2d"
KEY = "walk2d"
NUMBERS = {"P": ("Padding P", 0, 8), "S": ("Stride S", 1, 8), "D": ("Dilation", 1, 8)}


def use_drawing():
    try:
        put(A=lesson_2d.of_drawing(visit().drawing), letters=False)
    except ValueError:
        st.toast("Nothing is drawn yet: draw a digit on the page “Draw a digit”, then come back.")


def example(name):
    puzzle = puzzle_room.open_listed(name)
    if puzzle:
        return lesson_2d.of_puzzle(puzzle, {})
    return lesson_2d.of_example(TWO_DIMENSIONS[name])


def heading():
    """Show title, sizes and examples; return the place for the output size."""
    with st.container(key="heading"):
        title, *places, last = st.columns([44, 11, 11, 11, 23], gap="small")
    title.markdown("#### Convolution in 2D")
    for place, (key, (label, least, most)) in zip(places, NUMBERS.items(), strict=True):
        unused = key == "P" and st.session_state.get("outputs", "full") != "padding P"
        with place:
            whole(label, least, most, getattr(OPENING, key), key, disabled=unused)
    with last:
        titles = {name: one.title for name, one in TWO_DIMENSIONS.items()}
        examples(titles | puzzle_room.titles(), example, "example2d")
    return title.empty()


def arrays():
    """Show the arrays as text, a line for each row; return the place for a sentence about them."""
    for name, label in (("A", "Input A"), ("B", "Kernel B")):
        if name in st.session_state:
            put({name: st.session_state[name].replace(";", "\n")})
        st.text_area(label, getattr(OPENING, name), key=name, bind="query-params")
    st.caption("A line or ; for each row; or paste from a spreadsheet, here or into a cell.")
    return st.empty()


def controls():
    """Show the controls; return what they say, and the places for a sentence about it."""
    place = heading()
    with st.container(horizontal=True, vertical_alignment="center", gap="small", key="choices"):
        operation = choice("Operation", ["convolution", "cross-correlation"], "operation")
        outputs = choice("Outputs", OUTPUTS, "outputs")
        style = choice("Padding", PADDING, "padding", format_func=PADDING.get)
        with st.popover("Arrays"):
            near = arrays()
        st.button("Use my drawing", on_click=use_drawing, key="drawn")
        lettered = st.toggle("Letters", key="letters", bind="query-params")
        st.toggle("Predict", key="predict2d", disabled=lettered, bind="query-params")
    state = st.session_state
    p, s, d = (state[name] for name in NUMBERS)
    said = Setup(state["A"], state["B"], operation, outputs, p, style, s, d, lettered)
    return said, place, near


def pose(puzzle, setup, walk):
    def begin(changes):
        put(lesson_2d.of_puzzle(puzzle, changes))

    puzzle_room.show(puzzle, puzzle.check(*setup.sides(), walk), begin)


@st.fragment
def lesson():
    shown = visit().good.get(LESSON, OPENING)
    edits = [walk_room.take_edit(KEY, {o: c}, MOST[c[0]]) for o, c in shown.operands.items()]
    wanted, place, near = controls()
    setup, trouble = walk_room.last_good(LESSON, wanted, Setup.check, OPENING)
    walks, remarks = walk_room.tell(setup.walk)
    asked = st.session_state["predict2d"] and not setup.letters
    place.markdown(refusal(trouble) or lesson_2d.size(walks[0], asked=asked))
    near.markdown(refusal(trouble))
    puzzle = None if setup.letters else puzzle_room.here()
    if puzzle:
        pose(puzzle, setup, walks[0])
    leading, step = walk_room.play(
        walks,
        key=KEY,
        predict=asked,
        editable=setup.operands,
        equation=False,
        # Notes and a question take a line more above it, a puzzle two.
        height=284 - 22 * bool(walks[0].notes) - 40 * asked - puzzle_room.HEIGHT * bool(puzzle),
        whole=bool(puzzle) and not asked,
        refused=next(filter(None, edits), None),
    )
    st.markdown(" ".join(remarks))
    code, take = st.columns(2)
    with code:
        lesson_2d.show_code(setup, walks[0], key="code2d")
    with take:
        take_away.show(leading, step, key="take2d")


lesson()
