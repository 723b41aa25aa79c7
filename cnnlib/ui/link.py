"""The page's link: the one way in which pages read its fields and write them."""

import streamlit as st


def read(name: str, default: str = "") -> str:
    """Return a field of the link, or `default` where the link has none of that name."""
    return st.query_params.get(name, default)


def write(name: str, text: str | None) -> None:
    """Set a field of the link; no text takes the field out. Only a change is sent.

    A field that a control is bound to is set through the control, see `controls.put`.
    """
    fields = st.query_params
    if text and fields.get(name) != text:
        fields[name] = text
    elif not text and name in fields:
        del fields[name]


def everything() -> dict[str, str]:
    """Return all fields of the link."""
    return st.query_params.to_dict()
