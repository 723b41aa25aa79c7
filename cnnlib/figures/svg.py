"""A scene as SVG text, for slides and pages: sharp at every size, readable to screen readers."""

from xml.sax.saxutils import escape, quoteattr

from cnnlib.figures.scene import Box, Line, Scene, Text

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


def _element(shape: Box | Line | Text) -> str:
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
    return (
        f'<text x="{shape.x:.1f}" y="{shape.y:.1f}" font-size="{shape.size:.1f}" '
        f'fill={quoteattr(shape.fill)} text-anchor="{shape.anchor}" '
        f'dominant-baseline="central">{escape(shape.text)}</text>'
    )
