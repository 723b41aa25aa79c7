import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.interpolate import CubicSpline

from cnnlib.data.curves import SAMPLES, bank, parse, spline, ways

gaps = st.lists(st.floats(0.1, 10), min_size=1, max_size=12)


@given(gaps, st.randoms(use_true_random=False))
def test_spline_is_scipys_natural_cubic_spline(gaps, random):
    knots = np.concatenate([[0.0], np.cumsum(gaps)])
    values = np.array([random.uniform(-50, 50) for _ in knots])
    at = np.linspace(0, knots[-1], 37)
    if len(knots) == 2:
        expected = np.interp(at, knots, values)
    else:
        expected = CubicSpline(knots, values, bc_type="natural")(at)
    np.testing.assert_allclose(spline(knots, at) @ values, expected, atol=1e-8)


def test_parse_reads_strokes_corners_weight_and_whether_it_is_taught():
    way = parse(7, "bar 3* 0,4 56,-2! 36,48 20,100 | 10,54 52,50")
    assert (way.label, way.name, way.weight, way.taught) == (7, "bar", 3.0, True)
    np.testing.assert_array_equal(way.controls[[1, 4]], [[56, -2], [10, 54]])
    assert way.pieces == (slice(0, 2), slice(1, 4), slice(4, 6))
    assert way.strokes == (0, 0, 1)
    assert not parse(1, "lean 2 0,0 9,100").taught


def test_there_are_many_ways_of_each_digit_and_some_are_taught():
    labels = np.array([way.label for way in ways()])
    assert len(labels) >= 150
    for label in range(10):
        of_this = [way for way in ways() if way.label == label]
        assert len(of_this) >= 11
        assert len({way.name for way in of_this}) == len(of_this)
        assert any(way.taught for way in of_this)
        assert all(way.weight > 0 for way in of_this)


@pytest.mark.parametrize("index", range(0, len(ways()), 7))
def test_samples_follow_the_path_from_end_to_end_in_even_steps(index):
    way, all_ways = ways()[index], bank()
    points = (all_ways.controls[index] @ all_ways.matrix[index]).T  # (S, 2)
    assert points.shape == (SAMPLES, 2)
    np.testing.assert_allclose(points[[0, -1]], way.controls[[0, -1]], atol=1e-3)
    # Each control point lies on the curve.
    gaps = np.hypot(*(points[:, None] - way.controls).transpose(2, 0, 1))
    steps = np.hypot(*np.diff(points, axis=0).T)
    drawn = np.diff(all_ways.stroke[index]) == 0
    assert gaps.min(axis=0).max() <= steps[drawn].max()
    # The pen, at least 1.2 pixels wide, leaves no gap in 20 pixels.
    assert steps[drawn].max() * 20 / np.ptp(points, axis=0).max() < 1.2


def test_corners_stay_sharp_and_haste_rounds_them():
    all_ways = bank()
    index = next(i for i, way in enumerate(ways()) if (way.label, way.name) == (7, "straight"))
    corner = ways()[index].controls[1]
    sharp, hasty = (
        np.hypot(*(all_ways.controls[index] @ matrix[index] - corner[:, None])).min()
        for matrix in (all_ways.matrix, all_ways.hasty)
    )
    assert sharp < 1e-3
    assert 1 < hasty < 10


def test_wobble_keeps_the_spread_and_moves_neighbours_together():
    all_ways = bank()
    index = next(i for i, way in enumerate(ways()) if (way.label, way.name) == (0, "oval"))
    count = len(ways()[index].controls)
    noise = np.random.default_rng(0).standard_normal((20_000, all_ways.wobble.shape[1]))
    moved = (noise @ all_ways.wobble[index])[:, :count]
    np.testing.assert_allclose(moved.std(axis=0), 1, atol=0.03)
    correlation = np.corrcoef(moved.T)
    assert np.diag(correlation, 1).min() > 0.4
    assert abs(correlation[0, count // 2]) < 0.1


@pytest.mark.parametrize("kind", ["matrix", "hasty", "wobble"])
def test_strokes_do_not_pull_at_each_other(kind):
    all_ways = bank()
    index = next(i for i, way in enumerate(ways()) if (way.label, way.name) == (7, "bar"))
    bar = slice(4, 6)  # the last two control points, which are the bar across the stem
    assert ways()[index].pieces[-1] == bar
    others = all_ways.stroke[index] == 0 if kind != "wobble" else slice(0, 4)
    weights = getattr(all_ways, kind)[index]
    assert np.abs(weights[bar]).sum() > 1
    np.testing.assert_array_equal(weights[bar][:, others], 0)
