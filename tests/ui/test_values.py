"""A control keeps its last good value where a browser says one that the control can't say."""

from dataclasses import replace

import pytest
from streamlit.errors import StreamlitAPIException
from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import WidgetMetadata
from streamlit.runtime.state.session_state import SessionState

from cnnlib.ui import values
from tests.fuzzing.controls import GOOD, names, page, say, state_of

NAN, INF = float("nan"), float("inf")
UNFIT = {
    "whole": {
        "string_value": ["x"],
        "double_value": [NAN, INF, -INF, 10.0, 2.5],
        "int_value": [10, -(2**60)],
    },
    "real": {"double_value": [-INF, NAN, 1.5], "int_value": [0], "bool_value": [True]},
    "slider": {"double_array_value": [[INF], [NAN], [], [1.0, 2.0]], "double_value": [5.0]},
    "list": {"int_value": [99], "string_value": ["nobody's"], "string_array_value": [["a"]]},
    "radio": {"int_value": [-1], "string_value": [""]},
    "buttons": {"int_array_value": [[99]], "string_array_value": [["nobody's"]]},
    "marks": {"double_array_value": [[0.0]], "string_value": ["a"]},
    "text": {"int_value": [5], "json_value": ["[1]"]},
    "area": {"bytes_value": [b"x"], "string_trigger_value": ["x"]},
    "toggle": {"string_array_value": [["x"]], "double_value": [0.0]},
    "tick": {"json_value": ["[]"], "int_value": [0]},
    "file": {"string_value": ["a.png"], "bool_value": [True]},
    "press": {"string_value": ["x"], "double_value": [1.0]},
}
FIT = [
    ("whole", "int_value", 9, 9),
    ("whole", "double_value", 9.0, 9),
    ("real", "double_value", 0.25, 0.25),
    ("slider", "double_array_value", [7.0], 7),
    ("list", "string_value", "c", "c"),
    ("radio", "string_value", "a", "a"),
    ("buttons", "string_array_value", [], None),
    ("buttons", "string_array_value", ["a"], "a"),
    ("marks", "string_array_value", ["c"], "c"),
    ("text", "string_value", "other", "other"),
    ("area", "string_value", "other", "other"),
    ("toggle", "bool_value", False, False),
    ("tick", "bool_value", False, False),
    ("press", "trigger_value", True, True),
]


@pytest.fixture(scope="module")
def shown():
    return page()


def hear(shown, *said):
    """Send a message to a page, and return what its script finds."""
    state, message = state_of(shown), WidgetStates()
    for key, kind, value in said:
        say(message, names(state).get(key, key), kind, value)
    state.on_script_will_rerun(message)
    return state


@pytest.mark.parametrize("key", UNFIT)
def test_a_control_keeps_its_last_good_value(shown, key):
    for kind, said in UNFIT[key].items():
        for value in said:
            assert hear(shown, (key, kind, value))[key] == GOOD[key], (kind, value)


@pytest.mark.parametrize(("key", "kind", "value", "taken"), FIT)
def test_a_control_takes_what_a_browser_says_for_it(shown, key, kind, value, taken):
    assert hear(shown, (key, kind, value))[key] == taken
    for other, good in GOOD.items():  # as a visitor had them before
        if other not in ("file", "press"):
            state_of(shown)[other] = good


def test_an_emptied_control_still_takes_its_own_kind_and_no_other(shown):
    hear(shown, ("text", "", None))
    assert isinstance(hear(shown, ("text", "int_value", 5))["text"], str)
    assert hear(shown, ("text", "string_value", "other"))["text"] == "other"
    state_of(shown)["text"] = GOOD["text"]


@pytest.mark.parametrize("name", ["", "classroom.heard", "text", "$$ID-0-nobody"])
def test_a_name_that_is_no_controls_says_nothing(shown, name):
    message = WidgetStates()
    say(message, name, "string_value", "x")
    state_of(shown).on_script_will_rerun(message)
    assert state_of(shown).filtered_state["text"] == GOOD["text"]


def test_a_page_whose_controls_all_say_nonsense_stands_and_the_browser_is_told(monkeypatch):
    shown = page()
    usual = SessionState.set_widgets_from_proto

    def nonsense(state, message):
        del message.widgets[:]
        for name in names(state).values():
            say(message, name, "string_array_value", ["x"])
        usual(state, message)

    monkeypatch.setattr(SessionState, "set_widgets_from_proto", nonsense)
    shown.run()
    assert not shown.exception
    assert (shown.number_input[0].value, shown.slider[0].value) == (3, 4)
    assert shown.number_input[0].proto.set_value
    assert shown.text_input[0].proto.set_value


@pytest.mark.parametrize(
    ("kind", "value", "taken"), [("string_value", "x", 1), ("double_value", 5.0, 5)]
)
def test_a_value_that_comes_before_its_control_is_looked_at_with_the_control(
    shown, kind, value, taken
):
    """After a restart a browser says its values to a server that has shown nothing yet."""
    known = state_of(shown)
    control = known.get_widget_metadata(names(known)["whole"])
    restarted, message = SessionState(), WidgetStates()
    say(message, control.id, kind, value)
    restarted.set_widgets_from_proto(message)
    assert restarted.register_widget(control, "whole").value == taken


def test_a_file_that_its_control_refuses_is_not_taken():
    def refuse(files):
        raise StreamlitAPIException("Invalid file extension: .exe")

    said = WidgetState(id="a")
    said.file_uploader_state_value.uploaded_file_info.add(file_id="1", name="a.exe")
    control = WidgetMetadata("a", refuse, list, "file_uploader_state_value")
    assert not values.fits(said, control)
    assert values.fits(said, replace(control, deserializer=bool))


def test_streamlit_takes_values_through_here():
    values.guard()
    assert SessionState.set_widgets_from_proto is values._set
