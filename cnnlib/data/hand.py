"""A handwriting: the way in which a digit is written, how it is bent, how wide the pen is."""

from dataclasses import astuple, dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.data.curves import SAMPLES, bank

Floats = NDArray[np.float32]


@dataclass(frozen=True)
class Hand:
    """How much a handwriting varies. Spreads are standard deviations of normal deviates.

    Parameters
    ----------
    taught : float
        Share of digits written in one of the ways that are taught in schools.
    jitter : float
        Spread of each control point, in hundredths of the digit's height.
    haste : float
        How far a fast pen cuts corners, at most 1.
    trim : float
        The longest part of the path that may be missing at its start, and at its end.
    slant, lean : float
        Spread and mean of the shear to the right, as a tangent.
    turn : float
        Spread of the rotation, in radians.
    aspect : float
        Spread of the logarithm of width over height.
    warp : float
        Spread of each wave of the smooth distortion, as a share of the digit's half height.
    width, thick : float
        Median of the pen's width in pixels of the framed image, and spread of its logarithm.
    pressure : float
        Spread of the change of width along the path, as a share of the width.
    soft : float
        How much softer than one pixel the edge of a stroke may be, in pixels.
    grain : float
        Spread of the paper's grain, which moves the edge of a stroke, in pixels.
    """

    taught: float
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
    grain: float


NEAT = Hand(
    taught=1.0,
    jitter=1.0,
    haste=0.3,
    trim=0.0,
    slant=0.08,
    lean=0.08,
    turn=0.03,
    aspect=0.06,
    warp=0.02,
    width=2.3,
    thick=0.12,
    pressure=0.03,
    soft=0.3,
    grain=0.0,
)
WILD = Hand(
    taught=0.0,
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
    grain=0.2,
)


def hand(variety: float) -> Hand:
    """Return the handwriting that lies between `NEAT` (variety 0) and `WILD` (variety 1).

    Raises
    ------
    ValueError
        If variety is outside [0, 1].
    """
    if not 0 <= variety <= 1:
        raise ValueError(f"variety {variety} is outside [0, 1]: 0 is neat, 1 is wild")
    pairs = zip(astuple(NEAT), astuple(WILD), strict=True)
    return Hand(*(neat + (wild - neat) * variety for neat, wild in pairs))


# The waves of the smooth distortion: half periods over the digit's height, in x and in y.
_WAVES = ((1, 0), (0, 1), (1, 1), (2, 0), (0, 2), (2, 1), (1, 2))


class Chance:
    """An endless supply of random numbers, one row for each digit.

    Because every digit has a row of its own, a digit does not depend on the batch it is drawn in.

    Parameters
    ----------
    seed : SeedSequence
        The seed of the numbers.
    grain : int
        How many of a digit's normal numbers the paper takes.
    """

    def __init__(self, seed: np.random.SeedSequence, grain: int = 0) -> None:
        self._rngs = [np.random.default_rng(child) for child in seed.spawn(2)]
        self._uniform = {"way": 1, "taught": 1, "haste": 1, "start": 1, "end": 1, "soft": 1}
        self._normal = {
            "jitter": 2 * bank().controls.shape[2],
            "warp": 4 * len(_WAVES),
            "slant": 1,
            "turn": 1,
            "aspect": 1,
            "width": 1,
            "pressure": 2,
            "grain": grain,
        }

    def rows(self, n: int) -> dict[str, Floats]:
        """Return the next n digits' numbers by name, each of shape (n, how many)."""
        uniform, normal = self._rngs
        return {
            **_named(self._uniform, uniform.random((n, sum(self._uniform.values())), np.float32)),
            **_named(
                self._normal, normal.standard_normal((n, sum(self._normal.values())), np.float32)
            ),
        }


def _named(sizes: dict[str, int], numbers: Floats) -> dict[str, Floats]:
    edges = np.cumsum(list(sizes.values()))[:-1]
    return dict(zip(sizes, np.split(numbers, edges, axis=1), strict=True))


def choose(labels: NDArray[np.uint8], chance: dict[str, Floats], style: Hand) -> NDArray[np.int64]:
    """Choose a way of writing each label, (N,), by weight: among the taught ways or among all."""
    ways = bank()
    taught = chance["taught"][:, 0] < style.taught
    place = chance["way"][:, 0]
    chosen = np.empty(len(labels), np.int64)
    for label in range(10):
        own = np.flatnonzero(ways.label == label)
        for only_taught in (False, True):
            wanted = (labels == label) & (taught == only_taught)
            among = own[ways.taught[own]] if only_taught else own
            share = np.cumsum(ways.weight[among])
            chosen[wanted] = among[np.searchsorted(share / share[-1], place[wanted], "right")]
    return chosen


def path(way: NDArray[np.int64], chance: dict[str, Floats], style: Hand) -> Floats:
    """Write each way, (N,): x and y along its path, (N, 2, S), y from about −1 to 1."""
    ways = bank()
    noise = chance["jitter"].reshape(len(way), 2, -1) @ ways.wobble[way]
    controls = ways.controls[way] + np.float32(style.jitter) * noise  # (N, 2, P)
    haste = np.float32(style.haste) * chance["haste"][:, :, None]
    points = controls @ (ways.matrix[way] + haste * (ways.hasty[way] - ways.matrix[way]))

    cut = np.float32(style.trim * SAMPLES)
    first, last = cut * chance["start"], SAMPLES - 1 - cut * chance["end"]
    kept = np.clip(np.arange(SAMPLES), np.rint(first), np.rint(last)).astype(int)
    points = np.take_along_axis(points, kept[:, None], axis=2)  # (N, 2, S)
    middle = (points.max(axis=2) + points.min(axis=2)) / 2
    return _bend((points - middle[:, :, None]) / np.float32(50), chance, style)


def _bend(points: Floats, chance: dict[str, Floats], style: Hand) -> Floats:
    """Stretch, distort, slant and turn each path, (N, 2, S)."""
    stretch = np.exp(np.float32(style.aspect / 2) * chance["aspect"])  # (N, 1)
    x, y = points[:, 0] * stretch, points[:, 1] / stretch  # (N, S)

    angle = np.stack([np.float32(np.pi / 2) * (i * x + j * y) for i, j in _WAVES], axis=1)
    waves = np.concatenate([np.sin(angle), np.cos(angle)], axis=1)  # (N, 2 × waves, S)
    amounts = np.float32(style.warp) * chance["warp"].reshape(len(x), 2, -1)
    shift = amounts @ waves  # (N, 2, S)
    x, y = x + shift[:, 0], y + shift[:, 1]

    x = x - (np.float32(style.lean) + np.float32(style.slant) * chance["slant"]) * y
    turn = np.float32(style.turn) * chance["turn"]
    sine, cosine = np.sin(turn), np.cos(turn)
    return np.stack([cosine * x - sine * y, sine * x + cosine * y], axis=1)  # (N, 2, S)


def radius(chance: dict[str, Floats], style: Hand) -> Floats:
    """Return the pen's radius along each path, (N, S), in pixels of the framed image.

    The radius never depends on the digit, because it would then give the label away.
    """
    held = np.float32(style.width / 2) * np.exp(np.float32(style.thick) * chance["width"])
    along = np.linspace(-1, 1, SAMPLES, dtype=np.float32)
    tilt, bow = np.split(chance["pressure"], 2, axis=1)
    change = np.float32(style.pressure) * (tilt * along + bow * (along**2 - np.float32(0.5)))
    return np.clip(held, 0.6, 3.2) * np.clip(1 + change, 0.5, 1.5)
