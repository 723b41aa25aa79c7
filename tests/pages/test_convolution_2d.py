import pytest

from cnnlib.drawings.drawing import Drawing
from cnnlib.lessons.convolution_2d import of_drawing
from cnnlib.walkthroughs.examples import TWO_DIMENSIONS
from tests.pages.components import grid, open_link, plain, player, rows, say, type_in, words

GOLDEN = ["1 5 7 2", "0 −2 −4 1", "2 6 4 −3", "0 −2 −2 1"]
SEVEN = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]


def first(walks):
    """Return the walkthrough that slides the kernel, which a convolution flips."""
    return walks.get("flip-and-filter") or walks["slide-and-filter"]


def output(at, method=""):
    return rows((player(at)[1].get(method) or first(player(at)[1])), "output")


def told(at):
    """Return the words beside the title: the arithmetic of the size, or a refusal."""
    return plain(at.markdown[1].value)


@pytest.fixture
def lesson(app):
    app.switch_page("pages/convolution_2d.py").run()
    assert not app.exception
    return app


def test_it_opens_on_the_lectures_example_by_three_methods(lesson):
    _, walks = player(lesson)
    assert list(walks) == ["flip-and-filter", "translate-and-scale", "matrix form"]
    for method in walks:
        assert output(lesson, method) == GOLDEN
    assert rows(walks["flip-and-filter"], "flipped") == ["−1 0", "2 1"]
    drawn = walks["translate-and-scale"]["layout"][1]
    assert drawn == ["copy0", "+", "copy1", "+", "copy3", "=", "output"]
    assert rows(walks["translate-and-scale"], "copy1")[:2] == ["· 2 6 2", "· 0 −2 2"]
    assert told(lesson) == (
        ":small[**Output 4×4**: $W_2=(W_1-F+2P)/S+1$, both (3 − 2 + 2·1)/1 + 1 = 4.]"
    )


def test_the_matrix_is_16_by_9_with_4_parameters_each_tied_along_its_diagonals(lesson):
    data, walks = player(lesson)
    walk = walks["matrix form"]
    assert {len(marks) for marks in data["marks"].values()} == {4}
    (matrix,) = [one for one in walk["grids"] if one["id"] == "matrix"]
    assert matrix["shape"] == [16, 9]
    assert walk["remark"] == "144 entries · 36 weights · 27 non-zeros · 4 parameters"
    for weight, text in enumerate(("1", "2", "0", "−1")):
        tied = [at for at, tie in enumerate(matrix["tie"]) if tie == weight]
        assert len(tied) == 9
        assert {walk["texts"][matrix["texts"][at]] for at in tied} == {text}
        assert len({matrix["values"][at] for at in tied}) == 1  # and so one colour
    assert rows(walk, "result") == " ".join(GOLDEN).split()


def test_figure_9_1_has_letters_and_all_six_sums(lesson):
    lesson.selectbox(key="example2d").select("letters").run()
    assert not lesson.exception
    assert grid(first(player(lesson)[1]), "output") == [
        ["aw + bx + ey + fz", "bw + cx + fy + gz", "cw + dx + gy + hz"],
        ["ew + fx + iy + jz", "fw + gx + jy + kz", "gw + hx + ky + lz"],
    ]
    assert lesson.toggle(key="predict2d").disabled
    lesson.toggle(key="letters").set_value(False).run()
    assert output(lesson) == ["4 4 4"] * 2


def test_a_stride_that_does_not_fit_says_so_and_marks_the_cells_never_used(lesson):
    lesson.selectbox(key="example2d").select("stride").run()
    assert "both (7 − 3)/3 + 1 = 2.33." in told(lesson)
    assert "Stride 3 does not fit the rows and columns" in told(lesson)
    assert "Input row and column 6 are never used." in told(lesson)
    unused = first(player(lesson)[1])["unused"]
    assert unused == [*range(6, 42, 7), *range(42, 49)]
    for stride, expected in [(1, "5×5"), (2, "3×3")]:
        lesson.number_input(key="S").set_value(stride).run()
        assert f"**Output {expected}**" in told(lesson)
        assert "never used" not in told(lesson)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ({"outputs": "same", "padding": "edge"}, ["2 4 4", "−1 −2 −4", "6 6 4"]),
        ({"operation": "cross-correlation", "outputs": "valid"}, ["8 4", "−4 2"]),
        ({"outputs": "number", "P": 2, "S": 2}, ["0 0 0", "0 −2 1", "0 −2 1"]),
        ({"outputs": "number", "P": 0, "D": 2}, ["2"]),
    ],
)
def test_each_control_changes_the_output(lesson, said, expected):
    for key, value in said.items():
        kind = lesson.number_input if key in "PSD" else lesson.segmented_control
        kind(key=key).set_value(value).run()
    assert output(lesson) == expected


def test_an_example_sets_the_controls_and_leaves_nothing_chosen(lesson):
    lesson.selectbox(key="example2d").select("stride 2").run()
    assert not lesson.exception
    assert lesson.number_input(key="S").value == 2
    walk = TWO_DIMENSIONS["stride 2"].walk()
    assert grid(first(player(lesson)[1]), "output") == grid(walk.to_dict(), "output")
    assert lesson.selectbox(key="example2d").value is None


def test_the_learners_drawing_becomes_numbers_between_0_and_1(lesson):
    lesson.button(key="drawn").click().run()
    assert "Nothing is drawn yet" in lesson.toast[0].value
    assert output(lesson) == GOLDEN
    lesson.session_state["classroom.visit"].drawing = Drawing.parse(SEVEN)
    lesson.button(key="drawn").click().run()
    assert not lesson.exception
    cells = [cell for row in grid(first(player(lesson)[1]), "input") for cell in row]
    assert {"0", "1", "0.5"} <= set(cells) <= {"0", "1", *(f"0.{n}" for n in range(1, 10))}
    assert len(lesson.text_area(key="A").value.splitlines()) == 14
    assert of_drawing(Drawing.parse(SEVEN)).replace(";", "\n") == lesson.text_area(key="A").value


def test_a_typed_cell_changes_the_array_and_a_pasted_one_its_size(lesson):
    type_in(lesson, "walk2d", ("input", 4, "1/2"))
    assert lesson.text_area(key="A").value == "1,3,1\n0,1/2,1\n2,2,-1"
    type_in(lesson, "walk2d", ("kernel", None, "1\t0\t1\n2\t2\t2"))
    assert lesson.text_area(key="B").value == "1,0,1\n2,2,2"
    assert len(output(lesson)) == 4


@pytest.mark.parametrize(
    ("operand", "cell", "text", "sentence"),
    [
        ("input", 0, "", "Nothing is typed here"),
        ("input", None, "\n".join(["1\t" * 39 + "1"] * 40), "40×40 cells are too many"),
        ("kernel", None, "\n".join(["1 2 3 4 5 6 7 8"] * 8), "at most 7 rows of 7"),
    ],
)
def test_a_bad_cell_or_paste_is_refused_in_a_sentence(lesson, operand, cell, text, sentence):
    type_in(lesson, "walk2d", (operand, cell, text))
    refused = player(lesson)[0]["refused"]
    assert (refused["operand"], refused["cell"]) == (operand, cell)
    assert sentence in refused["sentence"]
    assert output(lesson) == GOLDEN


@pytest.mark.parametrize(
    ("name", "text", "sentence"),
    [
        ("A", "1,,2", "Array A, row 0, column 1: Nothing is typed here"),
        ("B", "1 2 3 4 5 6 7 8", "Array B, 1×8 cells are too many"),
    ],
)
def test_a_bad_array_gets_a_sentence_and_the_last_good_state_stays(lesson, name, text, sentence):
    lesson.number_input(key="S").set_value(2).run()
    before = output(lesson)
    lesson.text_area(key=name).set_value(text).run()
    assert not lesson.exception
    assert sentence in told(lesson)
    assert output(lesson) == before != GOLDEN


def test_a_link_restores_arrays_and_controls():
    at = open_link(
        "convolution_2d",
        A="1,2,3,4;5,6,7,8",
        B="1,1",
        operation="cross-correlation",
        outputs="valid",
        S="2",
    )
    assert output(at) == ["3 7"]
    at = open_link("convolution_2d", A="1,1;1,1", B="1", letters="true", step="2", lead="2")
    assert output(at) == ["az bz", "cz dz"]
    data, _ = player(at)
    assert (data["step"], data["lead"]) == (2, 2)


@pytest.mark.parametrize(
    "query",
    [
        {"A": "<script>", "B": "1;2,3"},
        {"operation": "division", "outputs": "most", "padding": "x"},
        {"S": "x", "P": "1e999", "D": "1.5"},
        {"step": "99999", "lead": "7", "letters": "maybe"},
    ],
)
def test_a_hand_edited_link_opens_something_sensible(query):
    assert output(open_link("convolution_2d", **query)) == GOLDEN


def test_a_link_out_of_range_sets_the_controls_to_the_nearest_and_says_so_until_one_is_touched():
    at = open_link("convolution_2d", S="0", D="99", P="-1", outputs="full")
    assert [at.number_input(key=key).value for key in "SDP"] == [1, 8, 0]
    assert "Dilation 99 lies outside 1 to 8: it is 8 here." in told(at)
    at.number_input(key="D").set_value(1).run()
    assert "lies outside" not in told(at)
    assert output(at) == GOLDEN


def test_thirty_two_by_thirty_two_with_a_seven_by_seven_kernel(lesson):
    lesson.text_area(key="A").set_value("1 " * 32 + ("\n" + "1 " * 32) * 31).run()
    lesson.text_area(key="B").set_value("1 1 1 1 1 1 1\n" * 7).run()
    lesson.segmented_control(key="outputs").set_value("valid").run()
    assert not lesson.exception
    assert output(lesson) == [" ".join(["49"] * 26)] * 26
    assert any("Matrix form is not shown" in one.value for one in lesson.markdown)


def test_predictions_are_judged_with_their_terms(lesson):
    lesson.toggle(key="predict2d").set_value(True).run()
    assert player(lesson)[0]["predict"]
    assert "4×4" not in told(lesson)
    for step, typed, right, sentence in [
        (None, "4x4", True, "The output has size 4×4"),
        (5, "-2", True, "1×(−1) + 3×0 + 0×2 + (−1)×1 = −2"),
        (5, "2", False, "Not 2"),
    ]:
        say(lesson, "walk2d", answer={"serial": 1, "walk": 0, "step": step, "typed": typed})
        verdict = player(lesson)[0]["verdict"]
        assert verdict["right"] is right
        assert sentence in verdict["sentence"]


def test_the_code_is_the_definitions_own_with_these_numbers(lesson):
    lesson.session_state["code2d"] = True
    lesson.run()
    shown = "\n".join(block.value for block in lesson.code)
    assert "def correlate2d_loops(" in shown
    assert "A = [[1, 3, 1], [0, -1, 1], [2, 2, -1]]" in shown
    assert "correlate2d_loops(padded, flipped)" in shown
    assert 'scipy.signal.convolve2d(A, B, "full")' in shown
    captions = [caption.value for caption in lesson.caption]
    assert "NumPy gives the same: largest difference 0." in captions
    assert "SciPy gives the same: largest difference 0." in captions
    assert "PyTorch runs beside the server, and when you ask for it." in captions


def test_a_puzzle_is_opened_solved_and_closed(lesson):
    lesson.selectbox(key="example2d").select("puzzle.copy").run()
    assert lesson.query_params["puzzle"] == "copy"
    assert player(lesson)[0]["whole"] is True
    assert "18 of 42 outputs are right." in words(lesson)
    type_in(lesson, "walk2d", *(("kernel", cell, "1" if cell == 4 else "0") for cell in range(9)))
    assert "Solved. One weight of 1 in the middle" in words(lesson)
    assert output(lesson)[2] == "0 0 6 9 6 0 0"
    lesson.button(key="puzzle_anew").click().run()
    assert "18 of 42 outputs are right." in words(lesson)
    lesson.button(key="puzzle_close").click().run()
    assert "puzzle" not in lesson.query_params
    assert "Puzzle." not in words(lesson)
    assert player(lesson)[0]["whole"] is False


def test_a_puzzle_gives_its_solution_and_another_example_closes_it(lesson):
    lesson.selectbox(key="example2d").select("puzzle.shrink").run()
    assert "the output is 5×5, and should be 3×3." in words(lesson)
    lesson.button(key="puzzle_solve").click().run()
    assert lesson.number_input(key="S").value == 2
    assert "Solved. Stride 2 does it" in words(lesson)
    lesson.selectbox(key="example2d").select("lecture").run()
    assert "puzzle" not in lesson.query_params
    assert output(lesson) == GOLDEN


def test_a_link_opens_a_puzzle_and_one_with_an_unknown_puzzle_opens_none():
    at = open_link("convolution_2d", puzzle="copy")
    assert "Not yet: the input must stay as it was." in words(at)
    assert "Puzzle." not in words(open_link("convolution_2d", puzzle="<b>"))
