"""A fault of the app itself: one sentence on the page, and the rest in the log.

Streamlit writes the trace into the log by itself.
"""

import streamlit as st

from cnnlib import log

SENTENCE = (
    "This page met a fault of the app, which stands in the server's log. "
    "Open the page anew, or go on to another one."
)


def tell(fault: Exception) -> bool:
    """Say on the page that there was a fault, which is then dealt with."""
    log.failed("a page", f"{type(fault).__name__}: {fault}")
    st.error(SENTENCE)
    return True
