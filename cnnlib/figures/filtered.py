"""A filtered picture as a PNG, one pixel for each result. Needs Pillow, loaded when used."""

import io

import numpy as np
from numpy.typing import NDArray

from cnnlib.drawings.filtering import WHITE, Showing
from cnnlib.figures.palette import Theme, paint


def pixels(result: NDArray, showing: Showing, theme: Theme = "light") -> NDArray[np.uint8]:
    """Return results as shown pixels, (H, W, 3): grey or in colour, or on the signed scale."""
    levels = showing.levels(result)  # (H, W, C)
    if showing.how == "signed" and levels.shape[2] == 1:
        # Rounded to shades, because the browser gets no more of them.
        return paint(2.0 * showing.shades(result)[..., 0] / (WHITE - 1) - 1, "signed", theme)
    return np.broadcast_to(np.rint(255 * levels), (*levels.shape[:2], 3)).astype(np.uint8)


def to_png(result: NDArray, showing: Showing, theme: Theme = "light") -> bytes:
    """Return the pixels that show results, as a PNG.

    Parameters
    ----------
    result : ndarray of shape (H, W, 1 or 3)
    showing : Showing
        Its sentence stands in the file as the picture's description.
    theme : {"light", "dark"}
        Decides the colour of zero where one channel is shown on a signed scale.

    Returns
    -------
    bytes
        One channel on a signed scale is in the palette's colours; all else is grey or in colour.
    """
    from PIL import Image, PngImagePlugin

    painted = pixels(result, showing, theme)
    if result.shape[2] == 1 and showing.how != "signed":
        painted = painted[..., 0]
    about = PngImagePlugin.PngInfo()
    about.add_itxt("Description", showing.sentence)
    file = io.BytesIO()
    Image.fromarray(painted).save(file, "PNG", pnginfo=about)
    return file.getvalue()
