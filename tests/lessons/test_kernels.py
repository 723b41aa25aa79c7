"""Classic kernels as a value: figure 9.6, what separating saves, links, and single outputs."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from cnnlib.conv import correlate2d
from cnnlib.drawings.filtering import showing
from cnnlib.drawings.pictures import Picture
from cnnlib.handouts.notes import figure
from cnnlib.kernels import KERNELS, compose
from cnnlib.lessons.given import Given
from cnnlib.lessons.kernels import State
from cnnlib.lessons.pictures import ABSENT, SOURCES, sample_picture
from cnnlib.lessons.savings import figure_9_6, separability
from cnnlib.talks.talk import Beat
from tests.lessons.given import GIVEN

HOUSE = sample_picture("scene")
SOBEL = correlate2d(HOUSE.grey, KERNELS["sobel"].weights)


def opened(**query):
    return State.from_link(query)


def ones(rows, columns):
    return ";".join([",".join(["1"] * columns)] * rows)


def test_it_opens_on_oriented_edges_of_the_house_where_they_are_strongest():
    filtered = State().filtered(GIVEN)
    np.testing.assert_array_equal(filtered.result[..., 0], SOBEL)
    assert abs(SOBEL[filtered.at]) == abs(SOBEL).max()
    told = State().told(GIVEN)
    assert "column (1, 2, 1) times row (1, 0, −1)" in told
    assert "3×3 = 9 multiplications for each output, as two sweeps 3 + 3 = 6: saves 3." in told


@pytest.mark.parametrize("name", KERNELS)
def test_every_classic_kernel_says_its_source_and_has_its_scale(name):
    state, kernel = State.example(name), KERNELS[name]
    filtered = state.filtered(GIVEN)
    assert state.name == name
    np.testing.assert_allclose(filtered.weights, kernel.weights)
    np.testing.assert_allclose(
        filtered.result[..., 0], correlate2d(HOUSE.grey, kernel.weights), atol=1e-9
    )
    view = filtered.view()
    assert view.signed == kernel.is_signed
    separable = np.linalg.matrix_rank(kernel.weights) == 1 < kernel.weights.shape[0]
    assert (view.factors is not None) == separable
    if view.factors:
        np.testing.assert_allclose(np.outer(*view.factors), kernel.weights, atol=1e-9)
    told = state.told(GIVEN)
    assert kernel.finds in told
    assert kernel.source in told
    both = "it is the Laplacian. Sharpening is identity + Laplacian" in told
    assert both == (name in ("laplacian", "sharpen"))


def test_a_kernel_of_ones_own_has_no_source_and_need_not_be_an_outer_product():
    state = State(kernel="1,2;3,4")
    assert state.name is None
    assert state.about(state.filtered(GIVEN)) == (
        "Not an outer product: 4 multiplications for each output."
    )
    assert separability(np.ones((2, 2))).endswith("two sweeps 2 + 2 = 4: saves nothing.")


def test_figure_9_6_and_its_counts():
    state = State.example("figure 9.6")
    filtered = state.filtered(GIVEN)
    grey = HOUSE.grey.astype(int)
    np.testing.assert_array_equal(filtered.result[..., 0], grey[:, 1:] - grey[:, :-1])
    table = figure_9_6(filtered.pixels.shape[:2], filtered.weights.shape)
    for count in (
        *("319×280×(2 products + 1 sums) = 267,960", "320×280×319×280 = 8,003,072,000"),
        *("16,006,054,680", "2×319×280 = 178,640", "4,001,536,000", "59,733"),
    ):
        assert count in table


def test_two_kernels_in_a_row_are_their_convolution():
    state = State(two=True)
    filtered = state.filtered(GIVEN)
    np.testing.assert_array_equal(
        filtered.weights, compose(KERNELS["sobel"].weights, [[1, 1], [1, 1]])
    )
    one_by_one = correlate2d(SOBEL, np.ones((2, 2)))
    np.testing.assert_array_equal(filtered.result[..., 0], one_by_one)
    told = state.told(GIVEN)
    assert "the kernel shown is v ∗ w, 4×4." in told
    assert "differ by at most 0." in told
    assert KERNELS["sobel"].finds not in told
    with pytest.raises(ValueError, match="“x” is not a number"):
        replace(state, second="x").check(GIVEN)
    replace(state, second="x", two=False).check(GIVEN)


@pytest.mark.parametrize("how", ["signed", "clip", "absolute", "rescale"])
def test_how_results_are_shown_is_said(how):
    state = State(shown=how)
    assert showing(SOBEL[..., None], how).sentence in state.told(GIVEN)
    grey = state.filtered(GIVEN).view().captions[1]
    colour = replace(state, channels="colour").filtered(GIVEN).view().captions[1]
    assert ("Zero is the page's own colour." in grey) == (how == "signed")
    assert ("Zero is mid grey." in colour) == (how == "signed")


@pytest.mark.parametrize(("borders", "pads"), [("none", 0), ("zero", 1), ("edge", 1)])
def test_borders_keep_the_size(borders, pads):
    view = State(borders=borders).filtered(GIVEN).view()
    assert view.pads == (pads, pads)
    assert view.shades.shape[:2] == (278 + 2 * pads, 318 + 2 * pads)
    assert (view.padded[0].max() == 0) == (borders == "zero")


@settings(max_examples=25, deadline=None)
@given(
    st.sampled_from(["sobel", "roberts", "box", "log"]),
    st.sampled_from(["none", "zero", "edge"]),
    st.integers(0, 9999),
    st.integers(0, 9999),
)
def test_the_chosen_output_is_the_step_also_at_a_border(name, borders, row, column):
    state = replace(State.example(name), borders=borders, at=f"{row}.{column}")
    filtered = state.filtered(GIVEN)
    rows, columns = filtered.result.shape[:2]
    assert filtered.at == (min(row, rows - 1), min(column, columns - 1))
    walk = filtered.around()
    assert walk.steps[filtered.step].value == pytest.approx(
        float(filtered.result[(*filtered.at, 0)]), abs=1e-6
    )


@pytest.mark.parametrize("text", ["", "7", "1.2.3"])
def test_a_place_that_is_no_output_is_where_the_kernel_answers_most(text):
    assert State(at=text).filtered(GIVEN).at == State().filtered(GIVEN).at


@pytest.mark.parametrize(("size", "outputs"), [(7, 5), (9, 3), (15, 3)])
def test_a_large_kernel_is_stepped_through_on_fewer_outputs(size, outputs):
    walk = State(kernel=ones(size, size), at="9.9").filtered(GIVEN).around()
    assert walk.shapes["output"] == (outputs, outputs)
    assert walk.shapes["kernel"] == (size, size)


def test_what_is_too_large_to_be_stepped_through_is_still_shown():
    state = State(kernel=ones(15, 15), two=True)
    state.check(GIVEN)
    with pytest.raises(ValueError, match="16×16 is too large to step through: use at most 15×15"):
        state.filtered(GIVEN).around()


def test_the_code_gives_what_is_shown_around_the_output():
    state = State(at="100.50")
    code = state.code(GIVEN)
    assert code.definition.__name__ == "correlate2d_loops"
    np.testing.assert_array_equal(code.result, SOBEL[98:103, 48:53])
    assert code.lines[-1] == "correlate2d_loops(A, B)"
    assert "gives the same" in code.peers[0].compare(code.result)


def test_links_of_earlier_versions_open_the_same():
    labels = {"scene": "House, 280×320", "upload": "Upload …", "drawing": "My drawing"}
    assert labels.items() <= SOURCES.items()
    state, told = opened(
        picture="My drawing",
        borders="zeros",
        kernel="1,-1",
        two="true",
        second="1;1",
        shown="clip",
        channels="colour",
        at="3.4",
        code="true",
        **{"learning": "true", "learn.from": "noise", "learn.momentum": "false"},
        **{"figure": "true", "steps": "true", "steps_of.predict": "true"},
    )
    assert told == ()
    assert state == State(
        "drawing", "1,-1", True, "1;1", "clip", "colour", "zero", "3.4",
        True, "noise", False, True, True, True, True,
    )  # fmt: skip
    assert state.to_link()["borders"] == "zero"
    assert state.to_link()["picture"] == "drawing"


def test_a_link_brings_no_picture_but_a_drawing():
    for source in ("upload", "camera", "drawing"):
        drawn = figure(Beat("kernels", {"picture": source}))
        assert drawn.told.startswith(f"{ABSENT} ")
        assert drawn.svg == figure(Beat("kernels", {})).svg
    query = {"picture": "My drawing", "drawing": GIVEN.drawing.encode()}
    drawn = figure(Beat("kernels", query))
    assert ABSENT not in drawn.told
    assert "Picture, 224×224" in drawn.svg


def test_a_picture_that_was_brought_goes_before_the_house():
    mine = Picture(np.full((20, 30, 3), 90, np.uint8))
    given = Given(picture_brought=mine, picture_note="Scaled.")
    assert given.picture("upload") == (mine, "Scaled.")
    assert given.picture("scene") == (HOUSE, "")
    assert given.picture("drawing") == (HOUSE, "Scaled.")
    assert State("camera").filtered(given).result.shape == (18, 28, 1)
    assert GIVEN.picture("drawing")[0].pixels.shape == (224, 224, 3)


def test_a_kernel_larger_than_the_picture_is_refused_until_borders_are_added():
    given = Given(picture_brought=Picture(np.full((1, 1, 3), 9, np.uint8)))
    with pytest.raises(ValueError, match="kernel 3 does not fit input 1"):
        State("upload").check(given)
    State("upload", borders="edge").check(given)


@pytest.mark.parametrize(
    ("query", "told"),
    [
        ({"kernel": "1,2;3"}, "The rows have 1 to 2 cells"),
        ({"kernel": "1,x"}, "Row 0, column 1: “x” is not a number"),
        ({"kernel": ""}, "can't be shown"),
        ({"kernel": ones(16, 1)}, "16×1 cells are too many here: use at most 15 rows of 15"),
        ({"kernel": "1,2", "two": "true", "second": "["}, "can't be shown"),
    ],
)
def test_what_is_no_kernel_is_one_sentence(query, told):
    drawn = figure(Beat("kernels", query))
    assert not drawn.svg
    assert told in drawn.told


@settings(max_examples=20, deadline=None)
@given(st.integers(1, 3), st.integers(0, 2**32 - 1))
def test_an_exercises_answer_is_what_the_library_computes(level, seed):
    one = State.exercise(np.random.default_rng(seed), level)
    filtered = one.state.filtered(GIVEN)
    if level == 2:
        value = filtered.result[(*filtered.at, 0)]
        assert one.answer == f"{value:.0f}".replace("-", "−")
        assert f"row {filtered.at[0]}, column {filtered.at[1]}" in one.question.text
    elif level == 1:
        assert f"saves {one.answer}." in separability(filtered.weights)
    else:
        count = f" = {int(one.answer):,} |"
        assert count in figure_9_6(filtered.pixels.shape[:2], filtered.weights.shape)
