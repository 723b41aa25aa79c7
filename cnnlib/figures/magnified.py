"""A picture under a kernel: picture, one window with its numbers, the kernel, the result."""

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Theme, paint
from cnnlib.figures.parts import LETTER, numbered, shade
from cnnlib.figures.scene import Box, Picture, Scene, Shape, Text

_MARGIN = 16.0
_HIGH = 300.0  # height of the picture and of the result
_WIDE = 330.0
_GRID = 132.0  # the longer side of the window and of the kernel
_TOP = 64.0


def magnified(
    picture: NDArray[np.uint8],
    padding: tuple[int, int],
    result: NDArray[np.uint8],
    window: NDArray[np.uint8],
    weights: NDArray,
    written: NDArray,
    at: tuple[int, int],
    told: str,
    titles: tuple[str, str],
    theme: Theme = "light",
) -> Scene:
    """Draw a picture, one of its windows, the kernel, and the result.

    Parameters
    ----------
    picture : ndarray of shape (H, W, 1 or 3)
        The picture with its borders.
    padding : (int, int)
        Rows and columns of the borders before its first pixel.
    result : ndarray of shape (Ho, Wo, 3)
        The result in painted colours.
    window : ndarray of shape (kh, kw)
        The pixels that the chosen output reads.
    weights : ndarray of shape (kh, kw)
    written : ndarray of str of shape (kh, kw)
        The weights as texts.
    at : (int, int)
        The chosen output's row and column.
    told : str
        The arithmetic of the chosen output.
    titles : (str, str)
        The titles of picture and result.
    theme : {"light", "dark"}
    """
    ink, accent, edge = (
        shade(1.0, theme=theme),
        shade(1.0, "signed", theme),
        shade(0.3, theme=theme),
    )
    rows, columns = weights.shape
    down, across = picture.shape[0] - 2 * padding[0], picture.shape[1] - 2 * padding[1]
    size = min(_HIGH / max(down, len(result)), _WIDE / max(across, result.shape[1]))
    bare = picture[padding[0] : padding[0] + down, padding[1] : padding[1] + across]
    shapes: list[Shape] = [
        Text(_MARGIN, 30, titles[0], 14.0, ink, "start"),
        _picture(np.broadcast_to(bare, (down, across, 3)), _MARGIN, size),
        Box(_MARGIN, _TOP, size * across, size * down, None, edge),
    ]
    corner = _MARGIN + size * (at[1] - padding[1]), _TOP + size * (at[0] - padding[0])
    shapes.append(Box(*corner, size * columns, size * rows, None, accent, 2.0))
    middle = 2 * _MARGIN + max(size * across, len(titles[0]) * LETTER * 14)
    cell = _GRID / max(rows, columns, 3)
    # Numbers of three digits need some room.
    wide = max(cell, min(34.0, 240 / columns))
    shapes += [Text(middle, _TOP - 12, "Window", 13.0, ink, "start")]
    grey = np.broadcast_to(window[..., None], (rows, columns, 3))
    shapes += numbered(window.astype(str), grey, (middle, _TOP), (wide, cell), theme)
    second = _TOP + cell * rows + 40
    shapes += [Text(middle, second - 12, "× kernel", 13.0, ink, "start")]
    fills = paint(weights / (np.abs(weights).max() or 1.0), "signed", theme)
    shapes += numbered(written, fills, (middle, second), (wide, cell), theme)
    right = middle + max(wide * columns, 70.0) + _MARGIN * 1.5
    shapes += [
        Text(right, 30, titles[1], 14.0, ink, "start"),
        _picture(result, right, size),
        Box(right, _TOP, size * result.shape[1], size * len(result), None, edge),
    ]
    spot = right + size * (at[1] + 0.5), _TOP + size * (at[0] + 0.5)
    half = max(size / 2, 4.0)
    shapes.append(Box(spot[0] - half, spot[1] - half, 2 * half, 2 * half, None, accent, 2.0))
    low = _TOP + max(size * down, size * len(result), second - _TOP + cell * rows)
    shapes.append(Text(_MARGIN, low + 28, told, 16.0, ink, "start"))
    width = right + max(size * result.shape[1], len(titles[1]) * LETTER * 14) + _MARGIN
    width = max(width, 2 * _MARGIN + len(told) * LETTER * 16)
    title = f"{titles[0]} → {titles[1]}"
    return Scene(width, low + 48, shade(0.0, theme=theme), tuple(shapes), title, told)


def _picture(pixels: NDArray[np.uint8], left: float, size: float) -> Picture:
    sharp = max(1, round(size))
    return Picture(
        left,
        _TOP,
        size * pixels.shape[1],
        size * len(pixels),
        pixels.repeat(sharp, 0).repeat(sharp, 1),
    )
