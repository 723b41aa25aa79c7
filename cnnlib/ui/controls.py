"""Controls are set and examples offered in one way, here."""

from collections.abc import Callable, Mapping
from typing import Any

import streamlit as st

from cnnlib.ui import heard, inside


def put(values: Mapping[str, Any] | None = None, /, **more: Any) -> None:
    """Set controls, by their keys: the one way in which Python changes what a control says.

    Call `put` before the controls are shown, or from a callback.
    """
    for key, value in {**(values or {}), **more}.items():
        heard.here().put(key, value)


def get(key: str, default: Any = None) -> Any:
    """Return what a control says, by its key: the one way to ask.

    A message of the browser may hold a value that Python has changed since; such a value is mended.
    """
    heard.here()
    return inside.recall(key, default)


def examples(
    titles: Mapping[str, str],
    take: Callable[[str], Mapping[str, object]],
    key: str,
    label: str = "Examples",
) -> None:
    """Offer examples; choosing one sets controls, and leaves no example chosen.

    Parameters
    ----------
    titles : mapping of str to str
        The title of each example, by its name.
    take : callable
        Takes an example's name, and returns the values for the controls, by their keys.
    key, label : str
    """

    def open_chosen() -> None:
        if (chosen := get(key)) in titles:
            put(take(chosen))
        put({key: None})

    st.selectbox(
        label,
        list(titles),
        index=None,
        key=key,
        format_func=titles.__getitem__,
        placeholder="Open one",
        on_change=open_chosen,
    )
