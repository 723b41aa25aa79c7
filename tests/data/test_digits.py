import numpy as np
import pytest

from cnnlib.data import digits
from cnnlib.data.digits import built_in, sample_strokes
from cnnlib.drawings import images
from cnnlib.drawings.drawing import Drawing, rasterize


@pytest.fixture(scope="module")
def wild():
    return built_in(3_000, seed=1, variety=1)


@pytest.fixture(scope="module")
def means():
    """Return the mean image of each digit, of 2,000 digits; they are the smallest reader."""
    learned = built_in(2_000, seed=5, variety=0.5)
    return np.stack([learned.images[learned.labels == k].mean(axis=0) for k in range(10)])


def read(means, drawn):
    gaps = drawn[:, None].astype(float) - means
    return (gaps**2).sum(axis=(2, 3)).argmin(axis=1)


def test_same_arguments_same_bytes():
    first, again = built_in(300, seed=4, variety=0.7), built_in(300, seed=4, variety=0.7)
    assert first.images.tobytes() == again.images.tobytes()
    assert first.labels.tobytes() == again.labels.tobytes()
    other = built_in(300, seed=5, variety=0.7)
    assert (first.labels != other.labels).any()
    assert len(np.unique(np.concatenate([first.images, other.images]), axis=0)) == 600


@pytest.mark.parametrize("chunk", [1, 7, 1000])
def test_bytes_do_not_depend_on_how_many_are_drawn_at_once(monkeypatch, chunk):
    expected = built_in(150, seed=9, variety=1)
    monkeypatch.setattr(digits, "CHUNK", chunk)
    assert built_in(150, seed=9, variety=1).images.tobytes() == expected.images.tobytes()


def test_labels_are_balanced_and_shuffled():
    labels = built_in(1_003, seed=2).labels
    counts = np.bincount(labels, minlength=10)
    assert counts.min() == 100
    assert counts.max() == 101
    # Neighbours are equal as often as by chance: a tenth of the time.
    assert 0.05 < (labels[1:] == labels[:-1]).mean() < 0.15


@pytest.mark.parametrize("variety", [0, 1])
def test_ink_fits_the_box_and_its_mass_lies_at_the_centre(variety):
    drawn = built_in(2_000, seed=3, variety=variety).images
    assert drawn.dtype == np.uint8
    assert drawn.shape == (2_000, 28, 28)
    rows, columns = drawn.any(axis=2), drawn.any(axis=1)
    sides = np.stack([_extent(rows), _extent(columns)])
    assert sides.max() <= images.BOX
    assert (sides.max(axis=0) >= images.BOX - 2).all()
    mass = drawn.sum(axis=(1, 2))
    for axis in (1, 2):
        off = np.abs(drawn.sum(axis=axis) @ np.arange(28) / mass - images.CENTRE)
        # A box that would leave the image stops at its edge, which is rare.
        assert (off > 0.5).mean() < 0.005
        assert off.max() < 2


def _extent(occupied):
    first, last = occupied.argmax(axis=1), 27 - occupied[:, ::-1].argmax(axis=1)
    return last - first + 1


def test_the_pens_width_does_not_tell_the_digit(monkeypatch):
    pens = []
    honest = digits.ink

    def watched(points, pen, *args, **options):
        pens.append(pen.mean(axis=1))
        return honest(points, pen, *args, **options)

    monkeypatch.setattr(digits, "ink", watched)
    labels = built_in(5_000, seed=6, variety=1).labels
    widths = np.concatenate(pens)
    by_digit = np.array([widths[labels == k].mean() for k in range(10)])
    error = widths.std() / np.sqrt(500)
    assert np.abs(by_digit - widths.mean()).max() < 4 * error


def test_more_variety_is_more_spread():
    spread = []
    for variety in (0, 0.5, 1):
        drawn = built_in(1_000, seed=8, variety=variety)
        within = [drawn.images[drawn.labels == k].std(axis=0).mean() for k in range(10)]
        spread.append(np.mean(within))
    assert spread[0] * 1.1 < spread[1] < spread[2] / 1.1


def test_a_reader_this_small_learns_neat_digits_well_and_wild_ones_a_little(means, wild):
    neat = built_in(1_000, seed=6)
    assert (read(means, neat.images) == neat.labels).mean() > 0.9
    assert 0.4 < (read(means, wild.images) == wild.labels).mean() < 0.8
    scrambled = np.random.default_rng(0).permutation(neat.labels)
    assert (read(means, neat.images) == scrambled).mean() < 0.2


def test_samples_on_the_pad_are_read_as_what_they_are(means):
    labels = np.repeat(np.arange(10), 10)
    framed = []
    for seed, label in enumerate(labels):
        strokes = sample_strokes(int(label), seed=seed)
        drawing = Drawing.parse([{"points": [v for p in s for v in p]} for s in strokes])
        framed.append(images.frame(rasterize(drawing)).pixels)
    assert (read(means, np.stack(framed)) == labels).mean() > 0.9


@pytest.mark.parametrize("label", range(10))
@pytest.mark.parametrize("variety", [0.0, 1.0])
def test_samples_lie_in_the_middle_of_the_pad(label, variety):
    for seed in range(5):
        strokes = sample_strokes(label, seed=seed, variety=variety)
        assert 1 <= len(strokes) <= 3
        points = np.array([point for stroke in strokes for point in stroke])
        assert points.dtype.kind == "i"
        low = points[:, :2].min(axis=0)
        high = points[:, :2].max(axis=0)
        np.testing.assert_allclose((low + high) / 2, 512, atol=1)
        ink_side = (high - low).max() + points[:, 2].max()
        assert ink_side == pytest.approx(digits.ON_PAD, abs=3)
        for stroke in strokes:
            moves = np.abs(np.diff(np.array(stroke)[:, :2], axis=0))
            assert moves.any(axis=1).all()
            assert moves.max() < 80


def test_neat_samples_have_a_pen_of_usual_width_and_change_with_the_seed():
    widths = [w for seed in range(40) for s in sample_strokes(8, seed) for *_, w in s]
    assert min(widths) > 50
    assert max(widths) < 125
    assert np.median(widths) == pytest.approx(82, abs=8)
    assert sample_strokes(8, 1) == sample_strokes(8, 1)
    assert sample_strokes(8, 1) != sample_strokes(8, 2)


def test_a_bar_across_a_seven_is_a_stroke_of_its_own():
    counts = {len(sample_strokes(7, seed)) for seed in range(30)}
    assert counts == {1, 2}


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"n": 0}, "0 digits can't be drawn: ask for at least 1"),
        ({"n": -5}, "-5 digits can't be drawn"),
        ({"n": 10, "seed": -1}, "seed -1 is negative"),
        ({"n": 10, "variety": 1.5}, "variety 1.5 is outside"),
        ({"n": 10, "variety": -0.1}, "variety -0.1 is outside"),
    ],
)
def test_what_cannot_be_drawn_is_refused(arguments, message):
    with pytest.raises(ValueError, match=message):
        built_in(**arguments)


@pytest.mark.parametrize("label", [-1, 10, 3.5])
def test_what_is_no_digit_has_no_sample(label):
    with pytest.raises(ValueError, match=f"label {label} is not a digit"):
        sample_strokes(label)
