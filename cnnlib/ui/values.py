"""Values of controls as a browser says them: one that no such control can say is not taken.

Streamlit believes the browser. A text for a number, a number that is none or an option that was
never offered becomes a fault in the midst of a page. So the values of a message are looked at
before the page is made: where a control can't say its value, the control keeps the last one that
it could, and the browser is told so.
"""

from collections.abc import Sequence
from dataclasses import replace
from math import isfinite
from typing import Any

from streamlit.proto.WidgetStates_pb2 import WidgetState, WidgetStates
from streamlit.runtime.state.common import (
    GENERATED_ELEMENT_ID_PREFIX,
    RegisterWidgetResult,
    WidgetMetadata,
)
from streamlit.runtime.state.session_state import (
    STREAMLIT_INTERNAL_KEY_PREFIX,
    Serialized,
    SessionState,
    WStates,
)

#: How Streamlit begins a control's name; any other name would stand among what a script remembers.
_CONTROLS = (GENERATED_ELEMENT_ID_PREFIX, STREAMLIT_INTERNAL_KEY_PREFIX)
#: The kind that a browser says where a page has shown a control with another: of whole numbers.
_ALIKE = {"int_value": "double_value"}
_NUMBERS = ("double_value", "int_value", "double_array_value")
_UNFIT = "classroom.unfit"  # the key of the names of controls whose values were not taken


def fits(said: WidgetState, about: WidgetMetadata[Any]) -> bool:
    """Return whether a control can say a value.

    Parameters
    ----------
    said : WidgetState
        The value, or none where the control was emptied.
    about : WidgetMetadata
        The control as a page has shown it.
    """
    kind = said.WhichOneof("value")
    if kind is None or about.value_type not in (kind, _ALIKE.get(kind)):
        return kind is None
    if kind in _NUMBERS:
        return _is_number(_values(said, kind), about, kind)
    if kind in ("string_value", "string_array_value"):
        offered = about.formatted_options
        return offered is None or all(text in offered for text in _values(said, kind))
    if kind == "file_uploader_state_value":
        return _is_taken(said.file_uploader_state_value, about)
    return True


def _values(said: WidgetState, kind: str) -> Sequence[Any]:
    value = getattr(said, kind)
    return list(value.data) if kind.endswith("array_value") else [value]


def _is_number(numbers: Sequence[float], about: WidgetMetadata[Any], kind: str) -> bool:
    """Return whether a control gives numbers back as they were said: none is out of its range."""
    if not all(map(isfinite, numbers)):
        return False
    said = numbers if kind == "double_array_value" else float(numbers[0])
    taken = about.deserializer(said)
    if kind == "int_value" and not isinstance(taken, int):
        return False
    return bool(about.serializer(taken) == said)


def _is_taken(files: Any, about: WidgetMetadata[Any]) -> bool:
    try:
        about.deserializer(files)
    except Exception:  # of Streamlit's own kinds, as for the ending of a name
        return False
    return True


_usual_set, _usual_register = SessionState.set_widgets_from_proto, SessionState.register_widget


def _set(state: SessionState, message: WidgetStates) -> None:
    """Take a message's values, except those that their controls can't say."""
    _usual_set(state, message)
    about = state._new_widget_state.widget_metadata
    for name in {said.id for said in message.widgets}:
        if not name.startswith(_CONTROLS):
            del state._new_widget_state[name]
        elif name in about:
            _drop_unfit(state, about[name])


def _register(
    state: SessionState, metadata: WidgetMetadata[Any], user_key: str | None
) -> RegisterWidgetResult[Any]:
    """Show a control; after a restart, the server hears the control's value before it is shown."""
    _drop_unfit(state, metadata)
    result = _usual_register(state, metadata, user_key)
    unfit = metadata.id in state._new_session_state.get(_UNFIT, ())
    return replace(result, value_changed=True) if unfit else result


def _drop_unfit(state: SessionState, about: WidgetMetadata[Any]) -> None:
    known = state._new_widget_state.states
    said = known.get(about.id)
    if isinstance(said, Serialized) and not fits(said.value, about):
        del known[about.id]
        state._new_session_state.setdefault(_UNFIT, set()).add(about.id)


def _keep(_: WStates, metadata: WidgetMetadata[Any]) -> None:
    """Leave a control its kind, where Streamlit takes the kind over from what a browser said."""


def guard() -> None:
    """Have Streamlit take those values alone that fit."""
    SessionState.set_widgets_from_proto = _set  # type: ignore[method-assign, assignment]
    SessionState.register_widget = _register  # type: ignore[method-assign, assignment]
    WStates.set_widget_metadata = _keep  # type: ignore[method-assign, assignment]
