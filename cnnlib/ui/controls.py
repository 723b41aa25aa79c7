"""Controls that several lessons have: each one's value stands in the link."""

from collections.abc import Iterable
from typing import Any

import streamlit as st

PADDING = {"zero": "zeros", "reflect": "mirror", "edge": "edge", "circular": "circular"}


def choice(label: str, options: Iterable[Any], key: str, **more: Any) -> Any:
    """Show options side by side, the first one chosen, and keep the choice in the link."""
    options = list(options)
    return st.segmented_control(
        label,
        options,
        default=options[0],
        required=True,
        key=key,
        label_visibility="collapsed",
        bind="query-params",
        **more,
    )


def number(label: str, least: int, most: int, start: int, key: str) -> int:
    """Show a whole number that can be stepped, and keep it in the link."""
    return st.number_input(label, least, most, start, key=key, width=118, bind="query-params")
