import numpy as np
import pytest

from cnnlib.drawings.shift import shifted
from cnnlib.peers.shift import ShiftCall

IMAGE = np.random.default_rng(0).integers(0, 256, (28, 28)).astype(np.uint8)


@pytest.mark.parametrize(("rows", "columns"), [(0, 0), (0, 1), (-4, 3), (2, -1)])
def test_both_libraries_move_it_alike(rows, columns):
    for peer in ShiftCall(IMAGE, rows, columns).peers():
        assert "gives the same" in peer.compare(shifted(IMAGE, rows, columns))
        assert "differs" in peer.compare(shifted(IMAGE, rows, columns + 1))
