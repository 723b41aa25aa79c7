import io

import numpy as np
import pytest
from PIL import Image

from cnnlib.drawings.filtering import showing
from cnnlib.figures.filtered import to_png
from cnnlib.figures.palette import THEMES, paint, zero_colour


def read(result, how, theme="light"):
    with Image.open(io.BytesIO(to_png(result, showing(result, how), theme))) as picture:
        return np.asarray(picture), picture.text["Description"]


@pytest.mark.parametrize("theme", THEMES)
def test_signed_results_have_the_palettes_colours(theme):
    pixels, about = read(np.array([[-10.0, 0, 10]])[..., None], "signed", theme)
    assert "#" + bytes(pixels[0, 1]).hex() == zero_colour(theme)
    np.testing.assert_array_equal(pixels[0, [0, 2]], paint(np.array([-1.0, 1]), "signed", theme))
    assert "from −10 to 10" in about


def test_other_results_are_grey_and_each_channel_its_own():
    grey, about = read(np.array([[-10.0, 128, 300]])[..., None], "clip")
    assert grey.tolist() == [[0, 128, 255]]
    assert "33.3% above 255 white" in about
    colour, _ = read(np.array([[[-10.0, 128, 300]]]), "absolute")
    assert colour.tolist() == [[[10, 128, 255]]]
