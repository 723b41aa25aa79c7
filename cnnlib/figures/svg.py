"""A scene as SVG text, for slides and pages: sharp at every size, readable to screen readers."""

import io
from base64 import b64encode
from xml.sax.saxutils import escape, quoteattr

import numpy as np
from numpy.typing import NDArray

from cnnlib.figures.scene import Box, Line, Picture, Scene, Shape, Trace

_FONT = 'font-family="system-ui, sans-serif" style="font-variant-numeric: tabular-nums"'


def to_svg(scene: Scene) -> str:
    """Return a scene as an SVG document.

    Parameters
    ----------
    scene : Scene

    Returns
    -------
    str
    """
    size = f'width="{scene.width:.0f}" height="{scene.height:.0f}"'
    view = f'viewBox="0 0 {scene.width:.0f} {scene.height:.0f}"'
    return "\n".join(
        [
            f'<svg xmlns="http://www.w3.org/2000/svg" {size} {view} role="img" {_FONT}>',
            f"<title>{escape(scene.title)}</title>",
            f"<desc>{escape(scene.description)}</desc>",
            f'<rect width="100%" height="100%" fill="{scene.background}"/>',
            *map(_element, scene.shapes),
            "</svg>",
            "",
        ]
    )


def _element(shape: Shape) -> str:
    if isinstance(shape, Box):
        return (
            f'<rect x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
            f'height="{shape.height:.1f}" fill="{shape.fill or "none"}" '
            f'stroke="{shape.stroke}" stroke-width="{shape.outline}"/>'
        )
    if isinstance(shape, Line):
        return (
            f'<line x1="{shape.x1:.1f}" y1="{shape.y1:.1f}" x2="{shape.x2:.1f}" '
            f'y2="{shape.y2:.1f}" stroke="{shape.stroke}" stroke-width="{shape.width}"/>'
        )
    if isinstance(shape, Trace):
        points = " ".join(f"{x:.1f},{y:.1f}" for x, y in shape.points)
        return (
            f'<polyline points="{points}" fill="none" stroke="{shape.stroke}" '
            f'stroke-width="{shape.width}" stroke-linejoin="round"/>'
        )
    if isinstance(shape, Picture):
        return (
            f'<image x="{shape.x:.1f}" y="{shape.y:.1f}" width="{shape.width:.1f}" '
            f'height="{shape.height:.1f}" preserveAspectRatio="none" '
            f'style="image-rendering: pixelated" '
            f'href="data:image/png;base64,{b64encode(_png(shape.pixels)).decode()}"/>'
        )
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:.1f}" '
        f'fill={quoteattr(shape.fill)} text-anchor="{shape.anchor}" '
        f'dominant-baseline="central">{escape(shape.text)}</text>'
    )


def _png(pixels: NDArray[np.uint8]) -> bytes:
    """Return pixels (H, W, 3) as a PNG; with up to 256 colours, each pixel takes one byte."""
    from PIL import Image

    height, width, _ = pixels.shape
    whole = pixels.astype(np.uint32) @ np.array([1 << 16, 1 << 8, 1], np.uint32)  # (H, W)
    colours, numbers = np.unique(whole, return_inverse=True)
    if len(colours) <= 256:
        image = Image.frombytes("P", (width, height), numbers.astype(np.uint8).tobytes())
        image.putpalette(colours.astype(">u4").view(np.uint8).reshape(-1, 4)[:, 1:].tobytes())
    else:
        image = Image.fromarray(pixels)
    file = io.BytesIO()
    image.save(file, "PNG", optimize=True)
    return file.getvalue()
