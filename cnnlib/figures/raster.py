"""A scene as pixels: a PNG of one step, a GIF of all of them. Needs Pillow, loaded when used."""

import io
import re
from collections import Counter
from collections.abc import Sequence
from functools import lru_cache
from typing import Any

import numpy as np

from cnnlib.figures.palette import Theme
from cnnlib.figures.scene import Box, Line, Picture, Scene, Shape, Text, Trace, scene
from cnnlib.walkthroughs.form import Walkthrough

MOST_FRAMES = 48
_STEP_MS = 900
_END_MS = 2500
_SCALE = 2  # of the PNG; GIF frames are drawn as large and halved, which smooths their lines
_FLAT, _BLENDS = 150, 64  # colours of a GIF: painted areas, and smoothed edges
_NEAR = 8

_TURN = np.linspace(0, 2 * np.pi, 25)
_CIRCLE = list(zip(0.36 + 0.26 * np.cos(_TURN), 0.26 * np.sin(_TURN), strict=True))
# Pillow's own font lacks these signs, so they are drawn as lines through points, in font sizes:
# x from the sign's left edge, y down from the middle of the text. First, the sign's width.
_SIGNS: dict[str, tuple[float, list[list[tuple[float, float]]]]] = {
    "−": (0.56, [[(0.08, 0.0), (0.48, 0.0)]]),
    "×": (0.56, [[(0.12, -0.16), (0.44, 0.16)], [(0.12, 0.16), (0.44, -0.16)]]),
    "ᵀ": (0.4, [[(0.06, -0.34), (0.36, -0.34)], [(0.21, -0.34), (0.21, -0.02)]]),
    "∗": (
        0.56,
        [
            [(0.28, -0.2), (0.28, 0.2)],
            [(0.11, -0.1), (0.45, 0.1)],
            [(0.11, 0.1), (0.45, -0.1)],
        ],
    ),
    "⊗": (
        0.72,
        [_CIRCLE, [(0.18, -0.18), (0.54, 0.18)], [(0.18, 0.18), (0.54, -0.18)]],
    ),
}
_SPLIT = re.compile(f"([{''.join(_SIGNS)}])")


def to_png(scene: Scene) -> bytes:
    """Return a scene as a PNG, with two pixels for each unit of the scene.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    bytes
    """
    file = io.BytesIO()
    _render(scene).save(file, "PNG")
    return file.getvalue()


def to_gif(walk: Walkthrough, theme: Theme = "light") -> bytes:
    """Return a walkthrough as an animation that plays for ever.

    Parameters
    ----------
    walk : Walkthrough
    theme : {"light", "dark"}

    Returns
    -------
    bytes
        One frame for each step that `spread` keeps.
    """
    return animate([scene(walk, step, theme) for step in spread(len(walk.steps))])


def spread(count: int) -> list[int]:
    """Return which of `count` moments an animation shows.

    Returns
    -------
    list of int
        All of them; of more than `MOST_FRAMES`, that many, evenly spread, the first and the
        last among them.
    """
    return np.linspace(0, count - 1, min(count, MOST_FRAMES)).round().astype(int).tolist()


def animate(scenes: Sequence[Scene]) -> bytes:
    """Return scenes of one size as a GIF that plays for ever.

    Parameters
    ----------
    scenes : sequence of Scene
        The last one, which is shown the longest, has every colour of the others.
    """
    from PIL import Image

    frames = [_render(each).reduce(_SCALE) for each in scenes]
    palette = _palette(scenes[-1], frames[-1])
    indexed = [frame.quantize(palette=palette, dither=Image.Dither.NONE) for frame in frames]
    file = io.BytesIO()
    indexed[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=indexed[1:],
        duration=[_STEP_MS] * (len(frames) - 1) + [_END_MS],
        loop=0,
    )
    return file.getvalue()


def _palette(scene: Scene, frame: Any) -> Any:
    """Return a palette of a scene's own colours, and of blends along its edges."""
    from PIL import Image

    painted = Counter(colour for shape in scene.shapes for colour in _colours(shape) if colour)
    flat = [scene.background, *(colour for colour, _ in painted.most_common(_FLAT))]
    exact = np.frombuffer(bytes.fromhex("".join(colour[1:] for colour in flat)), np.uint8)
    exact = exact.reshape(-1, 3).astype(int)
    blends = np.array(frame.quantize(_BLENDS).getpalette() or [], int).reshape(-1, 3)
    # Pillow looks colours up to the nearest 4: a blend that is nearer would take an area over.
    apart = np.abs(blends[:, None] - exact).max(-1).min(-1) > _NEAR
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.concatenate([exact, blends[apart]]).ravel().tolist())
    return palette


def _colours(shape: Shape) -> list[str | None]:
    """Return what a shape paints: a box's two colours, each of a picture's."""
    if isinstance(shape, Picture):
        return ["#" + bytes(one).hex() for one in np.unique(shape.pixels.reshape(-1, 3), axis=0)]
    return [shape.fill, shape.stroke] if isinstance(shape, Box) else []


def _render(scene: Scene) -> Any:
    from PIL import Image, ImageDraw

    size = round(scene.width * _SCALE), round(scene.height * _SCALE)
    image = Image.new("RGB", size, scene.background)
    draw = ImageDraw.Draw(image)
    for shape in scene.shapes:
        if isinstance(shape, Text):
            _write(draw, shape)
        elif isinstance(shape, Line):
            ends = [(shape.x1 * _SCALE, shape.y1 * _SCALE), (shape.x2 * _SCALE, shape.y2 * _SCALE)]
            draw.line(ends, shape.stroke, round(shape.width * _SCALE))
        elif isinstance(shape, Trace):
            points = [(x * _SCALE, y * _SCALE) for x, y in shape.points]
            draw.line(points, shape.stroke, round(shape.width * _SCALE), joint="curve")
        elif isinstance(shape, Picture):
            sides = round(shape.width * _SCALE), round(shape.height * _SCALE)
            picture = Image.fromarray(shape.pixels).resize(sides, Image.Resampling.NEAREST)
            image.paste(picture, (round(shape.x * _SCALE), round(shape.y * _SCALE)))
        else:
            _box(draw, shape)
    return image


def _box(draw: Any, box: Box) -> None:
    """Draw a box with its border centred on its edge, as SVG does."""
    half = box.outline / 2
    corners = [
        (box.x - half) * _SCALE,
        (box.y - half) * _SCALE,
        (box.x + box.width + half) * _SCALE - 1,
        (box.y + box.height + half) * _SCALE - 1,
    ]
    draw.rectangle(corners, box.fill, box.stroke, round(box.outline * _SCALE))


@lru_cache(maxsize=32)
def _font(size: float) -> Any:
    """Return Pillow's own font: loading it takes longer than writing a caption."""
    from PIL import ImageFont

    return ImageFont.load_default(size)


def _write(draw: Any, text: Text) -> None:
    size = text.size * _SCALE
    font = _font(size)
    runs = [run for run in _SPLIT.split(text.text) if run]
    widths = [_SIGNS[run][0] * size if run in _SIGNS else font.getlength(run) for run in runs]
    before = {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
    x = text.x * _SCALE - before * sum(widths)
    y = text.y * _SCALE
    for run, width in zip(runs, widths, strict=True):
        if run in _SIGNS:
            for points in _SIGNS[run][1]:
                line = [(x + u * size, y + v * size) for u, v in points]
                draw.line(line, text.fill, max(1, round(size / 13)))
        else:
            draw.text((x, y), run, text.fill, font, anchor="lm")
        x += width
