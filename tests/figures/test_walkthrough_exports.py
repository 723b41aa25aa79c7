"""Exports of walkthroughs as SVG, PNG and GIF are decoded, and their contents checked."""

import io
import xml.etree.ElementTree as ET
from dataclasses import replace
from typing import get_args

import numpy as np
import pytest
from PIL import Image

from cnnlib.figures import raster
from cnnlib.figures.palette import THEMES, paint, ties, zero_colour
from cnnlib.figures.scene import Box, Line, Scene, Text, scene
from cnnlib.figures.svg import to_svg
from cnnlib.walkthroughs import convolution
from cnnlib.walkthroughs.examples import ONE_DIMENSION, TWO_DIMENSIONS
from cnnlib.walkthroughs.form import Method

METHODS = get_args(Method)
LINE, PICTURE = ONE_DIMENSION["lecture"], TWO_DIMENSIONS["lecture"]
EXAMPLES = [*ONE_DIMENSION.values(), *TWO_DIMENSIONS.values()]
BARS = [(0, 0.0), (1, 1e-6), (2, 4.0)]
SVG = "{http://www.w3.org/2000/svg}"


def pixels(png):
    return np.asarray(Image.open(io.BytesIO(png)).convert("RGB"))


def boxes(drawn, *, lit):
    return [s for s in drawn.shapes if isinstance(s, Box) and (s.fill is None) is lit]


@pytest.mark.parametrize("example", EXAMPLES)
@pytest.mark.parametrize("method", METHODS)
def test_every_scene_stays_on_its_page_and_keeps_its_size_from_step_to_step(example, method):
    walk = example.walk(method)
    first, last = scene(walk, 0), scene(walk, len(walk.steps) - 1)
    assert (first.width, first.height) == (last.width, last.height)
    assert first.width <= 1000
    for shape in (*first.shapes, *last.shapes):
        if isinstance(shape, Box):
            assert shape.x >= 0
            assert shape.x + shape.width <= first.width
            assert shape.y + shape.height <= first.height
        elif isinstance(shape, Text):
            assert 0 <= shape.y <= first.height


def test_a_scene_shows_what_the_step_lights_and_no_later_output():
    walk = PICTURE.walk()
    drawn = scene(walk, 5)
    lit = walk.lit(5)
    assert len(boxes(drawn, lit=True)) == sum(map(len, lit.values())) == 4 + 4 + 4 + 1
    texts = [shape.text for shape in drawn.shapes if isinstance(shape, Text)]
    assert walk.steps[5].sentence in texts
    assert "7" in texts  # output 2, already shown
    assert "6" not in texts  # output 9, not yet
    assert "6" in [s.text for s in scene(walk, 9).shapes if isinstance(s, Text)]


def test_copies_appear_one_after_the_other():
    walk = LINE.walk("translate-and-scale")
    texts = [
        [shape.text for shape in scene(walk, step).shapes if isinstance(shape, Text)]
        for step in range(3)
    ]
    assert [each.count("−2") for each in texts] == [0, 2, 1]  # the copy's, and the running sum


def test_in_one_dimension_the_flipped_kernel_slides_under_its_window():
    dilated = convolution([1, 2, 3, 4, 5, 6], [1, 2, 3], padding="valid", dilation=2)
    for walk, step in ((w, s) for w in (LINE.walk(), dilated) for s in range(len(w.steps))):
        lit = boxes(scene(walk, step), lit=True)
        window = [box.x for box in lit if box.y == lit[0].y][:3]
        flipped = [box.x for box in lit if box.y > lit[0].y]
        assert flipped == pytest.approx(window)


def test_cells_that_nothing_uses_are_crossed_out():
    crossed = [s for s in scene(TWO_DIMENSIONS["stride"].walk(), 0).shapes if isinstance(s, Line)]
    assert len(crossed) == 13


def test_steps_that_are_not_there_are_refused():
    for step in (-1, 5):
        with pytest.raises(ValueError, match="use 0 to 4"):
            scene(LINE.walk(), step)


@pytest.mark.parametrize("theme", THEMES)
def test_png_is_painted_in_the_palette(theme):
    drawn = scene(PICTURE.walk(), 0, theme)
    picture = pixels(raster.to_png(drawn))
    assert picture.shape == (round(drawn.height * 2), round(drawn.width * 2), 3)
    assert "#" + bytes(picture[0, 0]).hex() == zero_colour(theme)
    three = next(box for box in boxes(drawn, lit=False)[1:])  # A's largest value
    corner = picture[round(three.y * 2) + 8, round(three.x * 2) + 8]
    assert corner.tolist() == paint(1.0, "signed", theme).tolist()


def test_a_bar_of_no_width_leaves_no_ink():
    bars = tuple(Box(20, 10 + 20 * at, wide, 8, "#000000", "#000000", 0) for at, wide in BARS)
    picture = pixels(raster.to_png(Scene(100, 60, "#ffffff", bars, "", "")))
    inked = (picture != 255).any(-1).sum(1).reshape(3, 40).max(1).tolist()  # two pixels a unit
    assert inked == [0, 0, 8]


def test_every_text_can_be_read_on_its_cell():
    walk = convolution(np.arange(-12, 13).reshape(5, 5), [[1]])
    for theme in THEMES:
        drawn = scene(walk, 0, theme)
        fills = {(b.x + b.width / 2, b.y + b.height / 2): b.fill for b in boxes(drawn, lit=False)}
        seen = 0
        for text in (shape for shape in drawn.shapes if isinstance(shape, Text)):
            if (text.x, text.y) in fills:
                seen += 1
                assert contrast(text.fill, fills[text.x, text.y]) > 4.5
        assert seen == 25 + 1 + 1 + 1  # input, kernel, flipped kernel, first output


def contrast(one, other):
    def luminance(colour):
        channels = np.frombuffer(bytes.fromhex(colour[1:]), np.uint8) / 255
        linear = np.where(
            channels <= 0.04045, channels / 12.92, ((channels + 0.055) / 1.055) ** 2.4
        )
        return linear @ [0.2126, 0.7152, 0.0722]

    dark, light = sorted([luminance(one), luminance(other)])
    return (light + 0.05) / (dark + 0.05)


@pytest.mark.parametrize("method", METHODS)
def test_gif_of_the_golden_example_has_a_frame_for_each_step_and_is_small(method):
    walk = PICTURE.walk(method)
    data = raster.animate(raster.film(walk))
    assert len(data) < 500_000
    with Image.open(io.BytesIO(data)) as gif:
        assert gif.format == "GIF"
        assert gif.n_frames == len(walk.steps)
        assert gif.info["loop"] == 0
        frames = []
        for number in range(gif.n_frames):
            gif.seek(number)
            frames.append(np.asarray(gif.convert("RGB")).astype(int))
            assert gif.info["duration"] == (2500 if number == gif.n_frames - 1 else 900)
    for step in (0, len(frames) // 2, len(frames) - 1):
        frame = frames[step]
        png = Image.open(io.BytesIO(raster.to_png(scene(walk, step))))
        difference = np.abs(np.asarray(png.reduce(2)).astype(int) - frame).max(-1)
        assert np.median(difference) == 0  # the background's own colour
        assert np.mean(difference > 16) < 0.01  # a few blends along edges


def test_a_gif_of_many_steps_spreads_its_frames():
    walk = convolution(np.arange(64) % 5, [1], padding="valid")
    assert len(walk.steps) > raster.MOST_FRAMES
    with Image.open(io.BytesIO(raster.animate(raster.film(walk)))) as gif:
        assert gif.n_frames == raster.MOST_FRAMES


def one_text(text):
    empty = scene(LINE.walk(), 0)
    shapes = (Text(100, 50, text, 20, "#000000"),)
    return type(empty)(200, 100, "#ffffff", shapes, "", "")


@pytest.mark.parametrize("theme", THEMES)
@pytest.mark.parametrize("method", METHODS)
def test_svg_is_well_formed_and_tells_what_it_shows(method, theme):
    walk = PICTURE.walk(method)
    drawn = scene(walk, 2, theme)
    root = ET.fromstring(to_svg(drawn))  # noqa: S314 - our own text
    assert root.get("role") == "img"
    assert root.find(f"{SVG}title").text == f"Convolution, {method}: step 3 of {len(walk.steps)}"
    assert root.find(f"{SVG}desc").text == walk.steps[2].sentence
    texts = [element.text for element in root.iter(f"{SVG}text")]
    assert texts == [(s.text or None) for s in drawn.shapes if isinstance(s, Text)]
    counts = [len(list(root.iter(f"{SVG}{kind}"))) for kind in ("rect", "line")]
    shapes = [sum(isinstance(s, kind) for s in drawn.shapes) for kind in (Box, Line)]
    assert counts == [shapes[0] + 1, shapes[1]]


def test_svg_escapes_what_it_is_given():
    hostile = one_text('<script>"&')
    assert [element.text for element in ET.fromstring(to_svg(hostile)).iter(f"{SVG}text")] == [  # noqa: S314
        '<script>"&'
    ]


@pytest.mark.parametrize("theme", THEMES)
def test_tied_entries_have_one_mark_and_weights_of_one_value_have_two(theme):
    walk = LINE.walk("matrix form")  # its kernel is 1, 1, 2
    drawn = scene(walk, 0, theme)
    marks, places = [mark for mark, _ in ties(3, theme)], {}
    cells = [box for box in boxes(drawn, lit=False) if box.fill not in marks]
    for mark in (box for box in boxes(drawn, lit=False) if box.fill in marks):
        (cell,) = [c for c in cells if c.x <= mark.x < c.x + c.width and c.y <= mark.y < c.y + 44]
        inside = round(mark.x - cell.x, 3), cell.fill
        places.setdefault(mark.fill, []).append(inside)
    assert [len(places[mark]) for mark in marks] == [4, 4, 4]  # 3 on a diagonal, 1 in the kernel
    assert all(len(set(inside)) == 1 for inside in places.values())
    first, second, third = (places[mark][0] for mark in marks)
    assert first[1] == second[1] != third[1]  # one value, one colour
    assert first[0] < second[0] < third[0]  # but each weight has its place


def test_letters_are_painted_by_their_weight():
    walk = TWO_DIMENSIONS["letters"].walk("matrix form")
    fills = [box.fill for box in boxes(scene(walk, 0), lit=False)]
    assert [fills.count(tint) for _, tint in ties(4, "light")] == [7, 7, 7, 7]


def test_of_scenes_with_very_many_shapes_fewer_are_animated_and_each_is_drawn_when_it_is_needed():
    box = Box(0, 0, 4, 4, "#000000", "#ffffff")
    drawn = []

    def draw(at):
        drawn.append(at)
        cell = replace(box, width=at % 8 + 1)  # equal frames would become one
        return Scene(8, 8, "#ffffff", (box,) * 10_000 + (cell,), "", "")

    film = raster.Film(range(40), draw)
    with Image.open(io.BytesIO(raster.animate(film))) as gif:
        assert gif.n_frames == 14
    assert drawn == [39, *raster.spread(40, 14)]
