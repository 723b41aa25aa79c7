"""Examples are what their titles say, and their signals what they are named after."""

import re

import numpy as np
import pytest

from cnnlib.walkthroughs import transposed
from cnnlib.walkthroughs.examples import ONE_DIMENSION, TRANSPOSED, TWO_DIMENSIONS

CONVOLUTIONS = [*ONE_DIMENSION.values(), *TWO_DIMENSIONS.values()]
NUMBER = r"(\d+(?:×\d+)?)"


def title(example):
    return example.title


@pytest.mark.parametrize("example", [*CONVOLUTIONS, *TRANSPOSED.values()], ids=title)
def test_an_example_has_the_sizes_and_settings_of_its_title(example):
    size = re.match(NUMBER + "( cells|[,∗ ])", example.title)
    kernel = re.search(f"(?:kernel|∗) {NUMBER}", example.title, re.IGNORECASE)
    for found, array in ((size, example.a), (kernel, example.b)):
        if found:
            assert array.shape == tuple(map(int, found[1].split("×")))
    for setting in ("stride", "padding", "output padding", "dilation"):
        for value in re.findall(rf"{setting} (\d+)", example.title, re.IGNORECASE):
            usual = 0 if "padding" in setting else 1
            assert example.options.get(setting.replace(" ", "_"), usual) == int(value)


@pytest.mark.parametrize("example", CONVOLUTIONS, ids=title)
def test_an_example_that_does_not_fit_says_so_and_the_others_do(example):
    walk = example.walk()
    rounded = any("rounded down" in note for note in walk.notes)
    assert rounded == ("does not fit" in example.title)
    if "the size stays" in example.title:
        assert walk.shapes["output"] == walk.shapes["input"]


def test_a_noisy_step_rises_from_0_to_1_in_its_middle():
    values = ONE_DIMENSION["noisy step, blurred"].a.values
    assert len(values) == 64
    for half, level in ((values[:32], 0), (values[32:], 1)):
        assert half.mean() == pytest.approx(level, abs=0.1)
        assert half.std() == pytest.approx(0.15, abs=0.05)
    same = ONE_DIMENSION["noisy step, differences"]
    assert same.a.values.tolist() == values.tolist()
    assert same.walk().grid("output").values[1:64].tolist() == pytest.approx(np.diff(values))


def test_a_sine_has_two_waves_in_hundredths():
    for name in ("sine, blurred", "sine, differences"):
        wave = np.sin(np.arange(64) * np.pi / 16)
        np.testing.assert_allclose(ONE_DIMENSION[name].a.values, wave, atol=0.005001)


def test_patches_tile_overlap_or_leave_gaps_as_their_titles_say():
    for name, reached in (("overlap", {1, 2, 4}), ("tiles", {1}), ("gaps", {0, 1})):
        example = TRANSPOSED[name]
        one = transposed(np.ones((2, 2), int), np.ones(example.b.shape, int), **example.options)
        assert set(one.result().values.tolist()) == reached
