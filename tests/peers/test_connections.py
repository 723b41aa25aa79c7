import numpy as np
import pytest

from cnnlib.models.stack import Stack, parse
from cnnlib.peers.connections import ConnectionsCall


@pytest.mark.parametrize(
    ("size", "layers"), [(5, "conv3p1"), (5, "conv3p1, conv3p1"), (6, "conv4p2")]
)
def test_both_libraries_connect_the_same_units(size, layers):
    stack = Stack(size, parse(layers))
    ours = stack.connections()
    assert ours.shape == (stack.sizes[-1], size)
    for peer in ConnectionsCall(stack).peers():
        assert "gives the same" in peer.compare(ours)
        assert "differs" in peer.compare(~ours)


def test_the_numpy_lines_run_as_they_are_shown():
    stack = Stack(6, parse("conv4p2, conv4p2"))
    setup, last = ConnectionsCall(stack).peers()[0].text.splitlines()
    names = {"np": np}
    exec(setup, names)  # noqa: S102 - the project's own lines
    np.testing.assert_array_equal(eval(last, names), stack.connections())  # noqa: S307
