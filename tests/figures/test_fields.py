import io

import numpy as np
import pytest
from PIL import Image

from cnnlib.figures.fields import MarkedMap, marked_maps
from cnnlib.figures.palette import THEMES, paint
from cnnlib.figures.raster import MOST_FRAMES, animate, spread
from cnnlib.figures.scene import Box, Line, Picture
from cnnlib.figures.svg import to_svg
from cnnlib.figures.wiring import wiring


@pytest.mark.parametrize("theme", THEMES)
def test_a_wiring_has_a_line_for_each_connection_and_bright_ones_stand_out(theme):
    reads = [[[0, 1], [0, 1, 2], [1, 2]]]
    drawn = wiring(reads, [{1}, {0, 1, 2}], "xh", "Three units", theme)
    lines = [shape for shape in drawn.shapes if isinstance(shape, Line)]
    assert len(lines) == 7
    assert sum(line.width == 3.0 for line in lines) == 3
    svg = to_svg(drawn)
    assert all(f">{text}</text>" in svg for text in ("x1", "x3", "h2", "Three units"))


@pytest.mark.parametrize("theme", THEMES)
def test_marked_cells_lie_on_their_maps(theme):
    maps = [
        MarkedMap("input", 6, np.eye(6), rows=[1, 2], columns=[0, 1, 2, 4]),
        MarkedMap("conv", 4, -np.eye(4), signed=True, rows=[3], columns=[3]),
        MarkedMap("last", 2),
    ]
    drawn = marked_maps(maps, "A unit", theme)
    boxes = [shape for shape in drawn.shapes if isinstance(shape, Box)]
    marked = [box for box in boxes if box.fill is None and box.outline == 2.0]
    sizes = [(round(box.width / 22), round(box.height / 22)) for box in marked]
    assert sizes == [(3, 2), (1, 2), (1, 1)]
    pictures = [shape for shape in drawn.shapes if isinstance(shape, Picture)]
    for picture, values, scale in zip(
        pictures, (np.eye(6), -np.eye(4)), ("unsigned", "signed"), strict=True
    ):
        cells = picture.pixels[:: len(picture.pixels) // len(values)]
        cells = cells[:, :: picture.pixels.shape[1] // len(values)]
        np.testing.assert_array_equal(cells, paint(values, scale, theme))
    assert_on_page(drawn)


def test_many_maps_stand_in_lines_of_their_page():
    drawn = marked_maps([MarkedMap(f"slice {d}", 32) for d in range(16)], "All of them")
    edges = [shape for shape in drawn.shapes if isinstance(shape, Box)]
    assert len({box.y for box in edges}) > 1
    assert edges[0].width > 32 * 3  # and stay large enough to be seen
    assert_on_page(drawn)


def assert_on_page(drawn):
    for box in drawn.shapes:
        if isinstance(box, Box):
            assert 0 <= box.x <= box.x + box.width <= drawn.width
            assert 0 <= box.y <= box.y + box.height <= drawn.height


def test_scenes_of_one_size_become_an_animation():
    scenes = [
        marked_maps([MarkedMap("map", 5, np.eye(5), rows=[row], columns=[2])], "A row")
        for row in range(5)
    ]
    gif = Image.open(io.BytesIO(animate(scenes)))
    assert gif.n_frames == 5
    assert gif.size == (round(scenes[0].width), round(scenes[0].height))
    assert spread(5) == [0, 1, 2, 3, 4]
    many = spread(1000)
    assert len(many) == MOST_FRAMES
    assert (many[0], many[-1]) == (0, 999)
