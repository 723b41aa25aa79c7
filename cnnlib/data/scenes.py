"""Sample pictures, drawn by this code: shapes, strokes, textures and noise, no photographs."""

import numpy as np
from numpy.typing import NDArray

from cnnlib.data.digits import built_in
from cnnlib.drawings.drawing import Drawing, rasterize

HEIGHT, WIDTH = 280, 320  # as figure 9.6 of Goodfellow, Bengio and Courville has it


def scene(seed: int = 0) -> NDArray[np.uint8]:
    """Return a house in a meadow: flat areas, edges of all directions, gradients and texture.

    Parameters
    ----------
    seed : int
        The seed of the noise in meadow and sky.

    Returns
    -------
    uint8 ndarray of shape (280, 320, 3)
    """
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[:HEIGHT, :WIDTH] + 0.5
    # Sky, growing lighter towards a horizon of hills.
    picture = np.array([90, 150, 215]) + (y / HEIGHT)[..., None] * np.array([120, 75, 30])
    _lay(picture, np.hypot(y - 52, x - 262) - 26, (252, 214, 92))
    for row, column, radius in ((60, 70, 20), (66, 96, 26), (64, 124, 18)):
        _lay(picture, np.hypot(1.3 * (y - row), x - column) - radius, (244, 246, 250))
    _lay(picture, 172 + 18 * np.sin(x / 47) - y, (112, 142, 128))
    meadow = np.array([74, 128, 62]) + rng.normal(0, 16, (HEIGHT, WIDTH, 1))
    _lay(picture, 196 + 6 * np.sin(x / 60 + 2) - y, meadow)
    # A house of bricks, with a roof, a door, a window and a chimney.
    bricks = (np.floor(y) % 9 < 1) | ((np.floor(x) + 9 * (np.floor(y / 9) % 2)) % 18 < 1)
    wall = np.where(bricks[..., None], (204, 186, 170), (168, 84, 66))
    _lay(picture, _box(y, x, 96, 182, 130, 198), (120, 66, 58))
    _lay(picture, _box(y, x, 140, 92, 232, 216), wall)
    _lay(picture, np.maximum(0.9 * abs(x - 154) - (y - 78) * 1.05, y - 142), (84, 54, 60))
    _lay(picture, _box(y, x, 176, 108, 232, 138), (58, 62, 96))
    _lay(picture, np.hypot(y - 206, x - 133) - 2.2, (240, 214, 120))
    _lay(picture, _box(y, x, 162, 158, 200, 200), (246, 240, 226))
    _lay(picture, _box(y, x, 165, 161, 197, 197), (120, 168, 206))
    cross = np.minimum(abs(y - 181), abs(x - 179)) - 1.5
    _lay(picture, np.maximum(cross, _box(y, x, 165, 161, 197, 197)), (246, 240, 226))
    # A fence, whose posts stand evenly, and a path that runs off at a slant.
    posts = np.maximum(abs((x % 16) - 8) - 3, abs(y - 252) - 16)
    _lay(picture, posts, (226, 218, 200))
    _lay(picture, np.minimum(abs(y - 244), abs(y - 258)) - 2, (226, 218, 200))
    _lay(picture, np.maximum(abs(x - 122 - 0.5 * (y - 232)) - 9, 232 - y), (206, 190, 152))
    picture += rng.normal(0, 2, picture.shape)
    return np.rint(np.clip(picture, 0, 255)).astype(np.uint8)


def card() -> NDArray[np.uint8]:
    """Return a test card: rings, bars, squares, a ramp, a dot, a line, and noise.

    The rings are a zone plate, ½ + ½ cos(π r² / 2R): they have every direction, and every
    frequency from 0 to half a wave per pixel.

    Returns
    -------
    uint8 ndarray of shape (256, 256, 3)
    """
    levels = np.full((256, 256), 0.5)
    y, x = np.mgrid[:160, :160] - 79.5
    levels[:160, :160] = 0.5 + 0.5 * np.cos(np.pi * (y**2 + x**2) / (2 * 80))
    columns = np.arange(96)
    for at, wide in enumerate((2, 3, 4, 6, 8)):
        levels[32 * at : 32 * at + 32, 160:] = columns // wide % 2
    levels[160:208, :160] = np.arange(160) / 159
    tiles = np.arange(48) // 8
    levels[208:, :48] = (tiles[:, None] + tiles) % 2
    levels[208:, 48:160] = 0
    levels[232, 60] = levels[220:244, 80] = levels[226, 92:150] = 1
    np.fill_diagonal(levels[212:252, 100:140], 1)
    levels[160:, 160:] = np.random.default_rng(0).random((96, 96))
    return _grey_to_rgb(levels)


def digits() -> NDArray[np.uint8]:
    """Return twelve of the built-in digits, light on dark as a network reads them.

    Returns
    -------
    uint8 ndarray of shape (84, 112, 3)
    """
    images = built_in(12, seed=1).images.reshape(3, 4, 28, 28)
    sheet = images.swapaxes(1, 2).reshape(84, 112)  # (3·28, 4·28)
    return np.repeat(sheet[..., None], 3, axis=2)


def drawn(drawing: Drawing, size: int = 224) -> NDArray[np.uint8]:
    """Return a drawing as a picture: ink white, paper black.

    Returns
    -------
    uint8 ndarray of shape (size, size, 3)
    """
    return _grey_to_rgb(rasterize(drawing, size))


def _grey_to_rgb(grey: NDArray) -> NDArray[np.uint8]:
    levels = np.rint(255 * grey).astype(np.uint8)
    return np.repeat(levels[..., None], 3, axis=2)  # (H, W, 3)


def _box(y: NDArray, x: NDArray, top: int, left: int, bottom: int, right: int) -> NDArray:
    """Return roughly how far each pixel lies outside a rectangle; negative inside."""
    return np.maximum(np.maximum(top - y, y - bottom), np.maximum(left - x, x - right))


def _lay(picture: NDArray, distance: NDArray, colour: object) -> None:
    """Lay a colour on the picture where a distance is negative, with an edge one pixel wide."""
    cover = np.clip(0.5 - distance, 0, 1)[..., None]  # (H, W, 1)
    picture += cover * (np.asarray(colour) - picture)
