"""A page of texts, quoted in each of the ways in which pages quote."""

import streamlit as st

from cnnlib.ui.quoting import quoted, refusal
from tests.browser.markup import TEXTS

for text in TEXTS:
    st.markdown(quoted(text))
    st.markdown(refusal(text))
st.radio("Labels", range(len(TEXTS)), format_func=lambda at: quoted(TEXTS[at]))
