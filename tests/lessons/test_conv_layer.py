"""The convolution layer as a value: the lecture's numbers, links, and what is asked for in vain."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.conv import conv2d
from cnnlib.figures.panels import Cell
from cnnlib.figures.scene import Box
from cnnlib.handouts.notes import figure
from cnnlib.lessons.conv_layer import VOLUME, State
from cnnlib.lessons.layer import place_of, read_cell
from cnnlib.lessons.transposed import METHODS
from cnnlib.models.volume import COUNTED, Volume
from cnnlib.talks.talk import Beat
from cnnlib.walkthroughs.examples import TRANSPOSED
from tests.lessons.given import GIVEN

BACK = State("transposed")


def opened(**query):
    return State.from_link(query)


@pytest.mark.parametrize("counted", COUNTED, ids=lambda counted: counted.title)
def test_every_counted_layer_has_its_numbers(counted):
    state = State.example(counted.title)
    n, k = counted.output, counted.volume.filters
    told = state.told(GIVEN)
    assert f"so {n}×{n}×{k}" in told
    assert state.layer(GIVEN).y.shape == (1, k, n, n)
    width, parameters = state.questions(GIVEN)
    assert width.answer(str(n)).right
    assert not width.answer(str(n + 1)).right
    if counted.parameters is not None:
        assert f" = {counted.parameters:,}" in told
        assert parameters.answer(f"{counted.parameters:,}").right
        assert not parameters.answer(str(counted.parameters - 1)).right


def test_it_opens_on_six_filters():
    told = State().told(GIVEN)
    for count in (
        "Output volume: (32 − 5)/1 + 1 = 28, so 28×28×6",
        "parameters: (5·5·3 + 1)·6 = 456",
        "multiplications: 28·28·6 · 5·5·3 = 352,800",
        "= 32,928 bytes",
        "reads the whole depth column, 5·5·3 = 75 numbers",
    ):
        assert count in told


def test_a_stride_that_does_not_fit_is_explained():
    told = State.example("7×7, F = 3, stride 3: does not fit").told(GIVEN)
    assert "2.33 outputs are rounded down to 2, as frameworks do. Input row 6 is never" in told


def test_groups_see_only_their_own_slices():
    state = State.example("depthwise: as many groups as slices")
    _, links, column = state.layer(GIVEN).panels()
    assert {(one.source, one.target) for one in links if one.target < 4} == {
        (5, 0),
        (6, 1),
        (7, 2),
        (8, 3),
    }
    assert column == ()  # four slices, one kernel: their pages are not turned together


@given(st.integers(1, 3), st.integers(1, 2), st.integers(0, 2), st.integers(1, 2), st.data())
def test_a_written_out_cell_is_the_sum_that_the_layer_computes(size, stride, padding, spread, data):
    groups = data.draw(st.sampled_from((1, 2)))
    state = State("layer", 8, 4, 4, size, stride, padding, spread, groups)
    n = state.volume.output
    cell = data.draw(st.tuples(st.integers(0, 3), st.integers(0, n - 1), st.integers(0, n - 1)))
    layer = replace(state, cell=".".join(map(str, cell))).layer(GIVEN)
    assert layer.chosen == cell
    story = layer.story().replace("−", "-")
    parts, value = story.split("the bias, ")[1].rstrip("*.").split(" = **")
    sums = [float(part.strip("()")) for part in parts.split(" + ")]
    assert len(sums) == state.volume.seen + 1
    expected = conv2d(layer.x, layer.w, layer.bias, **layer.settings)[(0, *cell)]
    assert sum(sums) == pytest.approx(expected, abs=1e-4)
    assert float(value) == pytest.approx(expected, abs=1e-4)


@pytest.mark.parametrize(
    ("text", "cell"),
    [
        ("2.4.7", (2, 4, 7)),
        ("5.27.27", (5, 27, 27)),
        ("6.0.0", (0, 14, 14)),
        ("0.28.0", (0, 14, 14)),
        ("1.2", (0, 14, 14)),
        ("1.2.3.4", (0, 14, 14)),
        ("", (0, 14, 14)),
    ],
)
def test_a_cell_that_does_not_exist_is_the_first_maps_middle(text, cell):
    assert read_cell(text, Volume()) == cell
    assert State(cell=text).layer(GIVEN).chosen == cell


def test_only_cells_of_the_output_are_chosen():
    volume = Volume()  # 3 slices, 3 kernels, 6 maps
    assert place_of(Cell(8, 4, 7), volume) == "2.4.7"
    assert [place_of(Cell(panel, 0, 0), volume) for panel in (0, 5, 12)] == [None] * 3


def test_the_sweep_marks_one_window_after_another():
    layer = State.example("7×7, F = 3, stride 2").layer(GIVEN)
    scenes = layer.scenes("light")
    assert len(scenes) == 9  # one for each output cell
    marks = [[s for s in one.shapes if isinstance(s, Box) and s.outline == 2.0] for one in scenes]
    cell = marks[0][1].width
    for at, (window, unit) in enumerate(marks):
        row, column = divmod(at, 3)
        assert (window.width, window.height) == pytest.approx((3 * cell, 3 * cell))
        assert window.x - marks[0][0].x == pytest.approx(2 * cell * column)
        assert unit.y - marks[0][1].y == pytest.approx(cell * row)


def test_the_code_names_these_shapes():
    code = State().code(GIVEN)
    assert code.definition.__name__ == "conv2d_loops"
    assert code.lines[1].endswith("# shape (1, 6, 28, 28)")
    np.testing.assert_array_equal(code.result, State().layer(GIVEN).y)


@pytest.mark.parametrize("name", TRANSPOSED)
def test_every_transposed_example_is_told_by_its_own_settings(name):
    state, one = State.example(name), TRANSPOSED[name]
    call = state.backwards
    assert (call.a.texts, call.b.texts) == (one.a.texts, one.b.texts)
    assert call.settings == {key: n for key, n in one.options.items() if n != (key == "stride")}
    told = state.told(GIVEN)
    assert told.startswith(f"**Input {'×'.join(map(str, one.a.shape))} → output ")
    assert state.questions(GIVEN) == ()


def test_the_transposed_view_opens_on_overlapping_patches():
    told = BACK.told(GIVEN)
    assert "Input 2×2 → output 5×5" in told
    assert "both (2 − 1)·2 + 3 = 5" in told
    assert "Inside, an output cell adds up 1, 2 or 4 products" in told
    result = np.reshape(BACK.code(GIVEN).result, (5, 5))
    assert result[2].tolist() == [2, 0, 9, 0, 10]


def test_an_output_that_is_predicted_is_not_told():
    told, asked = (replace(BACK, lead=1, predict=predict) for predict in (False, True))
    assert asked.told(GIVEN) == "Work the output size out: $W_2=(W_1-1)S+D(F-1)+1-2P+P_o$."
    assert asked.scene(GIVEN).title.endswith("step 1 of 25")
    assert told.scene(GIVEN).title.endswith("step 13 of 25")  # the one with the most products


def test_links_of_earlier_versions_open_the_same():
    state, told = opened(
        layer_view="transposed",
        t_A="1,2;3,0",
        t_B="1,1",
        t_stride="3",
        t_padding="1",
        t_output_padding="2",
        t_dilation="2",
        predict_layer="true",
        code_backwards="true",
        step="2",
        lead="1",
    )
    assert told == ()
    assert state == State(
        "transposed",
        a="1,2;3,0",
        b="1,1",
        t_stride=3,
        t_padding=1,
        t_output_padding=2,
        t_dilation=2,
        predict=True,
        coded=True,
        step=2,
        lead=1,
    )
    numbers = (12, 4, 8, 3, 2, 1, 2, 4)
    query = {f"v_{name}": str(n) for name, n in zip(VOLUME, numbers, strict=True)}
    state, told = opened(**query, cell="1.2.3", code_layer="true")
    assert (state.volume, state.cell, state.coded, told) == (Volume(*numbers), "1.2.3", True, ())


@pytest.mark.parametrize(
    ("query", "nearest", "told"),
    [
        ({"v_width": "40"}, {"v_width": "32"}, "Width 40 lies outside 1 to 32: it is 32 here."),
        (
            {"layer_view": "transposed", "t_stride": "7"},
            {"layer_view": "transposed", "t_stride": "6"},
            "Stride S 7 lies outside 1 to 6: it is 6 here.",
        ),
    ],
)
def test_a_number_beyond_its_range_is_drawn_as_the_nearest_with_a_sentence(query, nearest, told):
    drawn, as_nearest = (figure(Beat("conv_layer", one)) for one in (query, nearest))
    assert drawn.svg == as_nearest.svg
    assert drawn.told == f"{told} {as_nearest.told}"


@pytest.mark.parametrize(
    ("query", "told"),
    [
        (
            {"v_groups": "20"},
            "Groups 20 lies outside 1 to 16: it is 16 here. 16 groups do not divide depth 3",
        ),
        ({"v_width": "-1"}, "Kernel 5 does not fit input 1"),
        ({"layer_view": "transposed", "t_B": "1,x"}, "“x” is not a number"),
        ({"layer_view": "transposed", "t_padding": "3"}, "Padding 3 cuts off all 5 cells"),
    ],
)
def test_what_does_not_fit_is_one_sentence_for_page_and_notes(query, told):
    drawn = figure(Beat("conv_layer", query))
    assert not drawn.svg
    assert drawn.told.startswith("This state can't be shown. ")
    assert told in drawn.told


def test_a_view_asks_nothing_of_the_other_one():
    replace(BACK, groups=16).check(GIVEN)
    State(b="1,x").check(GIVEN)


@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_an_exercises_answer_is_what_the_library_computes(level, seed):
    one = State.exercise(np.random.default_rng(seed), level)
    one.state.check(GIVEN)
    if level < 3:
        volume = one.state.volume
        assert one.answer == str((volume.output, volume.parameters)[level - 1])
        assert level == 2 or volume.axis.fits
        assert one.solution[-1].replace(",", "").endswith(f"= {one.answer}")
    else:
        assert one.state.lead == METHODS.index("matrix form")
        assert one.solution.steps[one.state.step].sentence.endswith(f"= {one.answer}.")
