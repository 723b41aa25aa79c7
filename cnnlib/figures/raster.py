"""A scene as pixels: a PNG of one step, a GIF of all of them. Needs Pillow, loaded when used."""

import io
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np

from cnnlib.budget import Cost
from cnnlib.figures.palette import Theme
from cnnlib.figures.scene import Box, Line, Picture, Scene, Shape, Text, Trace, scene
from cnnlib.walkthroughs.form import Walkthrough

MOST_FRAMES = 48
_FEWEST_FRAMES = 8
_MOST_SHAPES = 150_000  # of all frames together: two seconds
# The project's own font, because Pillow's lacks → and ∞, and a machine may have no other.
FONT = Path(__file__).parents[2] / "assets" / "fonts" / "DejaVuSansCondensed.ttf"
# Of painting, in multiplications that take as long: so dear are a shape and a unit's square.
_SHAPE, _SQUARE = 3_700, 27
_STEP_MS = 900
_END_MS = 2500
_SCALE = 2  # of the PNG; GIF frames are drawn as large and halved, which smooths their lines
_FLAT, _BLENDS = 150, 64  # colours of a GIF: painted areas, and smoothed edges
_NEAR = 8


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


def film(walk: Walkthrough, theme: Theme = "light") -> "Film":
    """Return the scenes of a walkthrough's steps."""
    return Film(range(len(walk.steps)), lambda step: scene(walk, step, theme))


@dataclass(frozen=True)
class Film(Sequence[Scene]):
    """Scenes that are drawn one at a time, when each is looked at, because many fill the memory.

    Attributes
    ----------
    moments : sequence of int
        The moments that are shown.
    draw : callable
        Draws the scene of a moment.
    """

    moments: Sequence[int]
    draw: Callable[[int], Scene]

    def __len__(self) -> int:
        return len(self.moments)

    def __getitem__(self, at: Any) -> Any:
        return self.draw(self.moments[at])


def spread(count: int, most: int = MOST_FRAMES) -> list[int]:
    """Choose the moments that an animation shows, out of `count`.

    Returns
    -------
    list of int
        The numbers of all moments; if there are more than `most`, of that many, evenly spread,
        with the first and the last among them.
    """
    return np.linspace(0, count - 1, min(count, most)).round().astype(int).tolist()


def cost(scenes: Sequence[Scene]) -> Cost:
    """Estimate what `animate` costs, from its last scene."""
    last = scenes[-1]
    one = _SHAPE * len(last.shapes) + _SQUARE * round(last.width * last.height)
    return Cost(one * len(_moments(scenes, last)))


def _moments(scenes: Sequence[Scene], last: Scene) -> list[int]:
    most = min(MOST_FRAMES, max(_FEWEST_FRAMES, _MOST_SHAPES // max(len(last.shapes), 1)))
    return spread(len(scenes), most)


def animate(scenes: Sequence[Scene]) -> bytes:
    """Return scenes of one size as a GIF that plays for ever.

    Parameters
    ----------
    scenes : sequence of Scene
        The last scene is shown the longest, and must have every colour of the others. Of many
        scenes, or of scenes with many shapes, as many are shown as can be drawn in some seconds.
    """
    from PIL import Image

    last = scenes[-1]
    palette = _palette(last, _render(last).reduce(_SCALE))
    indexed = [
        _render(scenes[at]).reduce(_SCALE).quantize(palette=palette, dither=Image.Dither.NONE)
        for at in _moments(scenes, last)
    ]
    file = io.BytesIO()
    indexed[0].save(
        file,
        "GIF",
        save_all=True,
        append_images=indexed[1:],
        duration=[_STEP_MS] * (len(indexed) - 1) + [_END_MS],
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
    # Pillow looks colours up to the nearest 4, so a blend this near to an area's own colour would
    # recolour the area.
    apart = np.abs(blends[:, None] - exact).max(-1).min(-1) > _NEAR
    palette = Image.new("P", (1, 1))
    palette.putpalette(np.concatenate([exact, blends[apart]]).ravel().tolist())
    return palette


def _colours(shape: Shape) -> list[str | None]:
    """Return the colours of a shape: a box has two, a picture as many as it shows."""
    if isinstance(shape, Picture):
        red, green, blue = shape.pixels.reshape(-1, 3).astype(np.uint32).T
        return [f"#{colour:06x}" for colour in np.unique((red << 16) + (green << 8) + blue)]
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
            if min(sides):  # less than a pixel is nothing
                picture = Image.fromarray(shape.pixels).resize(sides, Image.Resampling.NEAREST)
                image.paste(picture, (round(shape.x * _SCALE), round(shape.y * _SCALE)))
        else:
            _box(draw, shape)
    return image


def _box(draw: Any, box: Box) -> None:
    """Draw a box with its border centred on its edge, as SVG does; less than a pixel is nothing."""
    half = box.outline / 2
    corners = [
        (box.x - half) * _SCALE,
        (box.y - half) * _SCALE,
        (box.x + box.width + half) * _SCALE - 1,
        (box.y + box.height + half) * _SCALE - 1,
    ]
    if corners[2] < corners[0] or corners[3] < corners[1]:
        return
    draw.rectangle(corners, box.fill, box.stroke, round(box.outline * _SCALE))


@lru_cache(maxsize=32)
def _font(size: float) -> Any:
    """Load the font in one size, and keep it, because loading takes longer than writing."""
    from PIL import ImageFont

    # The basic layout gives the same pixels with and without a shaping library on the machine.
    return ImageFont.truetype(FONT, size, layout_engine=ImageFont.Layout.BASIC)


def _write(draw: Any, text: Text) -> None:
    place = text.x * _SCALE, text.y * _SCALE
    anchor = {"start": "lm", "middle": "mm", "end": "rm"}[text.anchor]
    draw.text(place, text.text, text.fill, _font(text.size * _SCALE), anchor=anchor)
