import tomllib
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.figures import palette

ROOT = Path(__file__).parents[2]


@pytest.mark.parametrize("theme", palette.THEMES)
@pytest.mark.parametrize("scale", palette.SCALES)
def test_zero_is_the_pages_own_background(scale, theme):
    config = tomllib.loads((ROOT / ".streamlit" / "config.toml").read_text())
    background = config["theme"][theme]["backgroundColor"]
    assert "#" + bytes(palette.paint(np.zeros(1), scale, theme)[0]).hex() == background


@pytest.mark.parametrize("theme", palette.THEMES)
def test_magnitude_is_told_by_lightness_alone(theme):
    grey = palette.paint(np.linspace(0, 1, 64), "signed", theme).mean(axis=-1)
    blue = palette.paint(-np.linspace(0, 1, 64), "signed", theme).mean(axis=-1)
    direction = -1 if theme == "light" else 1
    for side in (grey, blue):
        assert (np.diff(side) * direction >= -0.5).all()
        assert abs(side[-1] - side[0]) > 80


@given(st.floats(-5, 5, allow_nan=False))
def test_values_beyond_the_scale_take_its_end(value):
    clipped = np.clip(value, -1, 1)
    for scale in palette.SCALES:
        assert (palette.paint(value, scale, "dark") == palette.paint(clipped, scale, "dark")).all()


@given(st.floats(0.05, 1))
def test_negative_is_bluer_and_positive_is_redder_at_every_magnitude(value):
    for theme in palette.THEMES:
        positive = palette.paint(value, "signed", theme).astype(int)
        negative = palette.paint(-value, "signed", theme).astype(int)
        assert positive[0] - positive[2] > negative[0] - negative[2]


def test_browser_palette_has_a_stop_on_zero():
    for theme, scales in palette.browser_palette().items():
        middle = scales["signed"][len(scales["signed"]) // 2]
        assert middle == palette.zero_colour(theme) == scales["unsigned"][0]


@pytest.mark.parametrize("theme", palette.THEMES)
def test_marks_of_weights_stand_out_from_the_page_and_from_one_another(theme):
    rgb = [
        [np.frombuffer(bytes.fromhex(c[1:]), np.uint8) for c in pair]
        for pair in palette.ties(9, theme)
    ]
    marks, tints = (np.array(kind, float) for kind in zip(*rgb, strict=True))
    page = np.frombuffer(bytes.fromhex(palette.zero_colour(theme)[1:]), np.uint8)
    assert abs(marks - page).sum(-1).min() > 200
    assert all(
        0 < s < m for m, s in zip(*(abs(k - page).sum(-1) for k in (marks, tints)), strict=True)
    )
    apart = abs(marks[:, None] - marks).sum(-1) + 999 * np.eye(9)
    assert apart.min() > 40
