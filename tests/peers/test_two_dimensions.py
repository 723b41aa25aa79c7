from fractions import Fraction

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import signal

from cnnlib.peers.two_dimensions import Call
from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.definitions import correlate2d_loops
from cnnlib.walkthroughs.numbers import numbers

LECTURE = [[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]]
FRACTIONS = [["1/3", 2, -5, 1], [0, "1/2", 3, 1], [1, 1, 4, -2]], [["1/3", -2, 1], [1, 1, 1]]
CALLS = [
    (arrays, operation, padding, style, stride, dilation)
    for arrays in (LECTURE, FRACTIONS)
    for operation in ("convolution", "cross-correlation")
    for padding in ("full", "same", "valid", 2)
    for style in ("zero", "reflect", "edge", "circular")
    for stride, dilation in ((1, 1), (2, 2))
    if padding != "valid" or dilation == 1
]


@pytest.mark.parametrize(("arrays", "operation", "padding", "style", "stride", "dilation"), CALLS)
def test_what_is_shown_and_what_is_run_give_the_walkthroughs_result(
    arrays, operation, padding, style, stride, dilation
):
    a, b = map(numbers, arrays)
    walk = convolution(
        a,
        b,
        operation=operation,
        padding=padding,
        padding_mode=style,
        stride=stride,
        dilation=dilation,
    )
    result = np.reshape(walk.result().values, walk.shapes["output"])
    call = Call(a, b, operation, padding, style, stride, dilation)
    ours = run(call.lines(), exact(a), exact(b))
    np.testing.assert_allclose(np.array(ours, float), result, atol=1e-12)
    for peer in call.peers():
        told = peer.compare(result)
        if peer.name == "PyTorch" and "refuses" in told:
            assert style in ("reflect", "circular")  # PyTorch pads by less than the input's length
            continue
        assert "gives the same" in told, told
        theirs = run(peer.text.splitlines(), exact(a), exact(b))
        np.testing.assert_allclose(np.asarray(theirs, float).squeeze(), result.squeeze())


def run(lines, a, b):
    import scipy.signal
    import torch

    *before, last = lines
    space = {
        "np": np,
        "scipy": scipy,
        "torch": torch,
        "F": torch.nn.functional,
        "correlate2d_loops": correlate2d_loops,
        "A": a,
        "B": b,
    }
    exec("\n".join(before), space)  # noqa: S102
    return eval(last, space)  # noqa: S307


def exact(array):
    """Return an array as the lesson's own lines write it: in integers, or in fractions."""
    cells = [array.value(at) for at in range(len(array.texts))]
    cells = [int(cell) if cell.denominator == 1 else cell for cell in cells]
    rows, columns = array.shape
    return [cells[row * columns : (row + 1) * columns] for row in range(rows)]


def test_fractions_stay_fractions():
    a, b = map(numbers, FRACTIONS)
    call = Call(a, b, "cross-correlation", "same")
    cells = [cell for row in run(call.lines(), exact(a), exact(b)) for cell in row]
    assert cells[:2] == [Fraction(11, 6), Fraction(-97, 18)]
    assert {type(cell) for cell in cells} == {Fraction}


pictures = st.tuples(st.integers(3, 8), st.integers(3, 8), st.integers(0, 2**32 - 1))


@given(pictures, st.integers(1, 3), st.integers(1, 3), st.integers(1, 3))
@settings(max_examples=30, deadline=None)
def test_the_definition_is_what_scipy_computes(picture, rows, columns, stride):
    height, width, seed = picture
    generator = np.random.default_rng(seed)
    a = generator.integers(-9, 10, (height, width))
    b = generator.integers(-9, 10, (rows, columns))
    ours = correlate2d_loops(a.tolist(), b.tolist(), stride)
    theirs = signal.correlate2d(a, b, "valid")[::stride, ::stride]
    np.testing.assert_array_equal(ours, theirs)
