"""A run may begin with weights that fit its architecture, and with no others."""

import pytest

from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.runs.start import NAMED, Start, name_of


@pytest.mark.parametrize("name", NAMED)
def test_every_named_architecture_is_known_by_its_network(name):
    network = NAMED[name].network()
    assert name_of(network) == name
    Start(network, "the file “a.npz”").check(NAMED[name])


def test_what_does_not_fit_is_told_by_its_first_difference_and_by_what_fits():
    start = Start(PRESETS["tiny"].network(), "the file “a.npz”")
    with pytest.raises(ValueError, match=r"^the file “a.npz” cannot be trained on") as refused:
        start.check(PRESETS["digits"])
    told = str(refused.value)
    assert "it has conv1 (conv2d), weight (8, 1, 3, 3)" in told
    assert "where this architecture has conv1 (conv2d), weight (12, 1, 3, 3)" in told
    assert told.endswith("; choose the network “tiny”")


def test_of_an_unknown_architecture_it_says_so():
    own = Architecture.from_text("conv3x7-max_out10")
    assert name_of(own.network()) == ""
    with pytest.raises(ValueError, match=r"use the layers that it was made of$"):
        Start(own.network(), "the file “a.npz”").check(PRESETS["tiny"])
