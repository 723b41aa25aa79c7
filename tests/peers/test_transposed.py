import numpy as np
import pytest
import scipy.signal

from cnnlib.peers.transposed import TransposedCall
from cnnlib.transposed import conv_transpose2d_loops
from cnnlib.walkthroughs import transposed
from cnnlib.walkthroughs.examples import TRANSPOSED


@pytest.mark.parametrize("example", TRANSPOSED.values(), ids=TRANSPOSED.keys())
def test_the_definition_and_other_libraries_give_the_same(example):
    result = transposed(example.a, example.b, **example.options).result()
    y = np.reshape(result.values, result.shape)
    call = TransposedCall(example.a, example.b, **example.options)
    for peer in call.peers():
        assert "gives the same" in peer.compare(y)
        assert "differs" in peer.compare(y + 1)
    arrays = (np.reshape(v.values, v.shape).tolist() for v in (example.a, example.b))
    names = dict(zip("AB", arrays, strict=True), np=np, conv_transpose2d_loops=None)
    names["conv_transpose2d_loops"] = conv_transpose2d_loops
    setup, call_line = call.lines()
    exec(setup, names)  # noqa: S102 - the project's own lines
    np.testing.assert_allclose(eval(call_line, names), y)  # noqa: S307


@pytest.mark.parametrize("example", TRANSPOSED.values(), ids=TRANSPOSED.keys())
def test_scipys_lines_run_as_they_are_shown(example):
    call = TransposedCall(example.a, example.b, **example.options)
    peer = call.peers()[0]
    a, b = (np.reshape(v.values, v.shape) for v in (example.a, example.b))
    names = {"np": np, "scipy": scipy, "A": a, "B": b}
    *lines, last = peer.text.splitlines()
    exec("\n".join(lines), names)  # noqa: S102
    shown = eval(last.removeprefix("y = "), names)  # noqa: S307
    np.testing.assert_allclose(shown, peer.run())
