"""From the text of `glyphs` to curves: each way of writing a digit as one matrix.

A cubic spline through given points is linear in these points. So once the parameter is fixed,
by the way as it stands in `glyphs`, SAMPLES points along the pen's path are `matrix @ controls`.
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

_FINE = 200  # steps in which the length of a curve is measured


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
        How common the way is among the ways of its digit.
    taught : bool
        Whether schools teach the way; neat digits use no other.
    controls : ndarray of shape (P, 2)
        Control points (x, y), stroke after stroke.
    pieces : tuple of slice
        The control points of each smooth piece; a corner ends one piece and begins the next.
    strokes : tuple of int
        For each piece, the stroke that the piece belongs to.
    """

    label: int
    name: str
    weight: float
    taught: bool
    controls: Floats
    pieces: tuple[slice, ...]
    strokes: tuple[int, ...]


@dataclass(frozen=True)
class Bank:
    """All ways compiled to one size, so that a batch of digits is one indexing.

    W ways, P control points (shorter ways are padded), S samples.

    Parameters
    ----------
    label, weight, taught : ndarray of shape (W,)
        As in `Way`.
    controls : ndarray of shape (W, 2, P)
        Control points, x and y.
    matrix : ndarray of shape (W, P, S)
        ``controls @ matrix`` are the samples on the curve.
    hasty : ndarray of shape (W, P, S)
        The same for a fast pen, which cuts its corners.
    wobble : ndarray of shape (W, P, P)
        ``noise @ wobble`` has the spread of the noise, and is smooth along each stroke.
    stroke : ndarray of shape (W, S)
        The stroke that a sample belongs to.
    """

    label: NDArray[np.int64]
    weight: Floats
    taught: NDArray[np.bool_]
    controls: NDArray[np.float32]
    matrix: NDArray[np.float32]
    hasty: NDArray[np.float32]
    wobble: NDArray[np.float32]
    stroke: NDArray[np.int64]


def parse(label: int, line: str) -> Way:
    """Read one line of `glyphs`."""
    name, weight, path = line.split(None, 2)
    controls: list[list[float]] = []
    pieces: list[slice] = []
    strokes: list[int] = []
    for stroke, points in enumerate(path.split("|")):
        first = len(controls)
        words = points.split()
        for place, word in enumerate(words, 1):
            controls.append([float(number) for number in word.rstrip("!").split(",")])
            if place == len(words) or (word.endswith("!") and place > 1):
                pieces.append(slice(first, len(controls)))
                strokes.append(stroke)
                first = len(controls) - 1
    return Way(
        label=label,
        name=name,
        weight=float(weight.rstrip("*")),
        taught=weight.endswith("*"),
        controls=np.array(controls),
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
    """Return the matrix from values at `knots` to values at `at` of the natural cubic spline.

    Between two knots at distance h, with a and b the distances to the right and to the left knot,
    each divided by h::

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
    """Return the parameter of each control point: the length of the straight path up to it."""
    return np.concatenate([[0.0], np.cumsum(np.hypot(*np.diff(points, axis=0).T))])


def _even(points: Floats, count: int) -> Floats:
    """Return the matrix (count, P) to evenly spaced samples of the curve through `points`."""
    knots = _knots(points)
    fine = spline(knots, np.linspace(0, knots[-1], _FINE))  # (_FINE, P)
    travelled = _knots(fine @ points)
    place = np.interp(np.linspace(0, travelled[-1], count), travelled, np.arange(_FINE))
    before = np.minimum(place.astype(int), _FINE - 2)
    part = (place - before)[:, None]
    return (1 - part) * fine[before] + part * fine[before + 1]


def _shares(lengths: Floats, total: int) -> NDArray[np.int64]:
    """Split `total` in proportion to `lengths`, at least 2 for each."""
    edges = np.round(np.cumsum(lengths) / lengths.sum() * (total - 2 * len(lengths)))
    return np.diff(edges, prepend=0).astype(int) + 2


def _compile(way: Way) -> tuple[Floats, Floats, Floats, NDArray[np.int64]]:
    """Return matrix (S, P), hasty (S, P), wobble (P, P) and stroke (S,) of one way."""
    lengths = np.array([_knots(way.controls[piece])[-1] for piece in way.pieces])
    counts = _shares(lengths, SAMPLES)
    matrix = np.zeros((SAMPLES, len(way.controls)))
    owner = np.zeros(len(way.controls), int)  # the stroke of each control point
    for piece, stroke, end, count in zip(
        way.pieces, way.strokes, np.cumsum(counts), counts, strict=True
    ):
        matrix[end - count : end, piece] = _even(way.controls[piece], count)
        owner[piece] = stroke
    stroke_of = np.repeat(way.strokes, counts)

    # A fast pen moves every sample to the mean of its neighbours along the stroke.
    near = _near(np.arange(SAMPLES), stroke_of, 3.5)
    hasty = near / near.sum(axis=1, keepdims=True) @ matrix

    # Points that are near each other along a stroke move together; strokes move independently.
    near = _near(_knots(way.controls), owner, 25)
    wobble = near / np.sqrt((near**2).sum(axis=1, keepdims=True))
    return matrix, hasty, wobble, stroke_of


def _near(place: Floats | NDArray[np.int64], owner: NDArray[np.int64], reach: float) -> Floats:
    """Return how near each two places along the path are, from 1 to 0; 0 across strokes."""
    gap = (place[:, None] - place) / reach
    return np.exp(-(gap**2) / 2) * (owner[:, None] == owner)


@cache
def bank() -> Bank:
    """Compile every way, once per process."""
    compiled = [_compile(way) for way in ways()]
    most = max(len(way.controls) for way in ways())

    def stack(parts: tuple[Floats, ...], shape: tuple[int, ...]) -> NDArray[np.float32]:
        full = np.zeros((len(parts), *shape), np.float32)
        for target, part in zip(full, parts, strict=True):
            target[: part.shape[1], : part.shape[0]] = part.T
        return full

    matrices, hasty, wobbles, strokes = zip(*compiled, strict=True)
    return Bank(
        label=np.array([way.label for way in ways()]),
        weight=np.array([way.weight for way in ways()]),
        taught=np.array([way.taught for way in ways()]),
        controls=stack(tuple(way.controls for way in ways()), (2, most)),
        matrix=stack(matrices, (most, SAMPLES)),
        hasty=stack(hasty, (most, SAMPLES)),
        wobble=stack(wobbles, (most, most)),
        stroke=np.array(strokes),
    )
