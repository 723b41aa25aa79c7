import numpy as np
import pytest

from cnnlib.figures.fields import marked_maps
from cnnlib.figures.palette import THEMES
from cnnlib.figures.scene import Box, Line
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
    picture = np.eye(6)
    marks = [([1, 2], [0, 1, 2]), ([3], [3])]
    drawn = marked_maps([("input", picture, 6), ("conv", None, 4)], marks, "A unit", theme)
    boxes = [shape for shape in drawn.shapes if isinstance(shape, Box)]
    marked = [box for box in boxes if box.fill is None and box.width < 10]
    assert len(marked) == 7
    assert len([box for box in boxes if box.fill is not None]) == 6
    for box in boxes:
        assert 0 <= box.x <= box.x + box.width <= drawn.width
        assert 0 <= box.y <= box.y + box.height <= drawn.height
