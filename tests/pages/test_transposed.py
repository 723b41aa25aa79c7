"""The convolution layer read backwards, through the app."""

import pytest

from tests.pages.components import grid, open_link, player, run, say, type_in, words


@pytest.fixture
def lesson(app):
    app.switch_page("pages/conv_layer.py").run()
    app.session_state["layer_view"] = "transposed"
    run(app)
    return app


def output(at, method="translate-and-scale"):
    return grid(player(at)[1][method], "output")


def test_it_opens_on_overlapping_patches_with_input_and_output_labelled(lesson):
    assert output(lesson)[2] == ["2", "0", "9", "0", "10"]
    assert output(lesson, "matrix form") == output(lesson)
    walk = player(lesson)[1]["translate-and-scale"]
    assert [one["title"] for one in walk["grids"]] == ["Input A", "Kernel B", "Output A ⊗ᵀ B"]
    assert "Input 2×2 → output 5×5" in words(lesson)
    assert "both (2 − 1)·2 + 3 = 5" in words(lesson)
    assert "Inside, an output cell adds up 1, 2 or 4 products" in words(lesson)


def test_the_lectures_arrays_give_the_lectures_full_convolution(lesson):
    lesson.selectbox(key="backwards_examples").set_value("lecture").run()
    assert output(lesson) == [
        ["1", "5", "7", "2"],
        ["0", "−2", "−4", "1"],
        ["2", "6", "4", "−3"],
        ["0", "−2", "−2", "1"],
    ]


@pytest.mark.parametrize(
    ("key", "value"), [("stride", 3), ("padding", 1), ("output_padding", 1), ("dilation", 2)]
)
def test_each_control_changes_the_output_and_how_its_size_follows(lesson, key, value):
    before = output(lesson), words(lesson)
    lesson.number_input(key=f"t_{key}").set_value(value).run()
    assert output(lesson) != before[0]
    assert words(lesson) != before[1]


def test_typed_arrays_count(lesson):
    lesson.text_input(key="t_A").set_value("1,1").run()
    lesson.text_input(key="t_B").set_value("1/2,1").run()
    assert output(lesson) == [["0.5", "1", "0.5", "1"]] or output(lesson) == [
        ["1/2", "1", "1/2", "1"]
    ]
    type_in(lesson, "backwards", ("input", 1, "5"))
    assert lesson.text_input(key="t_A").value == "1,5"
    assert output(lesson)[0][3] == "5"


@pytest.mark.parametrize(
    ("key", "value", "sentence"),
    [
        ("output_padding", 2, "Output padding 2 with stride 2: use at most 1."),
        ("padding", 3, "Padding 3 cuts off all 5 cells: use at most 2."),
    ],
)
def test_what_does_not_fit_is_said_and_the_last_output_stays(lesson, key, value, sentence):
    lesson.number_input(key=f"t_{key}").set_value(value).run()
    assert sentence in words(lesson)
    assert output(lesson)[2] == ["2", "0", "9", "0", "10"]


def test_what_is_no_number_is_refused(lesson):
    lesson.text_input(key="t_B").set_value("1,x").run()
    assert "“x” is not a number" in words(lesson)
    assert output(lesson)[2] == ["2", "0", "9", "0", "10"]


def test_it_is_predicted_first(lesson):
    lesson.toggle(key="predict_layer").set_value(True).run()
    assert player(lesson)[0]["predict"]
    assert "= 5" not in words(lesson)
    answer = {"serial": 1, "walk": 0, "step": 1, "typed": "3"}
    say(lesson, "backwards", answer=answer)
    verdict = player(lesson)[0]["verdict"]
    assert verdict["right"] is False
    assert "2×B is added from (0, 2) on, 3 cells over other patches" in verdict["sentence"]


def test_the_code_gives_the_same_numbers(lesson):
    lesson.selectbox(key="backwards_examples").set_value("doubled").run()
    lesson.session_state["code_layer"] = True
    run(lesson)
    code = " ".join(block.value for block in lesson.code)
    assert "def conv_transpose2d_loops(" in code
    assert "conv_transpose2d_loops(x, w, stride=2, padding=1, output_padding=1)[0, 0]" in code
    assert "F.conv_transpose2d(x, w, stride=2, padding=1, output_padding=1)" in code
    assert "SciPy gives the same" in words(lesson)


def test_it_can_be_taken_away_with_a_link(lesson):
    lesson.session_state["take_backwards"] = True
    run(lesson)
    labels = [button.label for button in lesson.get("download_button")]
    assert [label.split()[0] for label in labels] == ["GIF", "SVG", "PNG", "CSV"]


def test_a_link_out_of_range_opens_with_a_sentence_and_an_old_drawers_name_opens_the_code():
    at = open_link("conv_layer", layer_view="transposed", t_stride="7", code_backwards="true")
    assert "Stride S 7 lies outside 1 to 6: it is 6 here." in words(at)
    assert "Input 2×2 → output 9×9" in words(at)
    assert "def conv_transpose2d_loops(" in at.code[0].value


def test_a_link_that_cannot_be_shown_opens_its_own_view():
    at = open_link("conv_layer", layer_view="transposed", t_B="1,x")
    assert "“x” is not a number" in words(at)
    assert output(at)[2] == ["2", "0", "9", "0", "10"]
    assert at.text_input(key="t_B").value == "1,x"
    assert "Input 2×2 → output 5×5" in words(at)
