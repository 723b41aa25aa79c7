"""Built-in digits: handwriting drawn by the library itself, from neat to wild.

Each digit is one of the ways of `glyphs`, bent, slanted and warped at random, drawn by a pen
of random width, and framed as MNIST is: ink in a 20×20 box, centred by mass in 28×28.
"""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.data import Dataset
from cnnlib.data.curves import SAMPLES, bank
from cnnlib.data.pen import ink
from cnnlib.images import BOX, CENTRE, SIZE

Floats = NDArray[np.float32]

#: Digits drawn at once. Each digit has random numbers of its own, so the result is the same.
CHUNK = 256


@dataclass(frozen=True)
class Hand:
    """How much a handwriting varies. Spreads are standard deviations of normal deviates.

    Parameters
    ----------
    neat : float
        Share of digits written in one of the ways that are taught.
    jitter : float
        Spread of each control point, in hundredths of the digit's height.
    haste : float
        How far a fast pen cuts corners, at most 1.
    trim : float
        The longest part of the path that is missing at its start and end.
    slant, lean : float
        Spread and mean of the shear to the right, as a tangent.
    turn : float
        Spread of the rotation, in radians.
    aspect : float
        Spread of the logarithm of width over height.
    warp : float
        Spread of the smooth distortion, as a share of the digit's half height.
    width, thick : float
        Mean of the pen's width in pixels of the framed image, and spread of its logarithm.
    pressure : float
        Spread of the change of width along the path, as a share of the width.
    soft : float
        How much softer than one pixel the edge of a stroke may be, in pixels.
    """

    neat: float
    jitter: float
    haste: float
    trim: float
    slant: float
    lean: float
    turn: float
    aspect: float
    warp: float
    width: float
    thick: float
    pressure: float
    soft: float
    rough: float
    tremor: float


NEAT = Hand(
    neat=1.0,
    jitter=1.5,
    haste=0.3,
    trim=0.0,
    slant=0.08,
    lean=0.08,
    turn=0.03,
    aspect=0.06,
    warp=0.02,
    width=2.4,
    thick=0.12,
    pressure=0.03,
    soft=0.3,
    rough=0.0,
    tremor=0.0,
)
WILD = Hand(
    neat=0.0,
    jitter=2.0,
    haste=0.6,
    trim=0.03,
    slant=0.25,
    lean=0.12,
    turn=0.12,
    aspect=0.18,
    warp=0.06,
    width=2.6,
    thick=0.33,
    pressure=0.1,
    soft=0.5,
    rough=0.0,
    tremor=0.1,
)


def hand(variety: float) -> Hand:
    """Handwriting between `NEAT` (variety 0) and `WILD` (variety 1)."""
    if not 0 <= variety <= 1:
        raise ValueError(f"variety {variety} is outside [0, 1]: 0 is neat, 1 is wild")
    return Hand(*(a + (b - a) * variety for a, b in zip(astuple(NEAT), astuple(WILD), strict=True)))


# The uniform numbers of one digit, by place, and the number of normal ones.
_WAY, _TIDY, _HASTE, _START, _END, _SOFT, _UNIFORM = range(7)
_SLANT, _TURN, _ASPECT, _WIDTH, _PRESSURE, _WARP = 0, 1, 2, 3, 4, 6
_MODES = ((1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2))
_JITTER = _WARP + 4 * len(_MODES)


def _choose(labels: NDArray[np.uint8], uniform: Floats, style: Hand) -> NDArray[np.int64]:
    """Choose a way for each label, by weight: any way, or one of the neat ones."""
    ways = bank()
    weights = np.where([[True], [False]], ways.weight, ways.weight * ways.neat)
    tidy = (uniform[:, _TIDY] < style.neat).astype(int)
    chosen = np.empty(len(labels), np.int64)
    for label in range(10):
        own = np.flatnonzero(ways.label == label)
        for kind in (0, 1):
            wanted = (labels == label) & (tidy == kind)
            edges = np.cumsum(weights[kind, own])
            place = np.searchsorted(edges, uniform[wanted, _WAY] * edges[-1], side="right")
            chosen[wanted] = own[np.minimum(place, len(own) - 1)]
    return chosen


def _path(way: NDArray[np.int64], uniform: Floats, normal: Floats, style: Hand) -> Floats:
    """Points along the path of each digit, (N, S, 2), about 2 high around (0, 0)."""
    ways = bank()
    most = ways.controls.shape[1]
    noise = normal[:, _JITTER : _JITTER + 2 * most].reshape(-1, most, 2)
    controls = ways.controls[way] + np.float32(style.jitter) * (ways.wobble[way] @ noise)
    haste = np.float32(style.haste) * uniform[:, _HASTE, None, None]
    curve = ways.matrix[way] + haste * (ways.hasty[way] - ways.matrix[way])  # (N, S, P)
    points = curve @ controls  # (N, S, 2)

    first = np.float32(style.trim * SAMPLES) * uniform[:, _START, None]
    last = SAMPLES - 1 - np.float32(style.trim * SAMPLES) * uniform[:, _END, None]
    kept = np.clip(np.arange(SAMPLES), np.rint(first), np.rint(last)).astype(int)
    points = np.take_along_axis(points, kept[:, :, None], axis=1)
    middle = (points.max(axis=1, keepdims=True) + points.min(axis=1, keepdims=True)) / 2
    return (points - middle) / np.float32(50)


def _bend(points: Floats, normal: Floats, style: Hand) -> Floats:
    """Aspect, smooth distortion, slant and rotation of each digit."""
    stretch = np.exp(np.float32(style.aspect / 2) * normal[:, _ASPECT])
    x = points[:, :, 0] * stretch[:, None]
    y = points[:, :, 1] / stretch[:, None]

    amounts = np.float32(style.warp) * normal[:, _WARP:_JITTER].reshape(-1, 4, len(_MODES))
    shift_x, shift_y = np.zeros_like(x), np.zeros_like(y)
    for mode, (i, j) in enumerate(_MODES):
        angle = np.float32(np.pi / 2) * (i * x + j * y)
        sine, cosine = np.sin(angle), np.cos(angle)
        shift_x += amounts[:, 0, mode, None] * sine + amounts[:, 1, mode, None] * cosine
        shift_y += amounts[:, 2, mode, None] * sine + amounts[:, 3, mode, None] * cosine
    x, y = x + shift_x, y + shift_y

    x = x - (np.float32(style.lean) + np.float32(style.slant) * normal[:, _SLANT, None]) * y
    turn = np.float32(style.turn) * normal[:, _TURN, None]
    sine, cosine = np.sin(turn), np.cos(turn)
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=2)


def _pen(uniform: Floats, normal: Floats, style: Hand) -> tuple[Floats, Floats]:
    """Radius (N, S) of the pen along the path, and softness (N,) of its edge, in pixels."""
    radius = np.float32(style.width / 2) * np.exp(np.float32(style.thick) * normal[:, _WIDTH])
    along = np.linspace(-1, 1, SAMPLES, dtype=np.float32)
    change = normal[:, _PRESSURE, None] * along + normal[:, _PRESSURE + 1, None] * (along**2 - 0.5)
    factor = np.clip(1 + np.float32(style.pressure) * change, 0.5, 1.5)
    factor = factor * (1 + np.clip(np.float32(style.rough) * normal[:, -SAMPLES:], -0.5, 0.5))
    return (
        np.clip(radius, 0.6, 3.2)[:, None] * factor,
        1 + np.float32(style.soft) * uniform[:, _SOFT],
    )


def _fit(points: Floats, radius: Floats, tremor: Floats) -> Floats:
    """Scale and move each path so that its ink just fits the box, the aspect ratio kept."""
    points = points + tremor
    low, high = points.min(axis=1), points.max(axis=1)  # (N, 2)
    room = BOX - 2 * radius.max(axis=1)
    scale = room / (high - low).max(axis=1)
    corner = (BOX - (high - low) * scale[:, None]) / 2
    return (points - low[:, None]) * scale[:, None, None] + corner[:, None]


def _centre(boxes: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """Lay each box (N, 20, 20) into 28×28 with its centre of mass at the centre."""
    mass = boxes.sum(axis=(1, 2), dtype=np.int64)
    place = np.arange(BOX)
    row = np.rint(CENTRE - boxes.sum(axis=2, dtype=np.int64) @ place / mass).astype(int)
    column = np.rint(CENTRE - boxes.sum(axis=1, dtype=np.int64) @ place / mass).astype(int)
    row, column = (np.clip(shift, 0, SIZE - BOX) for shift in (row, column))
    images = np.zeros((len(boxes), SIZE * SIZE), np.uint8)
    inside = (np.arange(BOX)[:, None] * SIZE + np.arange(BOX)).ravel()
    where = inside + (row * SIZE + column)[:, None]  # (N, 400)
    images[np.arange(len(boxes))[:, None], where] = boxes.reshape(len(boxes), -1)
    return images.reshape(-1, SIZE, SIZE)


def built_in(n: int, *, seed: int = 0, variety: float = 0.0) -> Dataset:
    """Draw digits: the labels balanced and shuffled, the same bytes for the same arguments.

    Parameters
    ----------
    n : int
        How many, at least 1.
    seed : int
        At least 0. Another seed gives other digits.
    variety : float
        From 0, neat as in a schoolbook, to 1, wild. Wild digits teach a network to read
        people's handwriting; neat ones are for showing.

    Returns
    -------
    Dataset
        Images (n, 28, 28) and labels (n,), both uint8.

    Raises
    ------
    ValueError
        If n < 1, seed < 0 or variety is outside [0, 1].
    """
    if n < 1:
        raise ValueError(f"n = {n} digits: ask for at least 1")
    if seed < 0:
        raise ValueError(f"seed {seed} is negative: use 0 or more")
    style = hand(variety)
    shuffle, uniforms, normals = np.random.default_rng(seed).spawn(3)
    labels = shuffle.permutation(np.arange(n) % 10).astype(np.uint8)
    count = _JITTER + 2 * bank().controls.shape[1] + 3 * SAMPLES
    images = np.empty((n, SIZE, SIZE), np.uint8)
    for start in range(0, n, CHUNK):
        part = slice(start, min(start + CHUNK, n))
        size = part.stop - start
        uniform = uniforms.random((size, _UNIFORM), dtype=np.float32)
        normal = normals.standard_normal((size, count), dtype=np.float32)
        way = _choose(labels[part], uniform, style)
        points = _bend(_path(way, uniform, normal, style), normal, style)
        radius, softness = _pen(uniform, normal, style)
        grey = ink(
            _fit(
                points,
                radius,
                np.float32(style.tremor / 10)
                * normal[:, -3 * SAMPLES : -SAMPLES].reshape(-1, SAMPLES, 2),
            ),
            radius,
            BOX,
            softness,
        )
        images[part] = _centre(np.rint(grey * 255).astype(np.uint8))
    return Dataset(images, labels, f"built-in digits, variety {variety:g}")
