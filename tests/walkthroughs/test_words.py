"""How a walkthrough is drawn and told: all that a player needs stands in its JSON form."""

import itertools
from typing import get_args

import pytest

from cnnlib.walkthroughs import convolution, pooling, transposed
from cnnlib.walkthroughs.examples import ONE_DIMENSION, TRANSPOSED, TWO_DIMENSIONS
from cnnlib.walkthroughs.form import Method, Pooling, TransposedMethod

MAP = [[1, 1, 2], [1, 0, 4], [5, 2, 0]]
LINE, PICTURE = ONE_DIMENSION["lecture"], TWO_DIMENSIONS["lecture"]
WALKS = [
    *(e.walk(m) for e in (LINE, PICTURE, TWO_DIMENSIONS["letters"]) for m in get_args(Method)),
    *(pooling(MAP, kind) for kind in get_args(Pooling)),
    *(
        transposed(e.a, e.b, m, **e.options)
        for e, m in itertools.product(TRANSPOSED.values(), get_args(TransposedMethod))
    ),
]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: f"{walk.operation}, {walk.method}")
def test_a_panel_draws_grids_that_are_there_each_in_one_place(walk):
    told = walk.to_dict()
    grids = {grid.id: grid for grid in walk.grids}
    for lines in filter(None, (told["panel"]["lines"], told["panel"]["alone"])):
        drawn = [item for line in lines for item in line if item in grids]
        assert drawn
        assert len(set(drawn)) == len(drawn)
        assert all(len(item) <= 2 for line in lines for item in line if item not in grids)
        if walk.panel.drawn != "lines":
            assert all(line[-1] in grids and grids[line[-1]].shape[0] == 1 for line in lines)
    if walk.panel.drawn == "slide":
        assert [len(line) for line in walk.panel.lines] == [1, 2, 2]


@pytest.mark.parametrize("walk", WALKS, ids=lambda walk: f"{walk.operation}, {walk.method}")
def test_a_walkthrough_says_all_that_a_player_says(walk):
    words = walk.to_dict()["words"]
    texts = (words["tells"], words["nothing"], words["size"], words["output"])
    assert all(texts)
    assert words["output"].count("{}") == 1
    for nouns in (words["term"], *words["uses"].values()):
        one, several = nouns
        assert one != several
    assert set(words["uses"]) <= set(walk.shapes)


def test_each_method_is_drawn_in_its_own_way():
    assert [LINE.walk(method).panel.drawn for method in get_args(Method)] == [
        "slide",
        "pile",
        "lines",
    ]
    assert {PICTURE.walk(method).panel.drawn for method in get_args(Method)} == {"lines"}


def test_a_kernel_slides_flipped_for_a_convolution_alone():
    assert LINE.walk().panel.lines == (("input",), ("×", "flipped"), ("Σ", "output"))
    unflipped = convolution([1, 2, 3], [1, 2], operation="cross-correlation")
    assert unflipped.panel.lines == (("input",), ("×", "kernel"), ("Σ", "output"))


def test_a_picture_without_an_equation_shows_the_kernel_before_it_is_flipped():
    panel = PICTURE.walk().panel
    assert panel.lines == (("input", "×", "flipped", "→", "output"),)
    assert panel.alone == (("input", "×", "kernel", "↻", "flipped", "→", "output"),)
    unflipped = TWO_DIMENSIONS["letters"].walk().panel
    assert unflipped.lines == (("input", "×", "kernel", "→", "output"),)
    assert unflipped.alone is None


def test_the_words_of_each_method():
    told = [walk.words.tells for walk in (*map(LINE.walk, get_args(Method)), pooling(MAP))]
    assert told == [
        "one output at a time",
        "one copy at a time",
        "one row at a time",
        "one window at a time",
    ]
    asked = [walk.words.output.format(3) for walk in map(LINE.walk, get_args(Method))]
    assert asked == ["Output 3 is", "Output 3, after this copy, is", "Output 3 is"]
    assert LINE.walk().to_dict()["words"]["size"] == "How many outputs will there be?"
    assert PICTURE.walk().to_dict()["words"]["size"].endswith("Rows × columns:")
    words = pooling(MAP).words
    assert words.term == ("cell", "cells")
    assert words.uses == {"input": ("window", "windows")}


def test_an_output_that_adds_up_nothing_says_so_in_its_panel_and_in_its_sentence():
    walk = convolution([1, 2], [1, 2], padding=3)
    assert walk.words.nothing in walk.steps[0].sentence
    backwards = transposed([[1, 2]], [[1, 2]], "matrix form", stride=3)
    assert backwards.words.nothing == "no patch"
    assert backwards.steps[2].sentence == "Output (0, 2): no patch, so 0."


def test_a_remark_counts_with_nouns():
    assert PICTURE.walk("matrix form").remark == (
        "144 entries · 36 weights · 27 non-zeros · 4 parameters"
    )
    one = convolution([[2]], [[3]], "matrix form")
    assert one.remark == "1 entry · 1 weight · 1 non-zero · 1 parameter"
    assert pooling([[0, 2], [2, 2]]).remark == "0 parameters · 1 window · 1 tie"
    assert PICTURE.walk().remark == ""
    # The page counts them: a panel of one line has no room for it.
    assert LINE.walk("matrix form").remark == ""
