"""Show the code: the definition's own source with the lesson's numbers, beside other libraries."""

import inspect

import streamlit as st

from cnnlib.lessons.compare import compare
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Code, State
from cnnlib.ui.page import Page
from cnnlib.ui.places import without_place
from cnnlib.ui.quoting import quoted


def drawer(page: Page, state: State, given: Given) -> None:
    """Show the code of a lesson's state in an expander that the state's field `coded` opens."""
    if (box := page.drawer("coded")) and (code := state.code(given)):
        with box:
            _write(code, state, given)


def _write(code: Code, state: State, given: Given) -> None:
    """Write a definition, its call, and what other libraries make of the same numbers."""
    st.code("\n".join([inspect.getsource(code.definition), "", *code.lines]), language="python")
    for number, peer in enumerate(code.peers):
        st.code(peer.text, language="python", wrap_lines=True)
        if not peer.slow:
            st.caption(quoted(peer.compare(code.result)))
        elif not st.toggle(f"Run {peer.name}", key=f"{type(state).__module__}.{peer.module}"):
            st.caption(f"{peer.name} runs beside the server, and when you ask for it.")
        else:
            with without_place():
                told = compare(state, given, number)
            st.caption(quoted(told))
