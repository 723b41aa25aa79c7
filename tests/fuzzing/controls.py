"""Streamlit's own controls, and a browser that says anything for them."""

import json
from functools import cache
from random import Random
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.session_state import SessionState
from streamlit.testing.v1 import AppTest

#: The controls by their keys, each with the value that the control has at first.
GOOD: dict[str, Any] = {
    "whole": 3,
    "real": 0.5,
    "slider": 4,
    "list": "b",
    "radio": "b",
    "buttons": "b",
    "marks": "b",
    "text": "words",
    "area": "words",
    "toggle": True,
    "tick": True,
    "file": None,
    "press": False,
}
#: The kinds of values in a message, each with values that some control may not expect.
SAID: dict[str, tuple[Any, ...]] = {
    "double_value": (4.0, 0.25, -1e9, 1e300, float("nan"), float("inf"), float("-inf")),
    "double_array_value": ([7.0], [], [1.0, 2.0], [float("nan")], [float("-inf")], [1e300]),
    "int_value": (0, 99, -(2**60)),
    "int_array_value": ([0], [], [99, -1]),
    "string_value": ("a", "", "nobody's", "9" * 400, "9" * 5000),
    "string_array_value": (["a"], [], ["nobody's"], ["a", "c"]),
    "bool_value": (True, False),
    "trigger_value": (True, False),
    "bytes_value": (b"", b"x"),
    "json_value": ("{}", "[1]", "null", '{"value": {}}'),
    "json_trigger_value": ("{}", "[1]", "null", '[{"event": "a"}]'),
    "string_trigger_value": ("a",),
    "file_uploader_state_value": ("a.png", "a\0.exe"),
}


def _page() -> None:
    import streamlit as st

    from cnnlib.ui import values
    from tests.fuzzing.controls import GOOD

    values.guard()
    for key, value in GOOD.items():
        if key not in ("file", "press", "pressed"):
            st.session_state.setdefault(key, value)
    st.number_input("Whole", 1, 9, key="whole")
    st.number_input("Real", 0.0, 1.0, key="real")
    st.slider("Slider", 1, 9, key="slider")
    st.selectbox("List", list("abc"), key="list")
    st.radio("Radio", list("abc"), key="radio")
    st.segmented_control("Buttons", list("abc"), key="buttons")
    st.select_slider("Marks", list("abc"), key="marks")
    st.text_input("Text", max_chars=400, key="text")
    st.text_area("Area", key="area")
    st.toggle("Toggle", key="toggle")
    st.checkbox("Tick", key="tick")
    st.file_uploader("File", ["png"], key="file")
    st.button("Press", key="press")


def page() -> AppTest:
    """Return a page with one control of each kind, as a visitor has it on the screen."""
    return AppTest.from_function(_page).run()


def state_of(shown: AppTest) -> SessionState:
    """Return what a page's script and controls have said."""
    state: Any = shown.session_state
    while not isinstance(state, SessionState):
        state = object.__getattribute__(state, "_state")
    return state


def names(state: SessionState) -> dict[str, str]:
    """Return Streamlit's name of each control, by its key."""
    return {key: name for name, key in state._key_id_mapper.id_key_mapping.items()}


def say(message: WidgetStates, name: str, kind: str, value: Any) -> None:
    """Put a control's value into a message."""
    said: WidgetState = message.widgets.add(id=name)
    if kind.endswith("array_value"):
        getattr(said, kind).SetInParent()
        getattr(said, kind).data.extend(value)
    elif kind == "string_trigger_value":
        said.string_trigger_value.data = value
    elif kind == "file_uploader_state_value":
        said.file_uploader_state_value.uploaded_file_info.add(file_id="1", name=value)
    elif kind:
        setattr(said, kind, value)


@cache
def _shown() -> SessionState:
    return state_of(page())


def controls(chance: Random) -> None:
    """Have a browser say anything for the controls of a page."""
    state, message = _shown(), WidgetStates()
    known = names(state)
    for name in chance.choices([*known.values(), "", "list", "$$ID-0-nobody"], k=9):
        kind = chance.choice(["", *SAID])
        say(message, name, kind, kind and chance.choice(SAID[kind]))
    state.on_script_will_rerun(message)
    for key, good in GOOD.items():
        told = state[key]
        assert told is None or isinstance(told, type(good)) or key == "file", (key, told)
    json.dumps([state[key] for key in GOOD if key != "file"], allow_nan=False)
    assert state.filtered_state
