"""A figure shows the numbers that the library computes for its state."""

import io
import re
from base64 import b64decode

import numpy as np
import pytest
from PIL import Image

from cnnlib.data.digits import sample_strokes
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.filtering import apply, pad
from cnnlib.drawings.reading import read
from cnnlib.drawings.shift import change, shifted
from cnnlib.figures.palette import paint
from cnnlib.figures.reading import percent
from cnnlib.handouts import notes
from cnnlib.lessons import reader
from cnnlib.lessons.listing import LESSONS
from cnnlib.lessons.pictures import sample_picture
from cnnlib.lessons.wires import FIGURES, Wires
from cnnlib.models.architecture import Architecture
from cnnlib.models.unit import explain
from cnnlib.runs import recordings
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Report
from cnnlib.talks.talk import Beat
from cnnlib.ui.talks.shelf import shipped
from tests.pages.told import tell


def figure(lesson, **state):
    return notes.figure(Beat(lesson, state))


def texts(drawn):
    return re.findall(r">([^<>]+)</text>", drawn.svg)


def words(drawn):
    return " ".join([*texts(drawn), drawn.told])


def pictures(drawn):
    found = re.findall(r"base64,([^\"]+)\"", drawn.svg)
    return [np.asarray(Image.open(io.BytesIO(b64decode(one))).convert("RGB")) for one in found]


def number(text):
    return float(text.replace("−", "-").replace(",", "").rstrip(" %"))


@pytest.fixture
def seven():
    strokes = sample_strokes(7, seed=1, variety=0.0)
    return Drawing.parse([{"points": [v for p in s for v in p]} for s in strokes])


@pytest.mark.parametrize("talk", shipped())
def test_every_beat_of_a_shipped_talk_has_its_figure_with_its_number(talk):
    for at, beat in enumerate(shipped()[talk].beats, 1):
        drawn = notes.figure(beat)
        assert drawn.svg, f"beat {at}: {drawn.told}"
        # A step says “Output 2: …” where its page writes an equation.
        told, golden = (
            " ".join(re.sub("[:=]", " ", text).split()) for text in (words(drawn), beat.shows)
        )
        assert golden in told, f"beat {at}"


def test_every_lesson_as_it_opens_has_a_figure():
    for lesson in LESSONS:
        drawn = figure(lesson.stem)
        assert bool(drawn.svg) != (lesson.stem == "talks")
        assert drawn.svg or drawn.told


def test_a_drawing_shows_the_ten_probabilities_and_the_framed_picture(seven):
    drawn = figure("draw", drawing=seven.encode())
    seen = read(reader.shipped_network(), seven)
    shown = [text for text in texts(drawn) if text.endswith(" %")]
    assert shown == [percent(share) for share in seen.probabilities.tolist()]
    pixels = pictures(drawn)[2]
    step = len(pixels) // 28
    np.testing.assert_array_equal(
        pixels[::step, ::step], paint(seen.framed.pixels / 255, "unsigned", "light")
    )
    # Three steps of framing, then a picture for each layer that has maps.
    assert len(pictures(drawn)) == 3 + len(reader.shipped().scales) - 1


def test_the_first_map_of_a_drawing_has_the_values_of_the_network(seven):
    drawn = figure("draw", drawing=seven.encode())
    seen = read(reader.shipped_network(), seven)
    scale = reader.shipped().scales[1]
    values = seen.activations[scale.activation][0, 0]
    painted = pictures(drawn)[3][2 : 2 + 28 * 4 : 4, 2 : 2 + 28 * 4 : 4].astype(int)
    wanted = paint(values / scale.limit, "signed", "light").astype(int)
    assert abs(painted - wanted).max() <= 3  # shades of 256 colours


@pytest.mark.parametrize(
    ("text", "layer", "index"),
    [("conv3.5.6.6", 5, (5, 6, 6)), ("pool1.2.3.4", 4, (2, 3, 4)), ("logits.7", 11, (7,))],
)
def test_a_chosen_unit_is_written_out(seven, text, layer, index):
    network = reader.shipped_network()
    unit = explain(network, read(network, seven).activations, layer, index)
    drawn = figure("draw", drawing=seven.encode(), unit=text)
    assert unit.sentence in texts(drawn)
    if unit.products is not None:
        (line,) = [one for one in texts(drawn) if one.startswith("Σ of ")]
        assert line.startswith(f"Σ of {unit.products.size} products")
        assert number(line.split()[-1]) == pytest.approx(unit.products.sum(), rel=1e-3)
    assert drawn.svg.count("<rect") > figure("draw", drawing=seven.encode()).svg.count("<rect")


@pytest.mark.parametrize("text", ["", "conv9.1.1.1", "conv1.99.1.1", "conv1.1", "1.2", "." * 50])
def test_a_unit_that_does_not_exist_is_left_out(seven, text):
    without = figure("draw", drawing=seven.encode())
    assert figure("draw", drawing=seven.encode(), unit=text) == without


def test_a_kernel_is_shown_with_its_window_and_its_sum():
    drawn = figure("kernels", kernel="0,-1,0;-1,4,-1;0,-1,0", at="30.40", borders="zeros")
    weights = np.array([[0, -1, 0], [-1, 4, -1], [0, -1, 0]])
    padded = pad(sample_picture("scene").grey[..., None], (3, 3), "zero")
    window = padded[30:33, 40:43, 0]
    value = apply(padded, weights)[30, 40, 0]
    shown = texts(drawn)
    at = shown.index("Window")
    assert shown[at + 1 : at + 10] == [str(pixel) for pixel in window.ravel()]
    assert shown[at + 11 : at + 20] == [str(w).replace("-", "−") for w in weights.ravel()]
    (told,) = [text for text in shown if "Σ of 9 products" in text]
    assert number(told.split(" = ")[1]) == value
    result = pictures(drawn)[1]
    assert result.shape == (280, 320, 3)
    limit = abs(apply(padded, weights)).max()
    wanted = paint(apply(padded, weights)[..., 0] / limit, "signed", "light").astype(int)
    assert abs(result - wanted).max() <= 3  # shades of 256 colours


def test_a_pair_of_kernels_is_shown_as_one():
    drawn = figure("kernels", kernel="1,-1", two="true", second="1,1")
    assert {"1", "0", "−1"} <= set(texts(drawn))
    assert "Two kernels in a row" in drawn.told


def test_a_recorded_run_shows_its_last_measurement():
    drawn = figure("train", recorded="first_steps")
    last = [e for e in recordings.load("first_steps").events if isinstance(e, Report)][-1]
    assert f"accuracy {100 * last.validation_accuracy:.2f} %" in words(drawn)
    counts = [str(n) for n in last.confusion.ravel().tolist() if n]
    shown = texts(drawn)
    after = shown[shown.index("Confusion: rows true, columns read") + 21 :]
    assert after[: len(counts)] == counts
    assert drawn.svg.count("<polyline") == 4  # loss and accuracy, trained and measured
    assert len(pictures(drawn)) == 1


def test_runs_are_shown_by_their_links_whoever_owns_them(runs):
    names = [runs.start("somebody", title, TrainConfig()) for title in ("One <b>", "Two")]
    first, second = (tell(runs, name, seed=at) for at, name in enumerate(names))
    drawn = figure("train", run=names[0])
    assert f"{100 * first.reports[-1].validation_accuracy:.2f} %" in words(drawn)
    assert "<b>" not in drawn.svg
    both = figure("train", run=",".join(names))
    for told in (first, second):
        assert f"{100 * told.reports[-1].validation_accuracy:.2f} %" in words(both)
    assert both.svg.count("<polyline") == 8
    assert "somebody" not in both.svg + both.told


def test_a_run_that_is_gone_or_has_not_measured_says_so(runs, seven):
    drawn = figure("train", run="gone")
    assert not drawn.svg
    assert "There is no such run" in drawn.told
    name = runs.start("me", "New", TrainConfig())
    assert "not measured yet" in words(figure("train", run=name))
    drawn = figure("draw", run=name, drawing=seven.encode())
    assert drawn.svg
    assert "The shipped network reads instead" in drawn.told


def test_settings_without_a_run_show_the_layers():
    text = "2conv3x12-max_2conv3x24-max_out10"
    drawn = figure("train", net=text, rate="0.5", opt="sgd", bn="true")
    rows = Architecture.from_text(text).rows()
    shown = texts(drawn)
    for row in rows:
        at = shown.index(row.name)
        cells = shown[at + 1 : at + 4]
        assert cells[0] == "×".join(map(str, row.shape))
        assert f"{row.receptive_field}×{row.receptive_field}" in cells
    assert "21,022 parameters" in words(drawn)
    assert "optimizer sgd, learning rate 0.5" in drawn.told
    assert "batch norm on" in drawn.told


@pytest.mark.parametrize("name", FIGURES)
def test_connections_stand_side_by_side(name):
    drawn = figure("receptive_fields", fields_view="connections", wires=name, wire_k="5")
    wires = Wires(name, kernel=5)
    lines = sum(
        len(row) for layer in (1, 2)[: len(wires.stack.stages)] for row in wires.stack.reads(layer)
    )
    dense = sum(n * m for n, m in zip(wires.stack.sizes, wires.stack.sizes[1:], strict=False))
    assert drawn.svg.count("<line") == lines + dense
    assert f"Connections: {lines} instead of {dense}" in drawn.told


def test_a_shift_shows_what_it_changes(seven):
    drawn = figure("pooling", pool_view="drawing", right="3", drawing=seven.encode())
    pixels = read(reader.shipped_network(), seven).framed.pixels
    part = change(pixels / 255, shifted(pixels, 0, 3) / 255)
    assert f"drawing {100 * part:.0f} %" in words(drawn)
    assert len(pictures(drawn)) == 6


def test_a_transposed_convolution_shows_its_step():
    drawn = figure(
        "conv_layer", layer_view="transposed", t_A="1,2;3,4", t_B="1,1;1,1", t_stride="2"
    )
    assert (
        "step 4 of 4"
        in figure("conv_layer", layer_view="transposed", t_A="1,2;3,4", t_B="1,1;1,1", step="3").svg
    )
    assert "Input 2×2 → output 4×4" in drawn.told
    assert texts(drawn).count("4") >= 1


@pytest.mark.parametrize(
    ("lesson", "state", "told"),
    [
        ("convolution_1d", {"a": "x"}, "is not a number"),
        ("conv_layer", {"v_width": "-1"}, "can't be shown"),
        ("receptive_fields", {"layers": "no"}, "can't be shown"),
        ("train", {"net": "no"}, "can't be shown"),
        ("train", {"recorded": "no"}, "There is no recorded run"),
        ("draw", {"drawing": "no"}, "can't be shown"),
        ("kernels", {"kernel": "1,2;3"}, "can't be shown"),
        ("gone", {}, "There is no lesson “gone”"),
        ("talks", {}, "Talks"),
    ],
)
def test_what_cannot_be_shown_is_said(lesson, state, told):
    drawn = figure(lesson, **state)
    assert not drawn.svg
    assert told in drawn.told


def test_nonsense_in_a_number_or_a_choice_opens_what_the_page_would_open():
    drawn, opening = figure("convolution_2d", S="much", outputs="none"), figure("convolution_2d")
    assert drawn.svg == opening.svg
    assert drawn.told.removesuffix(opening.told) == (
        "Outputs “none” is no choice here: it is “full”. "
        "Stride S “much” is no whole number: it is 1 here. "
    )
    assert figure("convolution_1d", step="-5").svg == figure("convolution_1d", step="0").svg


def test_a_number_beyond_its_range_is_taken_as_the_nearest_and_said():
    drawn = figure("pooling", pool_view="drawing", right="99")
    nearest = figure("pooling", pool_view="drawing", right="4")
    assert drawn.svg == nearest.svg
    assert drawn.told == "Shift right, in pixels 99 lies outside −4 to 4: it is 4 here."


def test_a_figure_shows_the_states_own_step():
    first, last = (figure("convolution_1d", step=at) for at in ("0", "4"))
    assert first != last
    assert "cross-correlation" in figure("convolution_1d", op="cross-correlation").svg.lower()
