"""A kernel that slides: what is drawn, in which order, and what lies on the padding."""

import numpy as np
import pytest

from cnnlib.walkthroughs import convolution

IMAGE, KERNEL = [[1, 3, 1], [0, -1, 1], [2, 2, -1]], [[1, 2], [0, -1]]


def ids(walk):
    return [grid.id for grid in walk.grids]


def test_a_convolution_draws_its_kernel_twice_and_a_cross_correlation_once():
    walk = convolution(IMAGE, KERNEL)
    assert ids(walk) == ["input", "kernel", "flipped", "output"]
    assert walk.layout == (("input", "∗", "kernel", "=", "output"), ("flipped",))
    assert walk.grid("flipped").title == "Kernel B, flipped"
    other = convolution(IMAGE, KERNEL, operation="cross-correlation")
    assert ids(other) == ["input", "kernel", "output"]
    assert other.layout == (("input", "⊗", "kernel", "=", "output"),)


@pytest.mark.parametrize("padding", ["full", "same", "valid", 0, 2, (0, 1), (1, 0)])
def test_places_are_counted_only_where_there_is_padding(padding):
    walk = convolution(IMAGE, KERNEL, padding=padding)
    padded = padding not in ("valid", 0)
    assert ("place" in walk.terms.columns) is padded
    assert (len(walk.grid("input").ghosts) > 0) is padded
    assert walk.grid("input").lit_by == ("place" if padded else "input")


def test_each_step_lights_its_whole_window_and_the_weights_on_the_padding():
    walk = convolution(IMAGE, KERNEL)  # a 3×3 picture in a frame of one cell, 5×5
    windows = np.arange(25).reshape(5, 5)
    for output in range(16):
        row, column = divmod(output, 4)
        window = windows[row : row + 2, column : column + 2].ravel()
        assert walk.lit(output)["input"].tolist() == window.tolist()
        assert walk.lit(output)["flipped"].tolist() == [0, 1, 2, 3]
        outside = [cell for cell in window if cell in walk.grid("input").ghosts]
        also = walk.steps[output].also
        assert list(also.get("place", ())) == outside
        assert len(also.get("kernel", ())) == len(outside)
    assert walk.steps[5].also == {}
    # On the first corner lie three weights; the fourth, the last of the flipped kernel, is the
    # kernel's first.
    assert sorted(walk.steps[0].also["kernel"]) == [1, 2, 3]


def test_only_a_convolution_is_said_to_flip():
    for operation, said in (("convolution", "flip"), ("cross-correlation", "slide")):
        assert convolution([1, 2], [1, 1], operation=operation).method == f"{said}-and-filter"
