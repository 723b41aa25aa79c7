"""Every field of a page's link can be part of a beat: shown, and the same when it is added again.

The fields are those of the lessons, of which every choice is tried, and those in the sources. So a
new field is tested too, or the test asks for a value of it.
"""

import re
from secrets import token_hex
from urllib.parse import parse_qsl, urlencode

import pytest
from streamlit.testing.v1 import AppTest

from cnnlib.drawings.drawing import Drawing, Stroke
from cnnlib.lessons import fields as kinds
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.talks.talk import Beat, Talk
from cnnlib.ui.talks import shelf
from cnnlib.ui.talks.present import Place
from tests.pages.components import ROOT, mounted, packet, say

# A value for each field that is typed, because such a field offers no other value.
TYPED = {
    "a": "1,2,0,3",
    "b": "2,1",
    "c": "1,1,1",
    "A": "1,2,0;3,1,1;0,2,5",
    "B": "1,0;2,1",
    "t_A": "1,2;3,0",
    "t_B": "1,1;0,2",
    "kernel": "0,1,0;1,-4,1;0,1,0",
    "second": "1,2,1",
    "map": "1,5,2;0,3,4;7,1,1",
    "layers": "conv3-pool2-conv3",
    "rate": "0.02",
    "net": "conv3x8-max_out10",
    "l2": "0.001",
    "dropout": "0.25",
    "avg": "0.9",
}
# Fields of the link that are no controls: a value of each, and a lesson that has the field.
WRITTEN = {
    "step": ("convolution_1d", "1"),
    "lead": ("convolution_1d", "1"),
    "at": ("kernels", "3.4"),
    "cell": ("conv_layer", "1.2.3"),
    "unit": ("receptive_fields", "1.2.3"),
    "drawing": ("draw", Drawing((Stroke(((100, 100, 90), (500, 900, 90))),)).encode()),
    "run": ("train", "unknown"),
    "recorded": ("train", "first_steps"),
}
# Fields that mean nothing alone: a talk's beat, a window's part in it, and orders to a named run.
NOT_ALONE = {"present", "talk", "beat", "speak", "replay"}
# The variables that stand for names of fields in the sources.
CALLED = {"name": {"step", "lead", "recorded", "replay"}}

VALUES = {lesson.stem: state for lesson in LESSONS if (state := find(lesson.stem))}


def open_beat(stem, state):
    """Open a page as a beat of a talk that somebody has made, as a new visitor."""
    talk = Talk("t", (Beat(stem, state),))
    talk_id = shelf.store().create(token_hex(8), talk)
    path, _, query = Place(talk_id, talk, 1).link(1).partition("?")
    assert path == stem
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in parse_qsl(query):
        at.query_params[name] = value
    at.switch_page(f"pages/{stem}.py").run()
    assert not at.exception
    return at


def link(at):
    # Before a page has run, a value is a text; afterwards it is a list of one text.
    return {name: "".join(value) for name, value in at.query_params.items()}


def added(at, stem):
    """Add a page's state to a talk, as its key does, and return the beat's lesson and state."""
    say(at, "stage", add=f"{stem}?{urlencode(link(at))}")
    talk = shelf.find(at.session_state["classroom.visit"].talk)
    return talk.beats[-1].lesson, talk.beats[-1].state


def other(field, value):
    """Return another value of a field, as it stands in a link."""
    if isinstance(field, kinds.Switch):
        return field.write(not value)
    if isinstance(field, kinds.Choice):
        return next(option for option in field.labels if option != value)
    if isinstance(field, kinds.Whole):
        least = field.least if value is None else value
        return str(least + 1 if least < field.most else max(field.least, least - 1))
    assert isinstance(field, kinds.Grid | kinds.Text), (
        f"{field.link} is written by a page: see WRITTEN"
    )
    assert TYPED[field.link] != value, f"{field.link} says this anyway"
    return TYPED[field.link]


def sweep(lesson):
    """Return links of a lesson: each option of each choice, alone and with all else changed."""
    opening, fields = lesson(), lesson.described()
    usual = {name: getattr(opening, name) for name in fields}
    changed = {
        field.link: other(field, usual[name])
        for name, field in fields.items()
        if not isinstance(field, kinds.Place)
    }
    choices = [
        {field.link: option}
        for name, field in fields.items()
        if isinstance(field, kinds.Choice)
        for option in field.labels
    ]
    return [*choices, *(changed | one for one in choices)]


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("stem", VALUES)
def test_every_field_of_a_lesson_is_shown_as_a_beat_says_and_added_again(stem):
    lesson, controlled = VALUES[stem], set()
    for query in sweep(lesson):
        state, told = lesson.from_link(query)
        assert told == ()
        at = open_beat(stem, query)
        assert at.session_state["classroom.visit"].lessons[lesson].wanted == state
        for name, field in lesson.described().items():
            if field.link in at.session_state:
                shown = at.session_state[field.link]
                same = shown.replace("\n", ";") if isinstance(field, kinds.Grid) else shown
                assert same == getattr(state, name), field.link
                controlled.add(field.link)
        assert added(at, stem) == (stem, state.to_link())
    written = {
        field.link for field in lesson.described().values() if isinstance(field, kinds.Place)
    }
    # The speed is asked for where a run is played back.
    named = controlled | written | {"step", "lead", "puzzle", "speed"}
    assert named >= {field.link for field in lesson.described().values()}


def places():
    """Return the fields that are chosen in a lesson's figure and have no control."""
    return {
        field.link
        for lesson in VALUES.values()
        for name, field in lesson.described().items()
        if isinstance(field, kinds.Place) or name in ("step", "lead")
    }


def in_sources():
    """Return the fields that pages and rooms themselves write into the link or read from it."""
    names = set()
    for path in [*(ROOT / "pages").glob("*.py"), *(ROOT / "cnnlib" / "ui").rglob("*.py")]:
        source = path.read_text("utf-8")
        assert path.name == "link.py" or "st.query_params" not in source, f"{path} goes past link"
        names |= set(re.findall(r'"(\w+)" (?:not )?in link\.everything\(\)', source))
        for name in re.findall(r"\blink\.(?:read|write|everything\(\)\.get)\(\s*([^,)]+)", source):
            if name[0] in "\"'":
                names.add(name.strip("\"'"))
            elif name not in ("key", "field.link"):  # these are a control's own
                names |= CALLED[name]
    return names


def test_what_is_no_control_has_a_value_here():
    assert in_sources() | places() == set(WRITTEN) | NOT_ALONE


def shows(at):
    """Return all that a page shows, except the talk's beat."""
    told = [one.value for one in [*at.markdown, *at.caption, *at.text_input]]
    names = {name.removeprefix("classroom.") for name in mounted(at)} - {"stage", "learning"}
    return [*told, *(packet(at, name) for name in sorted(names))]


@pytest.mark.usefixtures("runs")
@pytest.mark.parametrize("name", WRITTEN)
def test_what_a_page_writes_into_its_link_is_shown_as_a_beat_says_and_added_again(name):
    stem, value = WRITTEN[name]
    at = open_beat(stem, {name: value})
    assert shows(at) != shows(open_beat(stem, {}))
    assert added(at, stem) == (stem, {name: value})
