import numpy as np
import pytest

from cnnlib.lessons.layer import Layer
from cnnlib.models.volume import COUNTED, Volume
from cnnlib.peers.layer import LayerCall

PIXELS = np.random.default_rng(3).integers(0, 256, (28, 28)).astype(np.uint8)


@pytest.mark.parametrize("volume", [COUNTED[4].volume, Volume(9, 4, 8, 3, 2, 1, 2, 4)])
def test_pytorch_computes_the_same_maps(volume):
    layer = Layer(volume, PIXELS, (0, 0, 0))
    peer = LayerCall(layer.x, layer.w, layer.bias, **layer.settings).peer()
    assert "gives the same" in peer.compare(layer.y)
    assert "differs" in peer.compare(layer.y + 1)
