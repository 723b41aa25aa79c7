from fractions import Fraction

import numpy as np
import pytest

from cnnlib.peers import Peer
from cnnlib.peers.one_dimension import Call
from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.definitions import convolve_loops, correlate_loops
from cnnlib.walkthroughs.numbers import numbers

CALLS = [
    (a, b, operation, padding, style)
    for a, b in (([2, -1, 1], [1, 1, 2]), (["1/3", 2, 5, "-0.5"], [1, -2]), ([3, 4], [1, 2, 3]))
    for operation in ("convolution", "cross-correlation")
    for padding in ("full", "same", "valid")
    for style in ("zero", "reflect", "edge", "circular")
    if padding != "valid" or len(b) <= len(a)
]


@pytest.mark.parametrize(("a", "b", "operation", "padding", "style"), CALLS)
def test_what_is_shown_and_what_is_run_give_the_walkthroughs_result(
    a, b, operation, padding, style
):
    a, b = numbers(a), numbers(b)
    walk = convolution(a, b, operation=operation, padding=padding, padding_mode=style)
    result = walk.result().values
    call = Call(a, b, operation, padding, style)
    shown = namespace(a, b)
    definition = "convolve_loops" if operation == "convolution" else "correlate_loops"
    defined = eval(f"{definition}({call.array}, b){call.kept}", shown)  # noqa: S307
    np.testing.assert_allclose(np.array(defined, float), result)
    for peer in call.peers():
        told = peer.compare(result)
        if peer.name == "PyTorch" and "refuses" in told:
            assert style in ("reflect", "circular")  # PyTorch pads by less than the input's length
            continue
        assert "gives the same" in told, told
        *before, last = peer.text.splitlines()
        exec("\n".join(before), shown)  # noqa: S102
        theirs = np.asarray(eval(last, shown), float).ravel()  # noqa: S307
        np.testing.assert_allclose(theirs, result, atol=1e-12)


def namespace(a, b):
    import scipy.signal
    import torch

    return {
        "np": np,
        "scipy": scipy,
        "torch": torch,
        "F": torch.nn.functional,
        "Fraction": Fraction,
        "convolve_loops": convolve_loops,
        "correlate_loops": correlate_loops,
        "a": a.values,
        "b": b.values,
    }


def test_a_difference_is_said():
    peer = Peer("NumPy", "numpy", "", lambda: [1.0, 2.5])
    assert peer.compare([1, 2]) == "NumPy differs: largest difference 0.5."
    assert "another shape" in peer.compare([1, 2, 3])


def test_a_missing_library_is_not_an_error():
    peer = Peer("Nothing", "no_such_module", "", list)
    assert peer.compare([1]) == "Nothing is not installed here."
