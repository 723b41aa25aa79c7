"""Pooling window by window: golden numbers, winners and ties, and the fast form as referee."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.lessons.pooling import State
from cnnlib.pool import avg_pool2d, lp_pool2d, max_pool2d
from cnnlib.walkthroughs import pooling, predict, predict_size
from cnnlib.walkthroughs.definitions import pool_loops
from cnnlib.walkthroughs.numbers import numbers
from cnnlib.walkthroughs.table import to_csv
from cnnlib.walkthroughs.typed import read_grid

GOLDEN = [
    ("lecture", "max pooling", "6 8 3 4"),
    ("lecture", "average pooling", "3.25 5.25 2 2"),
    ("other first rows", "max pooling", "6 8 3 4"),
    ("other first rows", "average pooling", "4 5 2 2"),
]


def example(name):
    return numbers(read_grid(State.examples[name].fields["map"], 12, 12))


@pytest.mark.parametrize(("name", "kind", "output"), GOLDEN)
def test_both_lecture_examples(name, kind, output):
    walk = pooling(example(name), kind)
    assert " ".join(walk.grid("output").texts) == output
    assert walk.facts["parameters"] == 0


def test_each_kind_says_what_it_does_with_its_window():
    told = {
        kind: pooling(example("lecture"), kind).steps[0].sentence
        for kind in ("max pooling", "average pooling", "L2 pooling")
    }
    assert told == {
        "max pooling": "Output (0, 0): max(1, 1, 5, 6) = 6.",
        "average pooling": "Output (0, 0): (1 + 1 + 5 + 6)/4 = 3.25.",
        "L2 pooling": "Output (0, 0): √(1² + 1² + 5² + 6²) = 7.9373.",
    }


def test_winners_are_marked_window_by_window_and_ties_are_said():
    walk = pooling(example("lecture"))
    assert [walk.won(step).tolist() for step in range(4)] == [
        [5],
        [5, 7],
        [5, 7, 8],
        [5, 7, 8, 15],
    ]
    tied = pooling([[0, 2], [2, 2]])
    assert tied.steps[0].sentence.endswith(
        "A tie: 3 cells hold 2; the first one, (0, 1), counts as the winner."
    )
    assert tied.facts["ties"] == 1
    assert tied.won(0).tolist() == [1]


def test_padding_never_wins_and_counts_as_zeros_elsewhere():
    walk = pooling([[-1, -2], [-3, -4]], size=3, stride=2, padding=1)
    assert walk.grid("output").texts == ("−1",)
    assert walk.grid("input").texts[0] == "−∞"
    mean = pooling([[9, 0], [0, 0]], "average pooling", size=3, stride=2, padding=1)
    assert mean.grid("output").texts == ("1",)
    assert mean.grid("input").texts[0] == "0"
    assert mean.steps[0].sentence.endswith("The padding's 5 zeros count, too.")
    assert len(mean.lit(0)["input"]) == 9


def test_a_stride_that_does_not_fit_is_explained():
    walk = pooling(example("no fit"))
    assert "2.50 outputs are rounded down to 2" in walk.notes[0]
    assert len(walk.unused) == 9


def test_it_is_predicted_and_tabulated_like_any_other_walkthrough():
    walk = pooling(example("lecture"), "average pooling")
    assert predict(walk, 1, "21/4").right
    assert not predict(walk, 1, "5").right
    assert predict_size(walk, "2x2").right
    assert to_csv(walk).splitlines()[4] == "1,0,0,1,1,1,1,6,6,3.25"


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        ({"kind": "min pooling"}, "use one of max pooling"),
        ({"size": 5}, "kernel 5 does not fit input 4"),
        ({"padding": 2}, "padding 2 is more than half of kernel 2"),
    ],
)
def test_what_does_not_fit_is_refused_with_a_sentence(arguments, sentence):
    with pytest.raises(ValueError, match=sentence):
        pooling(example("lecture"), **arguments)


@given(
    st.integers(1, 7),
    st.integers(1, 7),
    st.integers(1, 4),
    st.integers(1, 3),
    st.integers(0, 2),
    st.integers(0, 2**16),
)
def test_every_kind_is_what_the_core_and_the_definition_say(h, w, size, stride, padding, seed):
    padding = min(padding, size // 2)
    if size > min(h, w) + 2 * padding:
        return
    a = np.random.default_rng(seed).integers(-4, 5, (h, w))
    x, margin = a[None, None].astype(float), 2 * ((0, 0),) + 2 * ((padding, padding),)
    expected = {
        "max pooling": (max_pool2d(x, size, stride, padding), max, -np.inf),
        "average pooling": (
            avg_pool2d(x, size, stride, padding),
            lambda window: sum(window) / len(window),
            0,
        ),
        "L2 pooling": (
            lp_pool2d(np.pad(x, margin), 2, size, stride),
            lambda window: sum(v * v for v in window) ** 0.5,
            0,
        ),
    }
    for kind, (fast, keep, outside) in expected.items():
        walk = pooling(a, kind, size=size, stride=stride, padding=padding)
        values = walk.result().values.reshape(walk.result().shape)
        np.testing.assert_allclose(values, fast[0, 0], atol=1e-9)
        loops = pool_loops(a.tolist(), size, stride, padding, keep, outside)
        np.testing.assert_allclose(values, loops, atol=1e-9)
        winners = walk.terms.columns["input"][list(walk.winners)]
        if kind == "max pooling":
            np.testing.assert_array_equal(a.ravel()[winners], fast.ravel())


@pytest.mark.parametrize(
    ("kind", "told"),
    [
        ("max pooling", "max(25 cells) = 50"),
        ("average pooling", "(25 cells)/25 = 38"),
        ("L2 pooling", "√(25 cells) = 193.3908"),
    ],
)
def test_up_to_sixteen_cells_of_a_window_are_written_out(kind, told):
    cells = np.arange(1, 51).reshape(10, 5)
    assert pooling(cells, kind, size=5).steps[1].sentence == f"Output (1, 0): {told}."
    four = pooling(cells, kind, size=4).steps[0]
    assert "cells" not in four.sentence
    assert four.sentence.count(", " if kind == "max pooling" else " + ") == 15 + (
        kind == "max pooling"  # of "Output (0, 0)"
    )


def test_a_window_of_three_is_divided_by_nine():
    walk = pooling(np.ones((3, 3), int), "average pooling", size=3)
    assert walk.join == ("(", "+", ")/9")
    assert walk.steps[0].sentence == f"Output (0, 0): ({' + '.join(['1'] * 9)})/9 = 1."
    assert walk.grid("output").title == "Average pooling"


def test_what_is_left_out_is_a_max_pooling_by_two_without_padding():
    cells = np.arange(16).reshape(4, 4)
    plain, said = pooling(cells), pooling(cells, "max pooling", size=2, stride=2, padding=0)
    assert plain.to_dict() == said.to_dict()
    assert plain.facts == {"parameters": 0, "windows": 4, "ties": 0}
    assert pooling(cells, "L2 pooling").facts == {"parameters": 0, "windows": 4}


def test_a_tie_names_its_first_cell_and_how_many_there_are():
    walk = pooling([[0, 3, 3], [1, 3, 0]], size=2, stride=1)
    assert [step.sentence for step in walk.steps] == [
        (
            "Output (0, 0): max(0, 3, 1, 3) = 3. A tie: 2 cells hold 3; the first one, (0, 1), "
            "counts as the winner."
        ),
        (
            "Output (0, 1): max(3, 3, 3, 0) = 3. A tie: 3 cells hold 3; the first one, (0, 1), "
            "counts as the winner."
        ),
    ]
    assert walk.facts["ties"] == 2
    assert walk.winners == (1, 4)


def test_squares_are_written_with_their_brackets():
    walk = pooling([["-2", "1/2"], ["3", "0.5"]], "L2 pooling")
    assert walk.terms.product == ("(−2)²", "(1/2)²", "3²", "0.5²")
