"""The convolution layer: filters as deep as the input, what they make and cost; and backwards."""

import streamlit as st

from cnnlib.ui import router
from cnnlib.ui.controls import choice
from cnnlib.ui.pages import layer as layer_room
from cnnlib.ui.pages import transposed

router.open_page()

ROOMS = {"layer": layer_room, "transposed": transposed}


@st.fragment
def lesson():
    with st.container(key="heading"):
        shares = [38, 18, 34, 10]
        title, view, examples, predict = st.columns(
            shares, gap="small", vertical_alignment="bottom"
        )
    title.markdown("#### The convolution layer")
    note = title.empty()
    with view:
        room = ROOMS[choice("View", ROOMS, "layer_view")]
    asked = predict.toggle("Predict", key="predict_layer", bind="query-params")
    room.show(note, examples, predict=asked)


lesson()
