"""A filtered picture as a PNG, one pixel for each result. Needs Pillow, loaded when used."""

import io

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.palette import Theme, paint
from cnnlib.filtering import Showing


def to_png(result: NDArray, showing: Showing, theme: Theme = "light") -> bytes:
    """Return results as they are shown, as a PNG.

    Parameters
    ----------
    result : ndarray of shape (H, W, 1 or 3)
    showing : Showing
        Its sentence stands in the file, as its description.
    theme : {"light", "dark"}
        Which colour zero has, where one channel is shown on a signed scale.

    Returns
    -------
    bytes
        In the palette's colours on a signed scale of one channel, in grey or in colour else.
    """
    from PIL import Image, PngImagePlugin

    levels = showing.levels(result)  # (H, W, C)
    if showing.how == "signed" and levels.shape[2] == 1:
        pixels = paint(2 * levels[..., 0] - 1, "signed", theme)
    else:
        pixels = np.rint(255 * levels).astype(np.uint8).squeeze(2 if levels.shape[2] == 1 else ())
    about = PngImagePlugin.PngInfo()
    about.add_itxt("Description", showing.sentence)
    file = io.BytesIO()
    Image.fromarray(pixels).save(file, "PNG", pnginfo=about)
    return file.getvalue()
