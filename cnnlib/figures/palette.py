"""The palette: the colour of every value, the same in all parts of the project.

Two scales in two themes. `signed` runs from blue (negative) over the page's own
background (zero) to orange (positive); `unsigned` runs from the background (zero)
to the colour of ink. Blue against orange stays apart for every common kind of
colour blindness, and lightness alone tells the magnitude on both sides.

The scales are straight lines in OKLab, so that equal steps in value look like equal
steps in colour. Source: B. Ottosson, "A perceptual color space for image processing",
2020, for the matrices between linear sRGB and OKLab.
"""

from functools import cache
from typing import Literal

import numpy as np

Theme = Literal["light", "dark"]
Scale = Literal["signed", "unsigned"]

THEMES: tuple[Theme, ...] = ("light", "dark")
SCALES: tuple[Scale, ...] = ("signed", "unsigned")

# Lightness, chroma and hue in degrees. `zero` is the background of .streamlit/config.toml.
_ANCHORS = {
    "light": {
        "zero": "#ffffff",
        "negative": (0.40, 0.16, 262.0),
        "positive": (0.55, 0.17, 50.0),
        "ink": (0.24, 0.03, 262.0),
    },
    "dark": {
        "zero": "#10141c",
        "negative": (0.74, 0.15, 255.0),
        "positive": (0.80, 0.16, 65.0),
        "ink": (0.96, 0.01, 262.0),
    },
}

_LAB_TO_LMS = np.array(
    [
        [1.0, 0.3963377774, 0.2158037573],
        [1.0, -0.1055613458, -0.0638541728],
        [1.0, -0.0894841775, -1.2914855480],
    ]
)
_LMS_TO_RGB = np.array(
    [
        [4.0767416621, -3.3077115913, 0.2309699292],
        [-1.2684380046, 2.6097574011, -0.3413193965],
        [-0.0041960863, -0.7034186147, 1.7076147010],
    ]
)


def zero_colour(theme: Theme) -> str:
    """Return the colour of zero, the page's own background, as `#rrggbb`."""
    return str(_ANCHORS[theme]["zero"])


def paint(values: np.ndarray, scale: Scale, theme: Theme) -> np.ndarray:
    """Return the colour of each value.

    Parameters
    ----------
    values : array_like of any shape
        In [-1, 1] for `signed`, in [0, 1] for `unsigned`; a value beyond has the end's colour.
        Zero is painted in exactly the background's colour.
    scale : {"signed", "unsigned"}
        Which of the two scales.
    theme : {"light", "dark"}
        The background that the colours are seen on.

    Returns
    -------
    ndarray of shape (..., 3), uint8
        Red, green and blue.
    """
    anchors = _ANCHORS[theme]
    zero = _hex_to_oklab(zero_colour(theme))
    v = np.asarray(values, dtype=float)[..., None]  # (..., 1)
    if scale == "unsigned":
        lab = zero + np.clip(v, 0, 1) * (_polar_to_oklab(anchors["ink"]) - zero)
    else:
        lab = (
            zero
            + np.clip(v, 0, 1) * (_polar_to_oklab(anchors["positive"]) - zero)
            + np.clip(-v, 0, 1) * (_polar_to_oklab(anchors["negative"]) - zero)
        )
    return np.rint(255 * _oklab_to_srgb(lab)).astype(np.uint8)


def stops(scale: Scale, theme: Theme, count: int = 33) -> list[str]:
    """Return a scale as evenly spaced `#rrggbb` stops, for Plotly and for the browser.

    An odd `count` puts a stop exactly on the zero of the signed scale.
    """
    start = -1.0 if scale == "signed" else 0.0
    table = paint(np.linspace(start, 1.0, count), scale, theme)
    return ["#" + bytes(rgb).hex() for rgb in table]


def ties(count: int, theme: Theme) -> list[tuple[str, str]]:
    """Return a mark's colour and a paler tint for each of some weights, as `#rrggbb`.

    Hues lie a golden angle apart, so that the first few differ most, however many there are.
    """
    lightness, chroma = (0.52, 0.15) if theme == "light" else (0.78, 0.13)
    hues = np.deg2rad(330 + 137.508 * np.arange(count))
    lab = np.stack([np.full(count, lightness), *(chroma * f(hues) for f in (np.cos, np.sin))], -1)
    zero = _hex_to_oklab(zero_colour(theme))
    marks, tints = (
        np.rint(255 * _oklab_to_srgb(zero + part * (lab - zero))).astype(np.uint8)
        for part in (1.0, 0.3)
    )
    return [("#" + bytes(m).hex(), "#" + bytes(t).hex()) for m, t in zip(marks, tints, strict=True)]


def readable_on(fill: np.ndarray) -> str:
    """Return black or white, whichever is easier to read on a colour (WCAG 2.2 contrast)."""
    luminance = float((fill / 255.0) ** 2.2 @ [0.2126, 0.7152, 0.0722])
    return "#ffffff" if 1.05 / (luminance + 0.05) > (luminance + 0.05) / 0.05 else "#000000"


@cache
def browser_palette() -> dict[str, dict[str, list[str]]]:
    """Return every scale of every theme as stops; components in the browser paint with them."""
    return {theme: {scale: stops(scale, theme) for scale in SCALES} for theme in THEMES}


def _polar_to_oklab(lch: object) -> np.ndarray:
    lightness, chroma, hue = np.asarray(lch, dtype=float)
    angle = np.deg2rad(hue)
    return np.array([lightness, chroma * np.cos(angle), chroma * np.sin(angle)])


def _hex_to_oklab(colour: str) -> np.ndarray:
    srgb = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
    linear = np.where(srgb <= 0.04045, srgb / 12.92, ((srgb + 0.055) / 1.055) ** 2.4)
    return np.linalg.solve(_LAB_TO_LMS, np.cbrt(np.linalg.solve(_LMS_TO_RGB, linear)))


def _oklab_to_srgb(lab: np.ndarray) -> np.ndarray:
    linear = np.clip((lab @ _LAB_TO_LMS.T) ** 3 @ _LMS_TO_RGB.T, 0, 1)
    return np.where(linear <= 0.0031308, 12.92 * linear, 1.055 * linear ** (1 / 2.4) - 0.055)
