"""Training runs as a picture: their curves, the digits confused, and the first layer's filters."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Theme, paint, ties
from cnnlib.figures.parts import LETTER, mosaic, numbered, shade
from cnnlib.figures.scene import Line, Scene, Shape, Text, Trace

_MARGIN = 16.0
_PLOT = (56.0, 510.0)  # left and right
_HIGH = 170.0
_CELL = 30.0
_LEAST_LOSS, _LEAST_ERROR = 1e-6, 1e-4
_MOST_POINTS = 240


@dataclass(frozen=True, eq=False)
class Curve:
    """The course of one run.

    Attributes
    ----------
    name : str
    epochs, losses, accuracies : ndarray of shape (N,)
        Told while the run trained.
    measured : ndarray of shape (3, M)
        Epoch, loss and accuracy of each measurement on the validation images.
    """

    name: str
    epochs: NDArray
    losses: NDArray
    accuracies: NDArray
    measured: NDArray


def learning(
    curves: Sequence[Curve],
    title: str,
    confusion: NDArray | None = None,
    filters: NDArray | None = None,
    theme: Theme = "light",
) -> Scene:
    """Draw runs on the same axes: thin lines while they train, thick ones as they are measured.

    Losses stand on a logarithmic scale, and so do errors: 90, 99 and 99.9 % are equally far
    apart. Values that are not finite are left out.

    Parameters
    ----------
    curves : sequence of Curve
    title : str
    confusion : ndarray of shape (10, 10), optional
        How many images of [true digit, digit read] there are.
    filters : ndarray of shape (N, C, h, w), optional
        The first channel of each is shown.
    theme : {"light", "dark"}
    """
    ink = shade(1.0, theme=theme)
    shapes: list[Shape] = [Text(_MARGIN, 24, title, 17.0, ink, "start")]
    colours = [ink] if len(curves) == 1 else [mark for mark, _ in ties(len(curves), theme)]
    ends = [float(e[-1]) for one in curves for e in (one.epochs, one.measured[0]) if len(e)]
    end = max(ends, default=1.0) or 1.0
    top = 62.0
    for name, at in (("Loss", 1), ("Accuracy", 2)):
        shapes += _plot(curves, colours, name, at, top, end, theme)
        top += _HIGH + 46
    shapes.append(
        Text(
            sum(_PLOT) / 2, top - 14, "epochs; thick: measured on the validation images", 12.0, ink
        )
    )
    shapes += _legend(curves, colours, top + 8, theme)
    low = top + 8 + 20 * len(curves)
    width = _PLOT[1] + 40
    if confusion is not None:
        shapes += _confusion(confusion, _PLOT[1] + 70, 62.0, theme)
        width = _PLOT[1] + 70 + 11 * _CELL + _MARGIN
    if filters is not None and len(filters):
        shapes += _filters(filters, _PLOT[1] + 70, 62.0 + 12.4 * _CELL, theme)
    longest = max(len(title) * 17, *(len(_last(curve)) * 13 + 40 for curve in curves)) * LETTER
    width = max(width, 2 * _MARGIN + longest)
    return Scene(width, low + 12, shade(0.0, theme=theme), tuple(shapes), title, title)


def _plot(
    curves: Sequence[Curve],
    colours: Sequence[str],
    name: str,
    at: int,
    top: float,
    end: float,
    theme: Theme,
) -> list[Shape]:
    """Draw loss (at = 1) or accuracy (at = 2) over the epochs."""
    ink, faint = shade(1.0, theme=theme), shade(0.2, theme=theme)
    thin = [_falling(curve.losses if at == 1 else curve.accuracies, at) for curve in curves]
    thick = [_falling(curve.measured[at], at) for curve in curves]
    logs = np.concatenate([values[np.isfinite(values)] for values in (*thin, *thick)])
    low, high = (float(logs.min()), float(logs.max())) if logs.size else (-1.0, 0.0)
    # Losses fall, and so do errors; an accuracy, drawn by its error, rises.
    first, last = (max(high, low + 0.5), low) if at == 1 else (low, max(0.0, low + 0.5))
    left, right = _PLOT

    def height(values: NDArray) -> NDArray:
        return top + _HIGH * (first - values) / (first - last)

    def place(epochs: NDArray, values: NDArray) -> tuple[tuple[float, float], ...]:
        keep = np.flatnonzero(np.isfinite(values))
        keep = keep[np.unique(np.linspace(0, len(keep) - 1, _MOST_POINTS).astype(int))]
        x = left + (right - left) * epochs[keep] / end
        y = height(values[keep])
        return tuple(zip(x.tolist(), y.tolist(), strict=True))

    shapes: list[Shape] = [Text(left, top - 13, name, 13.0, ink, "start")]
    low, high = sorted((first, last))
    for tick in range(int(np.ceil(low - 1e-9)), int(np.floor(high + 1e-9)) + 1):
        y = float(height(np.array(tick)))
        shapes.append(Line(left, y, right, y, faint, 0.8))
        shapes.append(Text(left - 6, y, _tick(tick, at), 11.0, ink, "end"))
    for share in range(5):
        x = left + (right - left) * share / 4
        shapes.append(Line(x, top + _HIGH, x, top + _HIGH + 4, ink, 0.8))
        shapes.append(Text(x, top + _HIGH + 14, f"{end * share / 4:.3g}", 11.0, ink))
    shapes.append(Line(left, top + _HIGH, right, top + _HIGH, ink, 1.0))
    for curve, training, measured, colour in zip(curves, thin, thick, colours, strict=True):
        for epochs, values, width in (
            (curve.epochs, training, 0.8),
            (curve.measured[0], measured, 2.4),
        ):
            if np.isfinite(values).any():
                shapes.append(Trace(place(epochs, values), colour, width))
    return shapes


def _falling(values: NDArray, at: int) -> NDArray:
    """Return the logarithms of losses, or of errors."""
    values = np.asarray(values, float)
    values = np.where(np.isfinite(values), values, np.nan)
    if at == 1:
        return np.log10(np.maximum(values, _LEAST_LOSS))
    errors = 1 - values
    # A batch without a mistake is drawn at half of the least error seen, because 0 would be at −∞.
    least = min((float(error) for error in errors if error > 0), default=2 * _LEAST_ERROR) / 2
    return np.log10(np.maximum(errors, max(least, _LEAST_ERROR)))


def _tick(power: int, at: int) -> str:
    if at == 1:
        return f"{10.0**power:g}"
    return f"{100 - 100 * 10.0**power:.6g} %"


def _last(curve: Curve) -> str:
    """Write the last measurement of a run on the validation images."""
    if not curve.measured.shape[1]:
        return f"{curve.name}: not measured yet"
    epoch, loss, accuracy = curve.measured[:, -1].tolist()
    return f"{curve.name}: {epoch:.3g} epochs, loss {loss:.3g}, accuracy {100 * accuracy:.2f} %"


def _legend(
    curves: Sequence[Curve], colours: Sequence[str], top: float, theme: Theme
) -> list[Shape]:
    ink = shade(1.0, theme=theme)
    shapes: list[Shape] = []
    for at, (curve, colour) in enumerate(zip(curves, colours, strict=True)):
        y = top + 20 * at
        shapes.append(Line(_MARGIN, y, _MARGIN + 24, y, colour, 2.4))
        shapes.append(Text(_MARGIN + 32, y, _last(curve), 13.0, ink, "start"))
    return shapes


def _confusion(counts: NDArray, left: float, top: float, theme: Theme) -> list[Shape]:
    """Draw the counts; the more often a mistake was made, the stronger its colour."""
    ink = shade(1.0, theme=theme)
    right = np.eye(len(counts), dtype=bool)
    most = float(np.where(right, 0, counts).max()) or 1.0
    fills = np.where(
        right[..., None],
        paint(np.full(counts.shape, 0.15), "unsigned", theme),
        paint(counts / most, "signed", theme),
    )
    texts = np.array([[str(count) if count else "" for count in row] for row in counts.tolist()])
    shapes: list[Shape] = [
        Text(left, top - 13, "Confusion: rows true, columns read", 13.0, ink, "start")
    ]
    for digit in range(len(counts)):
        shapes.append(Text(left + _CELL / 2, top + _CELL * (digit + 1.5), str(digit), 13.0, ink))
        shapes.append(Text(left + _CELL * (digit + 1.5), top + _CELL / 2, str(digit), 13.0, ink))
    place = left + _CELL, top + _CELL
    return shapes + numbered(texts, fills.astype(np.uint8), place, (_CELL, _CELL), theme)


def _filters(filters: NDArray, left: float, top: float, theme: Theme) -> list[Shape]:
    """Draw the first layer's filters on one scale."""
    count, _, _, columns = filters.shape
    across = min(count, 8)
    pitch = int(11 * _CELL) // 8
    cell = max(1, (pitch - 4) // columns)
    limit = float(np.abs(filters).max()) or 1.0
    shown = filters[: 2 * across, 0]
    one = mosaic(shown, (left, top), cell, pitch, across, limit=limit, signed=True, theme=theme)
    words = (
        f"Filters of the first layer{f', {len(shown)} of {count}' if count > len(shown) else ''}"
    )
    return [Text(left, top - 14, words, 13.0, shade(1.0, theme=theme), "start"), one]
