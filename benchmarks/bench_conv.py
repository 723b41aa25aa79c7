"""The speed of `conv2d` beside PyTorch and SciPy, all on one thread, measured in turn."""

from collections.abc import Callable

import numpy as np
import torch
from scipy.signal import correlate2d

from benchmarks.report import Row, paired
from cnnlib.conv import conv2d

# Input maps, side, filters, kernel, padding: the convolutions of the shipped network.
NETWORK = [(1, 28, 12, 3, 1), (12, 28, 12, 3, 1), (12, 14, 24, 3, 1), (24, 14, 24, 3, 1)]
SINGLE = [(1, 28, 8, 5, 0)]
Shape = tuple[int, int, int, int, int]


def run() -> list[Row]:
    """Measure single images and batches of 64 and return the rows."""
    torch.set_num_threads(1)
    return [
        _row("conv2d, one 28×28 image, 8 filters 5×5", SINGLE, 1, _torch, 1),
        _row("conv2d, one image, the network's four layers", NETWORK, 1, _torch, None),
        _row("conv2d, 64 images, 8 filters 5×5", SINGLE, 64, _torch, 3),
        _row("conv2d, 64 images, the network's four layers", NETWORK, 64, _torch, 3),
        _row("conv2d, 64 images, 8 filters 5×5", SINGLE, 64, _scipy, 0.1),
        _row("conv2d, one image, the network's four layers", NETWORK, 1, _scipy, 0.1),
    ]


def _row(what: str, shapes: list[Shape], n: int, peer: Callable, target: float | None) -> Row:
    """Add up the milliseconds of the layers of these shapes, ours and the peer's."""
    repeats, rounds = (1, 25) if n > 1 else (20, 25) if peer is _torch else (5, 5)
    ours = theirs = 0.0
    for shape in shapes:
        arrays = _drawn(n, shape)
        here, there = _ours(*arrays, shape[-1]), peer(*arrays, shape[-1])
        np.testing.assert_allclose(here(), there(), atol=1e-3)  # both do the same work
        spent = paired(_repeated(here, repeats), _repeated(there, repeats), rounds=rounds)
        ours += spent[0] / repeats * 1e3
        theirs += spent[1] / repeats * 1e3
    return Row(what, ours, "ms", target, peer=(peer.__doc__ or "").rstrip("."), theirs=theirs)


def _drawn(n: int, shape: Shape) -> list[np.ndarray]:
    maps, side, filters, kernel, _ = shape
    rng = np.random.default_rng(0)
    sizes = [(n, maps, side, side), (filters, maps, kernel, kernel), (filters,)]
    return [rng.normal(size=size).astype(np.float32) for size in sizes]


def _repeated(call: Callable[[], object], times: int) -> Callable[[], None]:
    def calls() -> None:
        for _ in range(times):
            call()

    return calls


def _ours(x: np.ndarray, w: np.ndarray, bias: np.ndarray, padding: int) -> Callable:
    return lambda: conv2d(x, w, bias, padding=padding)


def _torch(x: np.ndarray, w: np.ndarray, bias: np.ndarray, padding: int) -> Callable:
    """Return a call of torch.nn.functional.conv2d on one thread."""
    tensors = [torch.from_numpy(array) for array in (x, w, bias)]
    return lambda: torch.nn.functional.conv2d(*tensors, padding=padding)


def _scipy(x: np.ndarray, w: np.ndarray, bias: np.ndarray, padding: int) -> Callable:
    """Return calls of scipy.signal.correlate2d in a loop over filters and maps."""
    margins = [(0, 0), (0, 0), (padding, padding), (padding, padding)]

    def layer() -> np.ndarray:
        padded = np.pad(x, margins)
        return np.array(
            [
                [
                    sum(correlate2d(a, v, "valid") for a, v in zip(sample, filters, strict=True))
                    + b
                    for filters, b in zip(w, bias, strict=True)
                ]
                for sample in padded
            ]
        )

    return layer
