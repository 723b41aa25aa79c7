"""Receptive fields as a value: the lecture's numbers, links, and what a link asks for in vain."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.figures.panels import Cell
from cnnlib.handouts.notes import figure
from cnnlib.lessons.receptive_fields import State
from cnnlib.talks.talk import Beat
from tests.lessons.given import GIVEN


def opened(**query):
    return State.from_link(query)


@given(st.integers(1, 4), st.integers(1, 7))
def test_equal_kernels_with_stride_1_follow_the_law(depth, kernel):
    state = State(layers=", ".join([f"conv{kernel}"] * depth))
    field = 1 + depth * (kernel - 1)
    assert state.stack.fields[-1] == field
    assert f"1 + {depth}·({kernel}-1) = {field}" in state.law
    assert state.told(GIVEN).endswith(f"that gives {field}.")


def test_two_5x5_layers_see_9x9():
    told = State().told(GIVEN)
    assert "sees **9×9 (rows 10–18, columns 10–18)** of the input" in told
    assert "With respect to the layer before it: 5×5 (rows 10–14, columns 10–14)." in told


@pytest.mark.parametrize(
    ("name", "field"),
    [
        ("two 5×5", 9),
        ("the shipped network", 16),
        ("LeNet-5", 32),
        ("VGG-16, first blocks", 44),
        ("dilated", 15),
    ],
)
def test_stacks_by_name(name, field):
    state = State.example(name)
    (asked,) = state.questions(GIVEN)
    assert asked.answer(str(field)).right
    assert asked.answer(f"{field}×{field}").right
    assert not asked.answer(str(field + 1)).right


@pytest.mark.parametrize(
    ("unit", "cell"),
    [
        ("1.2.3", Cell(1, 2, 3)),
        ("0.27.27", Cell(0, 27, 27)),
        ("0.28.27", Cell(2, 10, 10)),
        ("3.0.0", Cell(2, 10, 10)),
        ("1.2", Cell(2, 10, 10)),
        ("1.2.3.4", Cell(2, 10, 10)),
        ("", Cell(2, 10, 10)),
    ],
)
def test_a_unit_that_does_not_exist_is_the_one_in_the_middle(unit, cell):
    assert State(unit=unit).cell == cell


def test_the_verdict_says_how_the_field_follows():
    (asked,) = State(layers="conv3, pool2, conv5d2").questions(GIVEN)
    verdict = asked.answer("10")
    assert verdict.sentence == "Not 10: 1 + (3 − 1)·1 + (2 − 1)·1 + (9 − 1)·2 = 20."


def test_the_mask_holds_what_the_unit_sees():
    rows, columns = np.nonzero(State(unit="2.0.19").mask())
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (0, 8, 19, 27)


def test_the_gradient_lies_within_the_field_of_the_shipped_network_too():
    for name in ("two 5×5", "the shipped network"):
        state = State.example(name)
        strengths, how = state.measured(state.picture(GIVEN.pixels), GIVEN.network)
        assert strengths.any()
        assert not strengths[~state.mask()].any()
        assert ("the trained network" in how) == (name == "the shipped network")


def test_links_of_earlier_versions_open_the_same():
    state, told = opened(
        fields_view="connections",
        wires="two layers",
        wire_unit="2",
        wire_k="5",
        predict_wires="true",
        code_wires="true",
    )
    assert told == ()
    wanted = State("connections", figure="two layers", number=2, kernel=5, predict=True, coded=True)
    assert state == wanted
    assert opened(layers="conv3d2", input_size="9", unit="1.1.0", predict_field="true")[0] == State(
        layers="conv3d2", size=9, unit="1.1.0", predict=True
    )


def test_an_input_that_is_too_large_is_drawn_as_the_largest_with_a_sentence():
    state, told = opened(input_size="100")
    assert state.size == 64
    assert told == ("Input 100 lies outside 1 to 64: it is 64 here.",)
    drawn = figure(Beat("receptive_fields", {"input_size": "100"}))
    nearest = figure(Beat("receptive_fields", {"input_size": "64"}))
    assert drawn.svg == nearest.svg
    assert drawn.told == f"{told[0]} {nearest.told}"


def test_what_does_not_fit_is_one_sentence_and_connections_do_not_ask():
    state = State(layers="conv5, conv30")
    with pytest.raises(ValueError, match="layer 2, conv30: kernel 30 does not fit input 24"):
        state.check(GIVEN)
    State("connections", layers="conv5, conv30").check(GIVEN)


@pytest.mark.parametrize(
    ("figure", "told"),
    [
        ("from below", "x3 affects h2, h3, h4: 3 of 5; dense, all 5. Connections: 13 instead"),
        ("from above", "h3 sees x2, x3, x4: 3 of 5"),
        ("two layers", "g3 sees x1, x2, x3, x4, x5: 5 of 5"),
    ],
)
def test_figures_9_2_to_9_4(figure, told):
    state = State("connections", figure=figure)
    assert told in state.told(GIVEN)
    (asked,) = state.questions(GIVEN)
    assert asked.answer("5").right == (figure == "two layers")
    assert state.code(GIVEN).definition.__name__ == "windows"


def test_the_code_holds_the_recurrence_and_its_result():
    code = State().code(GIVEN)
    assert code.lines == ("field_sizes([5, 5], [1, 1])  # [5, 9]",)
    np.testing.assert_array_equal(code.result, State().mask())
    assert len(code.peers) == 1
    assert State(unit="0.1.1").code(GIVEN).peers == []


def test_an_exercise_is_solved_layer_by_layer():
    for level in (1, 2, 3):
        for seed in range(20):
            one = State.exercise(np.random.default_rng(seed), level)
            assert one.solution[-1].endswith(f"= {one.answer}")
            assert len(one.solution) == len(one.state.stack.stages)
