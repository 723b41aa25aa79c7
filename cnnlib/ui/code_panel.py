"""Show the code: the definition's own source with the lesson's numbers, beside other libraries."""

import inspect

import streamlit as st

from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Code, State
from cnnlib.ui.page import Page


def drawer(page: Page, state: State, given: Given) -> None:
    """Show the code of a lesson's state in an expander that the state's field `coded` opens."""
    if (box := page.drawer("coded")) and (code := state.code(given)):
        with box:
            write(code, key=type(state).__module__)


def write(code: Code, *, key: str) -> None:
    """Write a definition, its call, and what other libraries make of the same numbers."""
    st.code("\n".join([inspect.getsource(code.definition), "", *code.lines]), language="python")
    for peer in code.peers:
        st.code(peer.text, language="python", wrap_lines=True)
        if peer.slow and not st.toggle(f"Run {peer.name}", key=f"{key}.{peer.module}"):
            st.caption(f"{peer.name} is imported when you ask for it.")
        else:
            st.caption(peer.compare(code.result))
