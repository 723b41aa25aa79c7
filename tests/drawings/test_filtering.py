import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import ndimage, signal

from cnnlib.conv import correlate2d
from cnnlib.drawings.filtering import apply, pad, showing

SOBEL = np.array([[1, 0, -1], [2, 0, -2], [1, 0, -1]])


def picture(seed=0, shape=(9, 8, 3)):
    return np.random.default_rng(seed).integers(0, 256, shape, np.uint8)


@given(st.integers(1, 5), st.integers(1, 5), st.integers(0, 10**6))
def test_each_channel_is_filtered_as_scipy_does(kh, kw, seed):
    x, w = picture(seed), np.random.default_rng(seed).normal(size=(kh, kw))
    expected = [signal.correlate2d(x[..., c].astype(float), w, "valid") for c in range(3)]
    np.testing.assert_allclose(apply(pad(x, w.shape, "none"), w), np.stack(expected, -1), atol=1e-9)


@pytest.mark.parametrize(("borders", "theirs"), [("zero", "constant"), ("edge", "nearest")])
@pytest.mark.parametrize("shape", [(3, 3), (1, 5), (5, 1), (11, 11)])
def test_borders_are_those_of_scipy(borders, theirs, shape):
    x, w = picture(), np.random.default_rng(1).normal(size=shape)
    expected = ndimage.correlate(x[..., 0].astype(float), w, mode=theirs)
    out = apply(pad(x, shape, borders), w)
    assert out.shape == x.shape
    np.testing.assert_allclose(out[..., 0], expected, atol=1e-9)


def test_an_even_kernel_lies_where_the_same_outputs_of_a_cross_correlation_have_it():
    x, w = picture(shape=(6, 7, 1)), np.random.default_rng(1).normal(size=(2, 4))
    out = apply(pad(x, w.shape, "zero"), w)
    np.testing.assert_allclose(out[..., 0], correlate2d(x[..., 0], w, "same"), atol=1e-9)


def test_one_pixel_can_be_filtered_where_borders_are_added():
    one = np.full((1, 1, 1), 7, np.uint8)
    assert apply(pad(one, (3, 3), "edge"), np.ones((3, 3))).item() == 63
    assert apply(pad(one, (3, 3), "zero"), np.ones((3, 3))).item() == 7
    with pytest.raises(ValueError, match="kernel 3 does not fit input 1"):
        pad(one, (3, 3), "none")


def test_whole_weights_give_whole_results():
    out = apply(picture(shape=(40, 40, 1)), 1000 * SOBEL)
    assert (out == np.rint(out)).all()


@pytest.mark.parametrize(
    ("how", "levels", "sentence"),
    [
        ("signed", [0, 0.5, 1], "the scale runs from −510 to 510"),
        ("clip", [0, 0, 1], "33.3% below 0 are black, 33.3% above 255 white"),
        ("absolute", [1, 0, 1], "signs are dropped, 66.7% above 255 are white"),
        ("rescale", [0, 0.5, 1], "from −510 to 510: black to white"),
    ],
)
def test_what_is_done_to_show_a_result_is_said(how, levels, sentence):
    result = np.array([-510.0, 0, 510])
    shown = showing(result, how)
    np.testing.assert_allclose(shown.levels(result), levels)
    assert sentence in shown.sentence


def test_shades_are_whole_levels_and_zero_lies_in_the_middle_of_a_signed_scale():
    result = np.array([-510.0, -1, 0, 128, 510])
    assert showing(result, "signed").shades(result).tolist() == [0, 127, 127, 159, 254]
    assert showing(result, "clip").shades(result).tolist() == [0, 0, 0, 128, 255]
    pixels = np.arange(256)
    np.testing.assert_array_equal(showing(pixels, "clip").shades(pixels), pixels)


@pytest.mark.parametrize("how", ["signed", "clip", "absolute", "rescale"])
def test_a_result_without_differences_can_be_shown(how):
    assert np.isfinite(showing(np.zeros(3), how).levels(np.zeros(3))).all()


def test_an_unknown_wish_is_refused():
    with pytest.raises(ValueError, match="use one of signed, clip, absolute, rescale"):
        showing(np.zeros(1), "loud")
    with pytest.raises(ValueError, match="use one of none, zero, edge"):
        pad(picture(), (1, 1), "torn")


def test_only_what_is_beyond_white_is_counted_as_cut_off():
    edges = np.array([[255.0, 255.5], [-0.5, 0.0]])
    assert showing(edges, "clip").sentence.endswith(
        "25.0% below 0 are black, 25.0% above 255 white."
    )
    assert "25.0% above 255 are white" in showing(edges, "absolute").sentence
