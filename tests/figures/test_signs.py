"""Pictures write every sign: no sign of a lesson's texts becomes an empty box."""

import ast
import hashlib
import io
import itertools
import re
import unicodedata
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import get_args

import numpy as np
import pytest
from PIL import Image, ImageFont

from cnnlib.figures import raster
from cnnlib.figures.scene import Box, Scene, Text, scene
from cnnlib.handouts.notes import figure
from cnnlib.lessons.lesson import LEVELS
from cnnlib.lessons.listing import LESSONS, find
from cnnlib.lessons.pooling import State as PooledState
from cnnlib.ui.talks.shelf import shipped
from cnnlib.walkthroughs import pooling, transposed
from cnnlib.walkthroughs.examples import ONE_DIMENSION, TRANSPOSED, TWO_DIMENSIONS
from cnnlib.walkthroughs.form import Method, Pooling, TransposedMethod
from cnnlib.walkthroughs.puzzles import PUZZLES
from tests.lessons.given import GIVEN

ROOT = Path(__file__).parents[2]
FONTS = ROOT / "assets" / "fonts"
NO_SIGN = "\uffff"  # a code point that never gets a sign
LOST_BEFORE = set("→√²∞")  # which Pillow's own font lacks


@cache
def walks():
    """Tell every example, by every method that can tell it."""
    found = []
    for example in [*ONE_DIMENSION.values(), *TWO_DIMENSIONS.values()]:
        found += told(example.walk, Method)
    for puzzle in PUZZLES.values():
        found += told(puzzle.start.walk, Method)
    for example in TRANSPOSED.values():
        found += told(lambda m, e=example: transposed(e.a, e.b, m, **e.options), TransposedMethod)
    maps = [PooledState.example(name).numbers for name in PooledState.examples]
    for a, padding in itertools.product(maps, (0, 1)):
        found += told(lambda kind, a=a, p=padding: pooling(a, kind, padding=p), Pooling)
    return found


def told(tell, ways):
    found = []
    for way in get_args(ways):
        try:
            found.append(tell(way))
        except ValueError:  # more copies, or a larger matrix, than can be shown
            continue
    assert found
    return found


def texts_of(value):
    """Return every text in a value of JSON, also those that name something."""
    if isinstance(value, dict):
        return [text for item in value.items() for each in item for text in texts_of(each)]
    if isinstance(value, list | tuple):
        return [text for each in value for text in texts_of(each)]
    return [value] if isinstance(value, str) else []


def in_walkthroughs():
    return [text for walk in walks() for text in texts_of(walk.to_dict())]


def in_beats():
    """Return what both talks show, and what is said beside it."""
    texts = []
    for beat in (beat for talk in shipped().values() for beat in talk.beats):
        shown = figure(beat)
        texts += [beat.line, beat.notes, shown.told]
        if shown.svg:
            drawn = ET.fromstring(shown.svg).itertext()  # noqa: S314 - our own text
            texts += list(drawn)
    return texts


@cache
def states():
    """Return every lesson as it opens, each of its examples, and an exercise of each level."""
    found = []
    for lesson in filter(None, (find(listed.stem) for listed in LESSONS)):
        found += [lesson(), *map(lesson.example, lesson.examples)]
        found += [lesson.exercise(np.random.default_rng(3), level).state for level in LEVELS]
    return found


def in_lessons():
    """Return what lessons draw, say and ask in all these states."""
    texts = []
    for state in states():
        asked = [question.text for question in state.questions(GIVEN)]
        scene = state.scene(GIVEN)
        shapes = [shape.text for shape in scene.shapes if isinstance(shape, Text)]
        texts += [scene.title, scene.description, state.told(GIVEN), *asked, *shapes]
    return texts


def in_modules():
    """Return every text that stands in the code, save its docstrings."""
    texts = []
    for path in [*(ROOT / "cnnlib").rglob("*.py"), *(ROOT / "pages").glob("*.py")]:
        tree = ast.parse(path.read_text(encoding="utf-8"))
        alone = {id(n.value) for n in ast.walk(tree) if isinstance(n, ast.Expr)}
        texts += [
            node.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Constant)
            and isinstance(node.value, str)
            and id(node) not in alone
        ]
    return texts


def signs_of(texts):
    """Return the signs that leave ink: no spaces, and no marks of a text's order or encoding."""
    return {s for text in texts for s in text if unicodedata.category(s)[0] not in "CZ"}


def drawn(text):
    shapes = (Text(4, 20, text, 20, "#000000", "start"),)
    return raster.to_png(Scene(60, 40, "#ffffff", shapes, "", ""))


def boxes(signs):
    """Return the signs that are drawn as a code point without a sign is, or not at all."""
    nothing = {drawn(NO_SIGN), drawn(" ")}
    return {sign for sign in signs if drawn(sign) in nothing}


@pytest.mark.parametrize("texts", [in_walkthroughs, in_lessons, in_beats, in_modules])
def test_every_sign_of_every_text_is_drawn(texts):
    signs = signs_of(texts())
    assert len(signs) > 50
    assert boxes(signs) == set()


def test_the_walkthroughs_write_signs_that_pillows_own_font_lacks(monkeypatch):
    monkeypatch.setattr(raster, "_font", ImageFont.load_default)
    assert boxes(signs_of(in_walkthroughs())) >= LOST_BEFORE


def test_a_sign_that_no_font_has_is_found():
    assert boxes({"a", NO_SIGN, "\u2fff"}) == {NO_SIGN, "\u2fff"}


def test_signs_that_look_alike_are_drawn_apart():
    alike = "∗*⊗×·.−-–→←²₂∘"
    assert len({drawn(sign) for sign in alike}) == len(alike)


def test_texts_stay_on_their_page_and_in_their_cells():
    """Scenes are laid out by a mean width of letters: the font must not be wider than that."""
    steps = (scene(walk, len(walk.steps) - 1) for walk in walks())
    for shown in (*steps, *(state.scene(GIVEN) for state in states())):
        cells = {
            (round(box.x + box.width / 2, 2), round(box.y + box.height / 2, 2)): box.width
            for box in shown.shapes
            if isinstance(box, Box)
        }
        for text in (shape for shape in shown.shapes if isinstance(shape, Text)):
            wide = ImageFont.truetype(raster.FONT, text.size).getlength(text.text)
            left = text.x - wide * {"start": 0.0, "middle": 0.5, "end": 1.0}[text.anchor]
            assert left >= 0, text
            assert left + wide <= shown.width, text
            assert wide <= cells.get((round(text.x, 2), round(text.y, 2)), wide), text


def test_a_picture_has_the_text_at_its_anchor():
    def ink(anchor):
        shapes = (Text(150, 40, "√(3² + 4²)", 20, "#000000", anchor),)
        png = raster.to_png(Scene(300, 80, "#ffffff", shapes, "", ""))
        pixels = np.asarray(Image.open(io.BytesIO(png)).convert("L"))
        rows, columns = np.nonzero(pixels < 128)
        assert abs((rows.min() + rows.max()) / 2 - 80) < 8
        return columns.min(), columns.max()

    assert 300 <= ink("start")[0] < 310
    assert 290 < ink("end")[1] <= 300
    assert sum(ink("middle")) == pytest.approx(600, abs=8)


def test_every_font_stands_in_the_sources_with_its_sum():
    sources = (FONTS / "SOURCES.md").read_text(encoding="utf-8")
    rows = dict(re.findall(r"^\| `(.+?)` \|.*\| ([0-9a-f]{64}) \|$", sources, re.M))
    files = {path.name: path for path in FONTS.iterdir() if path.name != "SOURCES.md"}
    assert rows == {n: hashlib.sha256(p.read_bytes()).hexdigest() for n, p in files.items()}
    assert raster.FONT in files.values()
    assert Path(raster.FONT).stat().st_size < 800_000
