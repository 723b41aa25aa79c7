"""Controls that several lessons have, with their values in the link, and how they refuse."""

import re
from collections.abc import Iterable
from typing import Any

import streamlit as st

PADDING = {"zero": "zeros", "reflect": "mirror", "edge": "edge", "circular": "circular"}
_MARKUP = re.compile(r"[\\`*_\[\]!$<>~#|{}]")


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


def whole(label: str, least: int, most: int, opening: int, key: str, **more: Any) -> int:
    """Ask for a whole number in [least, most], kept in the link."""
    # Streamlit fails on an infinite number in a link: what is no number is not asked for.
    bind: Any = "query-params" if st.query_params.get(key, "0").isdecimal() else None
    return st.number_input(label, least, most, opening, key=key, bind=bind, **more)


def quoted(text: str) -> str:
    """Return what may come from a learner as Markdown that only shows it."""
    return _MARKUP.sub(r"\\\g<0>", text)


def refusal(sentence: str) -> str:
    """Return a sentence, which may quote what a learner typed, as Markdown that only shows it."""
    return f":red[{quoted(sentence)}]" if sentence else ""
