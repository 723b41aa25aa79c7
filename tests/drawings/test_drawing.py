import base64
import contextlib
import math
import zlib

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.drawings import drawing as module
from cnnlib.drawings.drawing import MAX_POINTS, MAX_STROKES, PAD, Drawing, rasterize

unit = st.integers(0, PAD - 1)
point = st.tuples(unit, unit, unit)
stroke = st.fixed_dictionaries(
    {
        "points": st.lists(point, min_size=1, max_size=30).map(
            lambda p: [v for xyw in p for v in xyw]
        ),
        "erase": st.booleans(),
    }
)
drawings = st.lists(stroke, max_size=6).map(Drawing.parse)


@given(drawings)
def test_a_link_carries_the_whole_drawing(drawing):
    text = drawing.encode()
    assert Drawing.decode(text) == drawing
    assert all(c.isalnum() or c in "-_" for c in text)


@given(drawings)
def test_what_the_browser_sent_is_what_is_sent_back(drawing):
    assert Drawing.parse(drawing.to_list()) == drawing


@given(st.text(max_size=40))
def test_any_other_text_is_refused_with_one_sentence(text):
    with pytest.raises(ValueError, match="This link's drawing can't be read"):
        Drawing.decode("0" + text)
    with contextlib.suppress(ValueError):
        # A text that can be decoded gives a drawing like any other.
        drawing = Drawing.decode("1" + text)
        assert Drawing.decode(drawing.encode()) == drawing


def test_a_cut_link_is_refused():
    text = Drawing.parse([{"points": [*range(30, 90)]}]).encode()
    for length in range(len(text)):
        with pytest.raises(ValueError, match="can't be read"):
            Drawing.decode(text[:length])


def test_a_link_that_unpacks_to_a_giant_is_refused_before_it_is_unpacked():
    bomb = base64.urlsafe_b64encode(zlib.compress(bytes(20_000_000), 9)).decode().rstrip("=")
    with pytest.raises(ValueError, match="can't be read"):
        Drawing.decode("1" + bomb)


@pytest.mark.parametrize(
    ("strokes", "complaint"),
    [
        ("ink", "list of strokes, not str"),
        ([{"points": []}], "Stroke 1 has 0 numbers"),
        ([{"points": [1, 2, 3]}, {"points": [1, 2]}], "Stroke 2 has 2 numbers"),
        ([{"points": [0, 0, PAD]}], "leaves the pad"),
        ([{"points": [0.5, 0, 1]}], "leaves the pad"),
        ([{"points": [True, 0, 1]}], "leaves the pad"),
        ([{"points": [1, 1, 1], "erase": 1}], "true or false"),
        ([7], "needs `points`"),
        ([{"points": [1, 1, 1]}] * (MAX_STROKES + 1), f"{MAX_STROKES + 1} strokes"),
        ([{"points": [1, 1, 1] * MAX_POINTS}] * 2, f"{2 * MAX_POINTS} points"),
        ([{"points": [0, 0, 400, 999, 999, 400] * 200}], "pad 293 times over; at most 150"),
        ([{"points": [5, 5, 1000]}] * 200, "pad 198 times over; at most 150 times are drawn"),
    ],
)
def test_bad_strokes_are_refused_with_their_numbers(strokes, complaint):
    with pytest.raises(ValueError, match=complaint):
        Drawing.parse(strokes)


def test_a_dot_is_a_disc_of_the_pens_width():
    ink = rasterize(Drawing.parse([{"points": [512, 512, 256]}]), 256)
    assert ink.sum() == pytest.approx(np.pi * 32**2, rel=0.01)
    assert ink[128, 128] == 1
    assert ink[0, 0] == 0


def test_a_stroke_is_a_capsule():
    ink = rasterize(Drawing.parse([{"points": [256, 512, 128, 768, 512, 128]}]), 256)
    assert ink.sum() == pytest.approx(128 * 32 + np.pi * 16**2, rel=0.01)
    rows, columns = np.nonzero(ink > 0.5)
    assert (rows.min(), rows.max() + 1) == (112, 144)
    assert (columns.min(), columns.max() + 1) == (48, 208)


@given(drawings, st.integers(1, 40))
def test_ink_stays_between_empty_and_full(drawing, size):
    ink = rasterize(drawing, size)
    assert ink.shape == (size, size)
    assert ink.min(initial=0) >= 0
    assert ink.max(initial=0) <= 1


@given(st.lists(point, min_size=1, max_size=40))
def test_drawing_a_stroke_twice_changes_nothing_and_erasing_it_leaves_nothing_inside(points):
    flat = [v for xyw in points for v in xyw]
    once = rasterize(Drawing.parse([{"points": flat}]), 48)
    twice = rasterize(Drawing.parse([{"points": flat}] * 2), 48)
    assert (once == twice).all()
    gone = rasterize(Drawing.parse([{"points": flat}, {"points": flat, "erase": True}]), 48)
    assert gone[once == 1].max(initial=0) == 0


def test_a_long_stroke_is_laid_without_gaps_between_its_parts():
    x = np.arange(100, 900, 20)
    flat = np.stack([x, np.full_like(x, 512), np.full_like(x, 64)], 1).ravel().tolist()
    ink = rasterize(Drawing.parse([{"points": flat}]), 256)
    straight = rasterize(Drawing.parse([{"points": [100, 512, 64, 880, 512, 64]}]), 256)
    np.testing.assert_allclose(ink, straight, atol=1e-3)


@given(drawings, st.sampled_from([1, 28, 112]))
def test_looking_at_bands_alone_gives_the_same_pixels_as_looking_at_all(drawing, size):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", -1)
        bands = rasterize(drawing, size)
        patch.setattr(module, "_FEW", 10**9)
        assert (bands == rasterize(drawing, size)).all()


def test_a_wild_scribble_looks_at_the_pixels_near_its_line_alone(monkeypatch):
    looked_at = []
    cover = module._cover
    monkeypatch.setattr(
        module, "_cover", lambda x, *r: looked_at.append(np.size(x)) or cover(x, *r)
    )
    points = np.random.default_rng(0).integers(0, PAD, (2_000, 2)).tolist()
    rasterize(Drawing.parse([{"points": [v for x, y in points for v in (x, y, 1)]}]), 112)
    assert sum(looked_at) < 600_000  # the rectangles around the lines have twenty million


def test_a_raster_needs_a_pixel():
    with pytest.raises(ValueError, match="raster of 0 pixels"):
        rasterize(Drawing(), 0)


def test_ink_at_the_edge_of_the_paper_is_not_lost():
    for x, y in ((0, 0), (PAD - 1, 0), (0, PAD - 1), (PAD - 1, PAD - 1)):
        ink = rasterize(Drawing.parse([{"points": [x, y, PAD // 4]}]), 16)
        assert ink[15 * (y > 0), 15 * (x > 0)] == 1
        assert ink.sum() == pytest.approx(np.pi, rel=0.1)  # a quarter of a disc of radius 2


def test_a_link_with_a_sign_that_does_not_belong_there_is_refused():
    text = Drawing.parse([{"points": [100, 200, 50, 300, 400, 50]}]).encode()
    for sign in ("!", " ", "=", "\n", "+"):
        with pytest.raises(ValueError, match="This link's drawing can't be read"):
            Drawing.decode(text[:5] + sign + text[5:])


def test_as_many_points_and_strokes_as_are_kept_are_taken():
    dots = [{"points": [1, 1, 1]}] * MAX_STROKES
    assert len(Drawing.parse(dots).strokes) == MAX_STROKES
    (stroke,) = Drawing.parse([{"points": [1, 1, 1] * MAX_POINTS}]).strokes
    assert len(stroke.points) == MAX_POINTS


def test_an_integer_of_four_bytes_is_read_and_a_longer_one_is_not():
    assert list(module._unpack(b"\xfe\xff\xff\x7f")) == [2**27 - 1]
    with pytest.raises(ValueError, match="longer than four bytes"):
        list(module._unpack(b"\xfe\xff\xff\xff\x01"))


def by_the_definition(points, size):
    """Return the ink of one stroke, pixel by pixel and segment by segment."""
    scaled = [tuple(value * size / PAD for value in one) for one in points]
    ink = np.zeros((size, size))
    for (x0, y0, w0), (x1, y1, w1) in zip(scaled, scaled[1:] or scaled, strict=False):
        length2 = (x1 - x0) ** 2 + (y1 - y0) ** 2
        for row, column in np.ndindex(size, size):
            x, y = column + 0.5, row + 0.5
            along = (x - x0) * (x1 - x0) + (y - y0) * (y1 - y0)
            t = min(max(along / length2, 0), 1) if length2 else 0
            distance = math.hypot(x - x0 - t * (x1 - x0), y - y0 - t * (y1 - y0))
            cover = (w0 + t * (w1 - w0)) / 2 - distance + 0.5
            ink[row, column] = max(ink[row, column], min(max(cover, 0), 1))
    return ink


@pytest.mark.parametrize("few", [0, 10**9])
@settings(max_examples=30)
@given(points=st.lists(point, min_size=1, max_size=4), size=st.integers(1, 8))
def test_ink_is_what_the_definition_says_in_the_rectangle_and_in_bands(few, points, size):
    drawing = Drawing.parse([{"points": [value for one in points for value in one]}])
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(module, "_FEW", few)
        np.testing.assert_allclose(
            rasterize(drawing, size), by_the_definition(points, size), atol=2e-3
        )
