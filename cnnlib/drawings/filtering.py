"""A kernel over a whole picture: its borders, its channels, and how its result is shown."""

from dataclasses import dataclass
from typing import Literal, get_args

import numpy as np
from numpy.typing import NDArray

from cnnlib.conv import conv2d
from cnnlib.geometry import Mode, PaddingMode, index_map, mode_padding

Borders = Literal["none", "zero", "edge"]
Shown = Literal["signed", "clip", "absolute", "rescale"]
WHITE = 255


def pad(picture: NDArray, kernel: tuple[int, int], borders: Borders) -> NDArray:
    """Return a picture with the cells around it that its outermost windows read.

    Parameters
    ----------
    picture : ndarray of shape (H, W, C)
    kernel : (int, int)
        (rows, columns).
    borders : {"none", "zero", "edge"}
        "none" adds nothing: each output has a whole window, and there are fewer outputs than
        pixels. "zero" and "edge" add zeros, or the outermost pixels again, so that the
        result is as large as the picture.

    Returns
    -------
    ndarray of shape (H + kh − 1, W + kw − 1, C), or that of the picture

    Raises
    ------
    ValueError
        If the borders are unknown, or they are "none" and the kernel does not fit the picture.
    """
    if borders not in get_args(Borders):
        raise ValueError(f"borders {borders!r}: use one of {', '.join(get_args(Borders))}")
    mode: Mode = "valid" if borders == "none" else "same"
    style: PaddingMode = "edge" if borders == "edge" else "zero"
    for axis, k in enumerate(kernel):
        n = picture.shape[axis]
        cells = index_map(n, *mode_padding(n, k, mode, late=True), style)
        picture = picture.take(cells, axis) * np.expand_dims(cells >= 0, (1, 2) if axis == 0 else 1)
    return picture


def apply(padded: NDArray, weights: NDArray) -> NDArray[np.float64]:
    """Slide a kernel over each channel: out[i, j, c] = Σ_s Σ_t x[i+s, j+t, c] w[s, t].

    Parameters
    ----------
    padded : ndarray of shape (H, W, C)
        Pixels from 0 to 255, as `pad` returns them.
    weights : ndarray of shape (kh, kw)

    Returns
    -------
    ndarray of shape (H − kh + 1, W − kw + 1, C)
        In units of a pixel's levels.

    Raises
    ------
    ValueError
        If the kernel does not fit.
    """
    channels = padded.transpose(2, 0, 1)[:, None].astype(float)  # (C, 1, H, W)
    out = conv2d(channels, np.asarray(weights, float)[None, None])
    return np.ascontiguousarray(out[:, 0].transpose(1, 2, 0))  # (Ho, Wo, C)


@dataclass(frozen=True)
class Showing:
    """How results become grey levels: r or |r|, from `low` to `high`, becomes 0 to 1, clipped.

    Attributes
    ----------
    how : {"signed", "clip", "absolute", "rescale"}
    low, high : float
    sentence : str
        A description of the steps, with their numbers.
    """

    how: Shown
    low: float
    high: float
    sentence: str

    def levels(self, result: NDArray) -> NDArray:
        """Return the levels in [0, 1]; on a signed scale 0 is shown as ½."""
        values = abs(result) if self.how == "absolute" else result
        return np.clip((values - self.low) / (self.high - self.low), 0, 1)

    def shades(self, result: NDArray) -> NDArray[np.uint8]:
        """Return the levels as bytes: 0 to 255; on a signed scale 0 to 254, so that 127 is zero."""
        steps = WHITE - 1 if self.how == "signed" else WHITE
        return np.rint(steps * self.levels(result)).astype(np.uint8)


def showing(result: NDArray, how: Shown) -> Showing:
    """Choose how a result is shown.

    Parameters
    ----------
    result : ndarray
    how : {"signed", "clip", "absolute", "rescale"}
        "signed": evenly from −m to m, where m is the largest magnitude. "clip": values below 0
        are black, values above 255 white. "absolute": the magnitude, clipped. "rescale": from
        the least to the largest result.

    Raises
    ------
    ValueError
        If `how` is none of the four.
    """
    if how not in get_args(Shown):
        raise ValueError(f"showing {how!r}: use one of {', '.join(get_args(Shown))}")
    least, most = float(result.min()), float(result.max())
    span = f"Results run from {_told(least)} to {_told(most)}"
    if how == "signed":
        limit = max(abs(least), abs(most)) or 1.0
        return Showing(
            how, -limit, limit, f"{span}; the scale runs from −{_told(limit)} to {_told(limit)}."
        )
    if how == "rescale":
        return Showing(how, least, most if most > least else least + 1, f"{span}: black to white.")
    if how == "absolute":
        above = np.mean(abs(result) > WHITE)
        return Showing(
            how, 0, WHITE, f"{span}; signs are dropped, {above:.1%} above 255 are white."
        )
    below, above = np.mean(result < 0), np.mean(result > WHITE)
    return Showing(
        how, 0, WHITE, f"{span}; {below:.1%} below 0 are black, {above:.1%} above 255 white."
    )


def _told(value: float) -> str:
    return f"{value:.4g}".replace("-", "−")
