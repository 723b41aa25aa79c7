import numpy as np
import pytest

from cnnlib.data.pen import ink


def dots(*places, radius):
    """Draw digits that are a single dot each, at (x, y)."""
    points = np.array(places, np.float32)[:, :, None]
    return points, np.full((len(places), 1), radius, np.float32)


@pytest.mark.parametrize("radius", [1.0, 1.7, 3.2])
def test_a_dot_has_the_area_of_a_disc(radius):
    drawn = ink(*dots((6.3, 5.8), radius=radius), 12)
    assert drawn.shape == (1, 12, 12)
    # An edge that fades over one pixel adds a little: ∫ 2πt·ink(t) dt = π(r² + 1/12).
    np.testing.assert_allclose(drawn.sum(), np.pi * (radius**2 + 1 / 12), rtol=0.01)


def test_x_runs_along_columns_and_y_along_rows():
    drawn = ink(*dots((8.5, 2.5), radius=1.0), 12)[0]
    assert np.unravel_index(drawn.argmax(), drawn.shape) == (2, 8)


def test_a_line_is_as_wide_as_the_pen():
    x = np.linspace(0, 20, 80, dtype=np.float32)
    points = np.stack([x, np.full_like(x, 9.8)])[None]
    drawn = ink(points, np.full((1, 80), 1.3, np.float32), 20)[0]
    np.testing.assert_allclose(drawn[:, 2:-2].sum(axis=0), 2.6, atol=0.02)


def test_the_pen_is_wide_where_its_radius_is():
    x = np.linspace(0, 20, 80, dtype=np.float32)
    points = np.stack([x, np.full_like(x, 10)])[None]
    widths = ink(points, np.linspace(1, 3, 80, dtype=np.float32)[None], 20)[0].sum(axis=0)
    np.testing.assert_allclose([widths[3], widths[16]], [2.7, 5.3], atol=0.35)


def test_ink_is_half_at_the_edge_of_the_pen_and_fades_over_the_softness():
    points, radius = dots((0.5, 0.5), (0.5, 0.5), (0.5, 0.5), radius=4.0)
    drawn = ink(points, radius, 9, softness=np.array([[1.0], [4.0], [1.0]], np.float32))
    np.testing.assert_allclose(drawn[:, 0, 4], 0.5, atol=1e-6)
    np.testing.assert_allclose(drawn[:, 0, 5], [0, 0.25, 0], atol=1e-6)


def test_grain_moves_the_edge():
    points, radius = dots((4.5, 4.5), radius=2.0)
    grain = np.zeros((1, 9, 9), np.float32)
    grain[0, :, 5:] = 0.5
    plain, rough = ink(points, radius, 9)[0], ink(points, radius, 9, grain=grain)[0]
    np.testing.assert_array_equal(rough[:, :5], plain[:, :5])
    assert (rough[:, 5:] >= plain[:, 5:]).all()
    np.testing.assert_allclose(rough[4, 6] - plain[4, 6], 0.5, atol=1e-6)


def test_digits_in_a_batch_do_not_touch_each_other():
    points, radius = dots((2.0, 3.0), (7.0, 6.0), (5.0, 5.0), radius=1.5)
    together = ink(points, radius, 10)
    for i in range(3):
        np.testing.assert_array_equal(together[i : i + 1], ink(points[[i]], radius[[i]], 10))
