"""What all visitors share: only what nobody can change. Nothing else knows about caching."""

from pathlib import Path

import streamlit as st

from cnnlib.data.digits import built_in
from cnnlib.figures.scales import shared_limits
from cnnlib.images import to_input
from cnnlib.network import Network
from cnnlib.ui.components.netview import Layer

_MODELS = Path(__file__).parents[2] / "assets" / "models"


@st.cache_resource(show_spinner=False)
def shipped_network() -> Network:
    """Return the trained network that comes with the project. Its arrays are read-only."""
    return Network.load(_MODELS / "digits.npz")


@st.cache_resource(show_spinner=False)
def shown_layers() -> tuple[Layer, ...]:
    """Return how the shipped network's maps are shown: up to the last layer that has maps.

    The scales are fixed by what ten sample digits reach, so that a colour means the same
    from stroke to stroke.
    """
    network = shipped_network()
    activations = network.forward(to_input(built_in(10).images))
    names = ["input", *(name for name, _ in network.layers)]
    return tuple(
        Layer(name, values.shape[1:], limit, signed=name != "input")
        for name, values, limit in zip(names, activations, shared_limits(activations), strict=True)
        if values.ndim == 4
    )
