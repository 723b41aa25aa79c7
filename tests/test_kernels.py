import math

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, signal

from cnnlib import kernels
from cnnlib.conv import correlate2d
from cnnlib.kernels import KERNELS


def test_every_kernel_of_the_lesson_is_there_with_its_source():
    assert set(KERNELS) == {
        *("identity", "box", "gaussian", "sobel", "prewitt", "scharr", "roberts", "laplacian"),
        *("sharpen", "emboss", "gabor", "log", "motion", "difference"),
    }
    for kernel in KERNELS.values():
        assert kernel.source
        assert kernel.finds.endswith(".")
        assert max(kernel.weights.shape) <= kernels.LARGEST


def test_scipy_has_the_same_edge_kernels():
    delta = np.zeros((5, 5))
    delta[2, 2] = 1
    # A convolution of a delta is the kernel; SciPy correlates with right minus left.
    for name, theirs in (("sobel", ndimage.sobel), ("prewitt", ndimage.prewitt)):
        np.testing.assert_array_equal(theirs(delta, axis=1)[1:4, 1:4], KERNELS[name].weights)
    np.testing.assert_array_equal(-ndimage.laplace(delta)[1:4, 1:4], KERNELS["laplacian"].weights)


def test_sharpening_is_identity_plus_laplacian():
    together = KERNELS["identity"].weights + KERNELS["laplacian"].weights
    np.testing.assert_array_equal(KERNELS["sharpen"].weights, together)


@pytest.mark.parametrize("name", ["identity", "box", "gaussian", "sharpen", "emboss", "motion"])
def test_what_keeps_an_even_grey_adds_up_to_one(name):
    assert KERNELS[name].weights.sum() == pytest.approx(1, abs=1e-12)
    assert not KERNELS[name].is_signed


@pytest.mark.parametrize(
    "name", ["sobel", "prewitt", "scharr", "roberts", "laplacian", "gabor", "log", "difference"]
)
def test_what_finds_differences_is_zero_on_an_even_grey(name):
    assert KERNELS[name].weights.sum() == pytest.approx(0, abs=1e-12)
    assert KERNELS[name].is_signed


def test_which_kernels_are_separable():
    separable = {name for name, kernel in KERNELS.items() if kernels.separate(kernel.weights)}
    assert separable == {
        *("identity", "box", "gaussian", "sobel", "prewitt", "scharr", "difference")
    }


@pytest.mark.parametrize(
    ("name", "column", "row"),
    [
        ("sobel", [1, 2, 1], [1, 0, -1]),
        ("scharr", [3, 10, 3], [1, 0, -1]),
        ("difference", [-1], [1, -1]),
        ("gaussian", np.array([1, 4, 6, 4, 1]) / 16, np.array([1, 4, 6, 4, 1]) / 16),
    ],
)
def test_golden_factors(name, column, row):
    found = kernels.separate(KERNELS[name].weights)
    np.testing.assert_allclose(found[0], column, atol=1e-12)
    np.testing.assert_allclose(found[1], row, atol=1e-12)


@given(
    st.lists(st.integers(-9, 9), min_size=1, max_size=6).filter(any),
    st.lists(st.integers(-9, 9), min_size=1, max_size=6).filter(any),
    st.sampled_from([1, 0.1, 1 / 3]),
)
def test_the_factors_of_an_outer_product_give_it_back(column, row, scale):
    kernel = scale * np.outer(column, row)
    np.testing.assert_allclose(np.outer(*kernels.separate(kernel)), kernel, atol=1e-9)


def test_two_sweeps_give_what_one_kernel_gives_with_fewer_multiplications():
    picture = np.random.default_rng(0).integers(0, 256, (20, 30))
    column, row = kernels.separate(KERNELS["gaussian"].weights)
    twice = correlate2d(correlate2d(picture, column[:, None]), row[None])
    np.testing.assert_allclose(twice, correlate2d(picture, KERNELS["gaussian"].weights))
    assert kernels.multiplications((5, 5)) == 25
    assert kernels.multiplications((5, 5), separable=True) == 10
    assert kernels.multiplications((1, 3)) == 3


def test_zeros_are_not_separated():
    assert kernels.separate(np.zeros((3, 3))) is None


@given(st.integers(1, 4), st.integers(1, 4), st.integers(1, 4), st.integers(0, 10**6))
def test_two_kernels_in_a_row_are_their_convolution(h, w, k, seed):
    rng = np.random.default_rng(seed)
    picture, first = rng.integers(-9, 9, (12, 11)), rng.integers(-9, 9, (h, w))
    second = rng.integers(-9, 9, (k, h))
    one = correlate2d(picture, kernels.compose(first, second))
    np.testing.assert_array_equal(correlate2d(correlate2d(picture, first), second), one)
    np.testing.assert_array_equal(kernels.compose(first, second), signal.convolve2d(first, second))


def test_gaussian_is_scipys():
    delta = np.zeros((9, 9))
    delta[4, 4] = 1
    theirs = ndimage.gaussian_filter(delta, 1.3, truncate=4 / 1.3)
    np.testing.assert_allclose(kernels.gaussian(9, 1.3), theirs)


def test_laplacian_of_gaussian_is_the_gaussians_second_derivative():
    h, sigma = 1e-3, 1.4
    at = np.arange(9) - 4.0

    def bell(r, c):
        return np.exp(-(r**2 + c**2) / (2 * sigma**2))

    r, c = at[:, None], at[None]
    around = bell(r + h, c) + bell(r - h, c) + bell(r, c + h) + bell(r, c - h)
    second = (around - 4 * bell(r, c)) / h**2 * sigma**2 / 2
    expected = second - second.mean()
    np.testing.assert_allclose(kernels.laplacian_of_gaussian(9, sigma), expected, atol=1e-6)


def test_gabor_turns_with_its_angle_and_answers_its_own_wave():
    upright = kernels.gabor(11, 2.5, 6, 0)
    np.testing.assert_allclose(kernels.gabor(11, 2.5, 6, 90), upright.T, atol=1e-12)
    waves = np.cos(2 * np.pi * (np.arange(11) - 5) / 6)
    along = np.broadcast_to(waves, (11, 11))
    assert abs((upright * along).sum()) > 10 * abs((upright * along.T).sum())
    # θ points up and to the right, and so do the wave's steps; therefore its crests run down and
    # right.
    risen = kernels.gabor(11, 2.5, 6, 45)
    crest = [risen[5 + step, 5 + step] for step in (-2, 2)]
    across = [risen[5 - step, 5 + step] for step in (-2, 2)]
    assert min(crest) > 0 > max(across)


def test_kernels_survive_being_written():
    for kernel in KERNELS.values():
        np.testing.assert_allclose(
            kernels.parse(kernels.write(kernel.weights, 6)), kernel.weights, atol=1e-6
        )


@pytest.mark.parametrize(
    ("text", "sentence"),
    [
        ("1,2;3", "The rows have 1 to 2 cells"),
        ("1,x", "Row 0, column 1: “x” is not a number"),
        (";".join(["1"] * 16), "16×1 cells are too many"),
    ],
)
def test_what_is_no_kernel_is_refused_with_a_sentence(text, sentence):
    with pytest.raises(ValueError, match=sentence):
        kernels.parse(text)


@pytest.mark.parametrize("sigma", [0, -1, float("nan")])
def test_a_gaussian_needs_a_width(sigma):
    with pytest.raises(ValueError, match="use a number above 0"):
        kernels.gaussian(3, sigma)


ANGLES = st.floats(-360, 360)


@given(st.integers(1, 9), st.floats(0.5, 5), st.floats(2, 9), ANGLES, st.floats(0.25, 2), ANGLES)
def test_each_weight_of_a_gabor_kernel_is_a_wave_under_a_bell(size, sigma, length, angle, g, phase):
    found, middle = kernels.gabor(size, sigma, length, angle, g, phase), (size - 1) / 2
    turn = complex(math.cos(math.radians(angle)), -math.sin(math.radians(angle)))
    for (row, column), weight in np.ndenumerate(found):
        # Turned back by the angle, the place lies u across the stripes and v along them.
        place = complex(column - middle, row - middle) / turn
        u, v = place.real, place.imag
        bell = math.exp(-(u * u + g * g * v * v) / (2 * sigma * sigma))
        wave = math.cos(math.tau * u / length + math.radians(phase))
        assert weight == pytest.approx(bell * wave, abs=1e-9)


def test_a_gabor_kernel_is_round_and_even_where_nothing_else_is_said():
    usual = kernels.gabor(9, 2.0, 5.0, 30.0)
    np.testing.assert_array_equal(usual, kernels.gabor(9, 2.0, 5.0, 30.0, 1.0, 0))
    np.testing.assert_allclose(usual, usual[::-1, ::-1], atol=1e-12)
    assert usual[4, 4] == 1


@given(st.floats(0, 180), st.floats(-180, 180))
def test_half_a_turn_of_the_phase_changes_the_sign_and_of_the_angle_the_side(angle, phase):
    one = kernels.gabor(7, 2.0, 5.0, angle, 0.5, phase)
    np.testing.assert_allclose(kernels.gabor(7, 2.0, 5.0, angle, 0.5, phase + 180), -one, atol=1e-9)
    turned = kernels.gabor(7, 2.0, 5.0, angle + 180, 0.5, phase)
    np.testing.assert_allclose(turned, one[::-1, ::-1], atol=1e-9)


def test_the_gabor_kernel_of_the_lesson_is_odd_and_answers_diagonal_stripes_6_pixels_apart():
    weights = KERNELS["gabor"].weights
    assert weights.shape == (11, 11)
    np.testing.assert_array_equal(weights, -weights[::-1, ::-1])
    at = np.arange(11) - 5

    def answer(length, angle):
        u = at * math.cos(math.radians(angle)) - at[:, None] * math.sin(math.radians(angle))
        return (weights * np.sin(math.tau * u / length)).sum()

    assert max((answer(length, 45), length) for length in range(3, 13))[1] == 6
    assert max((answer(6, angle), angle) for angle in range(0, 180, 15))[1] == 45
    # σ and γ: the bell falls to exp(−½) at 2.5 pixels across the stripes, at 5 along them.
    np.testing.assert_allclose(weights, kernels.gabor(11, 2.5, 6, 45, 0.5, -90), atol=5e-4)


@pytest.mark.parametrize(
    ("name", "weights"),
    [
        ("identity", [[0, 0, 0], [0, 1, 0], [0, 0, 0]]),
        ("box", np.full((5, 5), 1 / 25)),
        ("scharr", [[3, 0, -3], [10, 0, -10], [3, 0, -3]]),
        ("roberts", [[1, 0], [0, -1]]),
        ("emboss", [[-2, -1, 0], [-1, 1, 1], [0, 1, 2]]),
        ("motion", np.eye(9) / 9),
        ("difference", [[-1, 1]]),
    ],
)
def test_golden_weights(name, weights):
    np.testing.assert_allclose(KERNELS[name].weights, weights, atol=1e-15)


def test_the_laplacian_of_a_gaussian_of_the_lesson_is_written_in_thousandths():
    weights = KERNELS["log"].weights
    assert weights.shape == (9, 9)
    np.testing.assert_allclose(1000 * weights, np.rint(1000 * weights), atol=1e-9)
    free = kernels.laplacian_of_gaussian(9, 1.4)
    assert np.abs(weights - free).max() < 0.02
    away = np.ones((9, 9), bool)
    away[4, 4] = False  # where the rounding of all others is made up for
    assert np.abs(weights - free)[away].max() <= 0.0005 + 1e-12


def test_weights_are_written_to_four_decimals_where_nothing_else_is_said():
    assert kernels.write([[1 / 3, -0.00001], [2, 0.5]]) == "0.3333,0;2,0.5"
    assert kernels.parse(",".join(["1"] * 15)).shape == (1, 15)
    assert kernels.LARGEST == 15


@pytest.mark.parametrize("size", [0, -1, 2.5])
def test_a_kernel_has_a_side(size):
    with pytest.raises(ValueError, match=f"size {size}: use a whole number of 1 or more"):
        kernels.gaussian(size, 1.0)
    assert kernels.gaussian(1, 1.0).tolist() == [[1]]


def test_a_kernel_of_almost_one_product_is_one_but_not_of_two():
    one = np.outer([1, 2, 1], [0.1, 0.5, 0.3])
    assert kernels.separate(one + 1e-13)
    assert kernels.separate(one + np.diag([0, 0, 1e-6])) is None
    row = kernels.separate([[2, 4, -6]])  # a single row is a product already
    np.testing.assert_array_equal(np.outer(*row), [[2, 4, -6]])
