"""Framing does as MNIST's did: the place and the size of a digit on the pad do not matter."""

import re

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.drawings.images import BOX, CENTRE, SIZE, frame, resize, to_input

seeds = st.integers(0, 2**32 - 1)


def scribble(rng: np.random.Generator, size: int = 112, width: float = 7.0) -> np.ndarray:
    """Return antialiased ink within half a `width` of a random polyline of four points."""
    points = rng.uniform(0.15 * size, 0.85 * size, (4, 2))
    grid = np.stack(np.mgrid[:size, :size], axis=-1)[..., None, :]  # (size, size, 1, 2)
    start, along = points[:-1], np.diff(points, axis=0)
    t = np.clip(((grid - start) * along).sum(-1) / (along**2).sum(-1), 0, 1)
    distance = np.linalg.norm(grid - start - t[..., None] * along, axis=-1).min(-1)
    return np.clip(width / 2 - distance + 0.5, 0, 1)


@given(seeds)
def test_the_longest_side_becomes_20_and_the_aspect_ratio_is_kept(seed):
    framed = frame(scribble(np.random.default_rng(seed)))
    top, left, bottom, right = framed.box
    height, width = framed.boxed.shape
    longest = max(bottom - top, right - left)
    assert max(height, width) == BOX
    assert height == pytest.approx((bottom - top) * BOX / longest, abs=0.5)
    assert width == pytest.approx((right - left) * BOX / longest, abs=0.5)


@given(seeds)
def test_the_centre_of_mass_meets_the_centre(seed):
    pixels = frame(scribble(np.random.default_rng(seed))).pixels.astype(float)
    rows, columns = pixels.sum(1), pixels.sum(0)
    # Half a pixel is rounding. The edge may stop a lop-sided scribble, so such ones are left out.
    assume(not (rows[[0, -1]].any() or columns[[0, -1]].any()))
    for mass in (rows, columns):
        assert mass @ np.arange(SIZE) / mass.sum() == pytest.approx(CENTRE, abs=0.51)


def test_a_lop_sided_drawing_stops_at_the_edge_and_loses_nothing():
    ink = np.zeros((100, 100))
    ink[:10] = 1  # a heavy bar on top of a long thin leg
    ink[:, 50] = 0.3
    framed = frame(ink)
    assert framed.offset[0] == SIZE - BOX
    assert framed.pixels.sum() == framed.boxed.sum()


@given(seeds, st.integers(0, 60), st.integers(0, 60))
def test_where_it_was_drawn_does_not_matter(seed, down, right):
    ink = scribble(np.random.default_rng(seed), size=60)
    pad = np.zeros((120, 120))
    pad[down : down + 60, right : right + 60] = ink
    assert np.array_equal(frame(pad).pixels, frame(ink).pixels)


@given(seeds, st.integers(2, 4))
def test_how_large_it_was_drawn_does_not_matter(seed, factor):
    ink = scribble(np.random.default_rng(seed), size=60)
    large = np.kron(ink, np.ones((factor, factor)))
    difference = frame(large).pixels.astype(int) - frame(ink).pixels
    top, left, bottom, right = frame(ink).box
    assume(max(bottom - top, right - left) >= BOX)  # both shrink, so both are the same means
    assert np.abs(difference).max() <= 1


@given(seeds)
def test_framing_again_changes_hardly_anything(seed):
    once = frame(scribble(np.random.default_rng(seed)))
    again = frame(once.pixels / 255)
    height, width = again.boxed.shape
    assume((height, width) == once.boxed.shape)  # no side was lost as too faint to be ink
    assert np.array_equal(again.boxed, once.boxed)
    assert max(abs(np.subtract(again.offset, once.offset))) <= 1


def test_few_scribbles_lose_a_side_when_framed_again():
    rng = np.random.default_rng(5)
    same = [
        np.array_equal(once.pixels, frame(once.pixels / 255).pixels)
        for once in (frame(scribble(rng)) for _ in range(100))
    ]
    assert np.mean(same) >= 0.9


def test_the_steps_lead_to_the_image():
    framed = frame(scribble(np.random.default_rng(1)))
    top, left, bottom, right = framed.box
    outside = framed.drawn.copy()
    outside[top:bottom, left:right] = 0
    assert outside.max() <= 0.05
    for side in (framed.drawn[top], framed.drawn[bottom - 1]):
        assert side.max() > 0.05
    for side in (framed.drawn[:, left], framed.drawn[:, right - 1]):
        assert side.max() > 0.05
    row, column = framed.offset
    height, width = framed.boxed.shape
    assert np.array_equal(framed.pixels[row : row + height, column : column + width], framed.boxed)
    assert framed.pixels.dtype == np.uint8
    assert framed.pixels.shape == (SIZE, SIZE)
    assert framed.offset == tuple(round(CENTRE - mass) for mass in framed.centre_of_mass)


def test_a_single_dot_fills_the_box():
    ink = np.zeros((112, 112))
    ink[3, 90] = 1
    framed = frame(ink)
    assert framed.box == (3, 90, 4, 91)
    assert framed.boxed.shape == (BOX, BOX)
    assert framed.boxed.min() == 255


def test_ink_of_at_most_a_twentieth_does_not_widen_the_box():
    ink = np.full((50, 50), 0.05)
    ink[10:20, 5:9] = 0.06
    assert frame(ink).box == (10, 5, 20, 9)


def test_pixels_are_rounded_not_cut():
    assert frame(np.full((3, 3), 0.999)).boxed.min() == 255


def test_a_hairline_keeps_one_pixel_of_width():
    ink = np.zeros((300, 300))
    ink[:, 7] = 1
    assert frame(ink).boxed.shape == (BOX, 1)


def test_ink_too_faint_to_survive_the_scaling_is_framed_without_warning():
    ink = np.zeros((2000, 2000))
    ink[[0, -1], [0, -1]] = 0.06
    assert frame(ink).pixels.max() == 0


@pytest.mark.parametrize(
    ("ink", "message"),
    [
        (np.zeros((28, 28)), "nothing is drawn"),
        (np.full((28, 28), 0.05), "nothing is drawn"),
        (np.zeros((0, 28)), "shape (0, 28) has no pixels"),
        (np.zeros((1, 28, 28)), "shape (1, 28, 28) is no drawing"),
        (np.full((2, 2), 255.0), "from 255 to 255 leaves [0, 1]"),
        (np.array([[0.0, -0.1]]), "from -0.1 to 0 leaves [0, 1]"),
        (np.array([[0.0, np.nan]]), "from nan to nan leaves [0, 1]"),
    ],
)
def test_what_is_no_drawing_is_refused(ink, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        frame(ink)


@given(seeds, st.integers(1, 30), st.integers(1, 30), st.integers(1, 30), st.integers(1, 30))
def test_resizing_keeps_constants_and_stays_within_the_range(seed, h, w, height, width):
    image = np.random.default_rng(seed).random((h, w))
    resized = resize(image, height, width)
    assert resized.shape == (height, width)
    assert image.min() - 1e-12 <= resized.min()
    assert resized.max() <= image.max() + 1e-12
    np.testing.assert_allclose(resize(np.ones((h, w)), height, width), 1)


@given(seeds, st.integers(1, 8), st.integers(1, 8))
def test_shrinking_by_a_whole_factor_takes_block_means(seed, down, across):
    image = np.random.default_rng(seed).random((5 * down, 3 * across))
    means = image.reshape(5, down, 3, across).mean(axis=(1, 3))
    np.testing.assert_allclose(resize(image, 5, 3), means)


@given(seeds, st.integers(2, 40), st.integers(2, 40))
def test_shrinking_keeps_the_mean(seed, n, m):
    assume(m <= n)
    image = np.random.default_rng(seed).random((n, n))
    assert resize(image, m, m).mean() == pytest.approx(image.mean())


@given(seeds, st.integers(2, 20), st.integers(1, 30))
def test_growing_is_linear_between_pixel_centres(seed, n, more):
    row = np.random.default_rng(seed).random(n)
    m = n + more
    centres = (np.arange(m) + 0.5) * n / m - 0.5
    np.testing.assert_allclose(resize(row[None], 1, m)[0], np.interp(centres, np.arange(n), row))


def test_resizing_to_nothing_is_refused():
    with pytest.raises(ValueError, match="4×5 cannot become 0×3"):
        resize(np.zeros((4, 5)), 0, 3)


def test_input_is_divided_by_255_once_and_nothing_else():
    images = np.array([[[0, 51], [102, 255]]], np.uint8)
    x = to_input(images)
    assert x.shape == (1, 1, 2, 2)
    assert x.dtype == np.float32
    np.testing.assert_allclose(x[0, 0], [[0, 0.2], [0.4, 1]])


@pytest.mark.parametrize(
    "images", [np.zeros((1, 28, 28)), np.zeros((28, 28), np.uint8), np.zeros((1, 1, 28, 28), "u1")]
)
def test_pixels_already_divided_or_without_an_image_axis_are_refused(images):
    with pytest.raises(ValueError, match=re.escape(f"{images.dtype} and shape {images.shape}")):
        to_input(images)


def test_an_image_has_the_sizes_of_mnist():
    assert (SIZE, BOX, CENTRE) == (28, 20, 14)
    ink = np.ones((10, 10))
    framed = frame(ink)
    assert framed.pixels.shape == (28, 28)
    assert framed.boxed.shape == (20, 20)
    assert framed.offset == (4, 4)  # whose centre of mass, 9.5, rounds to the even side


def test_a_drawing_that_is_heavy_at_its_far_end_begins_at_the_first_pixel():
    ink = np.zeros((100, 100))
    ink[90:] = 1
    ink[:, 50] = 0.3
    for turned in (ink, ink.T):
        framed = frame(turned)
        assert min(framed.offset) == 0
        assert framed.pixels.sum() == framed.boxed.sum()
