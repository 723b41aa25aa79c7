import numpy as np
import pytest

from cnnlib.data import scenes
from cnnlib.data.digits import built_in
from cnnlib.drawings.drawing import Drawing


def test_the_scene_has_the_size_of_figure_9_6():
    assert scenes.scene().shape == (280, 320, 3)


@pytest.mark.parametrize("sample", [scenes.scene, scenes.card, scenes.digits])
def test_a_sample_is_the_same_each_time_and_has_light_and_dark(sample):
    picture = sample()
    assert picture.dtype == np.uint8
    np.testing.assert_array_equal(picture, sample())
    assert picture.min() < 60
    assert picture.max() > 240


def test_another_seed_grows_another_meadow():
    assert (scenes.scene(0) != scenes.scene(1)).mean() > 0.3


def test_digits_stand_in_three_rows_of_four():
    sheet, images = scenes.digits(), built_in(12, seed=1).images
    np.testing.assert_array_equal(sheet[28:56, 56:84, 1], images[6])


def test_a_drawings_ink_is_white():
    picture = scenes.drawn(Drawing.parse([{"points": [512, 512, 200]}]), 32)
    assert picture.shape == (32, 32, 3)
    assert picture[16, 16].tolist() == [255] * 3
    assert picture[0, 0].tolist() == [0] * 3
