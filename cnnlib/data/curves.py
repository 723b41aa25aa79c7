"""From the text of `glyphs` to curves: each way of writing a digit as one matrix.

A cubic spline through given points is linear in them: with the parameter fixed by the
way as it stands in `glyphs`, SAMPLES points along the pen's path are `matrix @ controls`.
Moving the control points then bends the digit, at the price of one small product.
"""

from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from cnnlib.data.glyphs import WAYS

#: Points along the path of every digit, all strokes together.
SAMPLES = 72

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Way:
    """One way of writing a digit.

    Parameters
    ----------
    label : int
        The digit, 0 to 9.
    name : str
        Its name in `glyphs`.
    weight : float
        How common it is among the ways of its digit.
    neat : bool
        Whether neat digits use it.
    pieces : tuple of ndarray of shape (P, 2)
        Control points (x, y) of each smooth piece; a corner ends one piece and begins the next.
    strokes : tuple of int
        For each piece, the stroke it belongs to.
    """

    label: int
    name: str
    weight: float
    neat: bool
    pieces: tuple[Floats, ...]
    strokes: tuple[int, ...]


@dataclass(frozen=True)
class Bank:
    """All ways compiled to one size, so that a batch of digits is one indexing.

    W ways, P control points (shorter ways are padded), S samples.

    Parameters
    ----------
    label, weight, neat : ndarray of shape (W,)
        As in `Way`.
    controls : ndarray of shape (W, P, 2)
        Control points (x, y).
    matrix : ndarray of shape (W, S, P)
        Control points to samples on the curve.
    hasty : ndarray of shape (W, S, P)
        The same for a fast pen, which cuts its corners.
    wobble : ndarray of shape (W, P, P)
        Independent noise to noise of the same spread that is smooth along each stroke.
    stroke : ndarray of shape (W, S)
        The stroke that a sample belongs to.
    """

    label: NDArray[np.int64]
    weight: Floats
    neat: NDArray[np.bool_]
    controls: NDArray[np.float32]
    matrix: NDArray[np.float32]
    hasty: NDArray[np.float32]
    wobble: NDArray[np.float32]
    stroke: NDArray[np.int64]


def parse(label: int, line: str) -> Way:
    """Read one line of `glyphs`."""
    name, weight, path = line.split(None, 2)
    pieces: list[Floats] = []
    strokes: list[int] = []
    for stroke, part in enumerate(path.split("|")):
        points: list[tuple[float, float]] = []
        words = part.split()
        for place, word in enumerate(words):
            x, y = word.rstrip("!").split(",")
            points.append((float(x), float(y)))
            last = place == len(words) - 1
            if last or (word.endswith("!") and len(points) > 1):
                pieces.append(np.array(points))
                strokes.append(stroke)
                points = points[-1:]
    return Way(
        label=label,
        name=name,
        weight=float(weight.rstrip("*")),
        neat=weight.endswith("*"),
        pieces=tuple(pieces),
        strokes=tuple(strokes),
    )


@cache
def ways() -> tuple[Way, ...]:
    """Every way of writing every digit, in the order of `glyphs`."""
    return tuple(
        parse(label, line)
        for label, text in enumerate(WAYS)
        for line in text.strip().replace("\n   ", " ").splitlines()
    )


def spline(knots: Floats, at: Floats) -> Floats:
    """Matrix that takes the values at `knots` to the values at `at` of the natural cubic spline.

    Between two knots h apart, with a and b the distances to the right and the left one over h::

        s(t) = a·y₀ + b·y₁ + h²/6·((a³ − a)·m₀ + (b³ − b)·m₁)

    where the second derivatives m solve a tridiagonal system that makes s′ continuous,
    with m = 0 at both ends.

    Parameters
    ----------
    knots : ndarray of shape (P,)
        Increasing, P ≥ 2.
    at : ndarray of shape (S,)
        Where to evaluate, inside the range of the knots.

    Returns
    -------
    ndarray of shape (S, P)
    """
    count = len(knots)
    h = np.diff(knots)
    system, right = np.eye(count), np.zeros((count, count))
    for i in range(1, count - 1):
        system[i, i - 1 : i + 2] = h[i - 1], 2 * (h[i - 1] + h[i]), h[i]
        right[i, i - 1 : i + 2] = 6 / h[i - 1], -6 / h[i - 1] - 6 / h[i], 6 / h[i]
    second = np.linalg.solve(system, right)  # (P, P), values -> m

    left = np.clip(np.searchsorted(knots, at, side="right") - 1, 0, count - 2)
    width = h[left][:, None]
    b = ((at - knots[left]) / h[left])[:, None]
    a = 1 - b
    value = np.eye(count)
    return (
        a * value[left]
        + b * value[left + 1]
        + width**2 / 6 * ((a**3 - a) * second[left] + (b**3 - b) * second[left + 1])
    )


def _knots(points: Floats) -> Floats:
    """Parameter of each control point: the length of the straight path up to it."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def _even(points: Floats, count: int) -> Floats:
    """Matrix (count, P) to samples at even distances along the curve through `points`."""
    knots = _knots(points)
    fine = np.linspace(0, knots[-1], 400)
    travelled = _knots(spline(knots, fine) @ points)
    return spline(knots, np.interp(np.linspace(0, travelled[-1], count), travelled, fine))


def _shares(lengths: Floats, total: int) -> NDArray[np.int64]:
    """`total` split in proportion to `lengths`, at least 2 each."""
    edges = np.round(np.cumsum(lengths) / lengths.sum() * (total - 2 * len(lengths)))
    return np.diff(edges, prepend=0).astype(int) + 2


def _compile(way: Way) -> tuple[Floats, Floats, Floats, Floats, NDArray[np.int64]]:
    """Return controls (P, 2), matrix (S, P), hasty (S, P), wobble (P, P) and stroke (S,)."""
    lengths = np.array([_knots(piece)[-1] for piece in way.pieces])
    counts = _shares(lengths, SAMPLES)
    matrices = [_even(piece, count) for piece, count in zip(way.pieces, counts, strict=True)]

    # A corner stands at the end of one piece and the start of the next: one control point.
    column, row = 0, 0
    controls: list[Floats] = []
    owner: list[int] = []
    matrix = np.zeros((SAMPLES, sum(map(len, way.pieces))))
    for i, (piece, block) in enumerate(zip(way.pieces, matrices, strict=True)):
        joined = i > 0 and way.strokes[i] == way.strokes[i - 1]
        column -= joined
        matrix[row : row + len(block), column : column + len(piece)] = block
        controls.extend(piece[int(joined) :])
        owner.extend([way.strokes[i]] * (len(piece) - joined))
        row, column = row + len(block), column + len(piece)
    matrix = matrix[:, :column]
    stroke = np.repeat(way.strokes, counts)
    owners = np.array(owner)

    # A fast pen: every sample moves to the mean of its neighbours along the stroke.
    place = np.arange(SAMPLES)
    near = np.exp(-(((place[:, None] - place) / 3.5) ** 2) / 2) * (stroke[:, None] == stroke)
    hasty = near / near.sum(axis=1, keepdims=True) @ matrix

    # Points near each other along a stroke move together; strokes move apart.
    travelled = np.concatenate(
        [_knots(np.array(controls)[owners == stroke_]) for stroke_ in np.unique(owners)]
    )
    near = np.exp(-(((travelled[:, None] - travelled) / 25) ** 2) / 2)
    near *= owners[:, None] == owners
    wobble = near / np.sqrt((near**2).sum(axis=1, keepdims=True))
    return np.array(controls), matrix, hasty, wobble, stroke


@cache
def bank() -> Bank:
    """Compile every way, once per process."""
    compiled = [_compile(way) for way in ways()]
    most = max(len(controls) for controls, *_ in compiled)

    def stack(parts: list[Floats], shape: tuple[int, ...]) -> NDArray[np.float32]:
        full = np.zeros((len(parts), *shape), np.float32)
        for target, part in zip(full, parts, strict=True):
            target[tuple(slice(0, size) for size in part.shape)] = part
        return full

    controls, matrices, hasty, wobbles, strokes = zip(*compiled, strict=True)
    return Bank(
        label=np.array([way.label for way in ways()]),
        weight=np.array([way.weight for way in ways()]),
        neat=np.array([way.neat for way in ways()]),
        controls=stack(list(controls), (most, 2)),
        matrix=stack(list(matrices), (SAMPLES, most)),
        hasty=stack(list(hasty), (SAMPLES, most)),
        wobble=stack(list(wobbles), (most, most)),
        stroke=np.array(strokes),
    )
