"""Built-in digits: handwriting drawn by the library itself, from neat to wild.

Each digit is one of the ways of `glyphs`, bent and slanted by a `hand`, drawn by a `pen`,
and framed as MNIST is: ink in a 20×20 box, centred by mass in 28×28.
"""

import numpy as np
from numpy.typing import NDArray

from cnnlib.data import Dataset
from cnnlib.data.curves import bank
from cnnlib.data.hand import Chance, Hand, choose, hand, path, radius
from cnnlib.data.pen import ink
from cnnlib.drawings.drawing import PAD
from cnnlib.drawings.images import BOX, CENTRE, SIZE

Floats = NDArray[np.float32]

#: How many digits are drawn at once: few enough that the arrays stay in the processor's cache.
CHUNK = 128

#: The longer side of a digit's ink on the pad, in pad units.
ON_PAD = 720

_COARSE = 8  # patches along a side of the paper's coarse grain


def built_in(n: int, *, seed: int = 0, variety: float = 0.0) -> Dataset:
    """Draw digits with balanced, shuffled labels; the same arguments give the same bytes.

    Parameters
    ----------
    n : int
        How many, at least 1.
    seed : int
        At least 0. Another seed gives other digits.
    variety : float
        From 0, neat as in a schoolbook, to 1, wild. Wild digits teach a network to read
        people's handwriting; neat digits are meant to be looked at.

    Returns
    -------
    Dataset
        Images (n, 28, 28) and labels (n,), both uint8.

    Raises
    ------
    ValueError
        If n < 1, seed < 0 or variety is outside [0, 1].

    Examples
    --------
    >>> digits = built_in(20, seed=7)
    >>> digits.images.shape, sorted(digits.labels.tolist())[:4]
    ((20, 28, 28), [0, 0, 1, 1])
    """
    if n < 1:
        raise ValueError(f"{n} digits can't be drawn: ask for at least 1")
    style, seeds = hand(variety), _seeds(seed)
    shuffle = np.random.default_rng(seeds)
    labels = shuffle.permutation(np.arange(n) % 10).astype(np.uint8)
    chance = Chance(seeds, grain=BOX**2 + _COARSE**2)
    images = np.empty((n, SIZE, SIZE), np.uint8)
    for start in range(0, n, CHUNK):
        part = labels[start : start + CHUNK]
        images[start : start + CHUNK] = _draw(part, chance.rows(len(part)), style)
    return Dataset(images, labels, f"built-in digits, variety {variety:g}")


def sample_strokes(
    label: int, seed: int = 0, variety: float = 0.0
) -> list[list[tuple[int, int, int]]]:
    """Write one digit in the middle of the pad.

    Parameters
    ----------
    label : int
        The digit, 0 to 9.
    seed : int
        At least 0. Another seed gives another hand.
    variety : float
        From 0, neat, to 1, wild.

    Returns
    -------
    list of list of (x, y, width)
        The points of each stroke in pad units; width is the pen's diameter.

    Raises
    ------
    ValueError
        If label is no digit, seed < 0 or variety is outside [0, 1].
    """
    if label not in range(10):
        raise ValueError(f"label {label} is not a digit: use 0 to 9")
    style, chance = hand(variety), Chance(_seeds(seed)).rows(1)
    way = choose(np.array([label], np.uint8), chance, style)
    points, pen = path(way, chance, style), radius(chance, style)
    x, y = (_fit(points, pen)[0] - BOX / 2) * ON_PAD / BOX + PAD / 2  # (S,)
    width = 2 * pen[0] * ON_PAD / BOX
    rows = np.rint(np.column_stack([x, y, width])).astype(int).tolist()
    strokes: dict[int, list[tuple[int, int, int]]] = {}
    for number, (x, y, diameter) in zip(bank().stroke[way[0]].tolist(), rows, strict=True):
        stroke = strokes.setdefault(number, [])
        if not stroke or stroke[-1][:2] != (x, y):  # the point at a corner belongs to two pieces
            stroke.append((x, y, diameter))
    return list(strokes.values())


def _seeds(seed: int) -> np.random.SeedSequence:
    if seed < 0:
        raise ValueError(f"seed {seed} is negative: use 0 or more")
    return np.random.SeedSequence(seed)


def _draw(labels: NDArray[np.uint8], chance: dict[str, Floats], style: Hand) -> NDArray[np.uint8]:
    """Draw one framed image (28, 28) of each label."""
    points = path(choose(labels, chance, style), chance, style)
    pen = radius(chance, style)
    grey = ink(
        _fit(points, pen),
        pen,
        BOX,
        softness=1 + np.float32(style.soft) * chance["soft"],
        grain=np.float32(style.grain) * _paper(chance["grain"]),
    )
    return _centre(np.rint(grey * 255))


def _fit(points: Floats, pen: Floats) -> Floats:
    """Scale and move each path, (N, 2, S), so that its ink just fits the box."""
    low, high = points.min(axis=2), points.max(axis=2)  # (N, 2)
    room = BOX - 2 * pen.max(axis=1)
    scale = (room / (high - low).max(axis=1))[:, None, None]
    middle = ((low + high) / 2)[:, :, None]
    return (points - middle) * scale + np.float32(BOX / 2)


# Weights that interpolate 8 patches linearly over 20 pixels, scaled so that the noise of each
# pixel keeps a standard deviation of 1.
_SPREAD = np.maximum(
    0, 1 - np.abs((np.arange(BOX)[:, None] + 0.5) * _COARSE / BOX - np.arange(_COARSE) - 0.5)
)
_SPREAD = (_SPREAD / np.sqrt((_SPREAD**2).sum(axis=1, keepdims=True))).astype(np.float32)


def _paper(normal: Floats) -> Floats:
    """Return the fine plus the coarse grain of the paper, (N, 20, 20), each of spread 1."""
    fine = normal[:, : BOX**2].reshape(-1, BOX, BOX)
    coarse = normal[:, BOX**2 :].reshape(-1, _COARSE, _COARSE)
    return fine + _SPREAD @ coarse @ _SPREAD.T


def _centre(boxes: Floats) -> NDArray[np.uint8]:
    """Lay each box (N, 20, 20) into (28, 28), with its centre of mass where MNIST has it."""
    place = np.arange(BOX)
    in_rows, in_columns = boxes.sum(axis=2), boxes.sum(axis=1)  # (N, 20), exact: whole numbers
    mass = in_rows.sum(axis=1)
    row, column = (
        np.clip(np.rint(CENTRE - side @ place / mass), 0, SIZE - BOX).astype(int)
        for side in (in_rows, in_columns)
    )
    inside = (place[:, None] * SIZE + place).ravel()  # (400,)
    where = inside + (row * SIZE + column)[:, None]  # (N, 400)
    images = np.zeros((len(boxes), SIZE * SIZE), np.uint8)
    np.put_along_axis(images, where, boxes.reshape(len(boxes), -1).astype(np.uint8), axis=1)
    return images.reshape(-1, SIZE, SIZE)
