import pytest

from cnnlib.lessons.convolution_1d import PLAYED
from tests.pages.components import grid, keep, open_link, player, rows, say, type_in


def first(walks):
    """Return the walkthrough that slides the kernel, which a convolution flips."""
    return walks.get("flip-and-filter") or walks["slide-and-filter"]


def output(at, method=""):
    return rows((player(at)[1].get(method) or first(player(at)[1])), "output")[0]


@pytest.fixture
def lesson(app):
    app.switch_page("pages/convolution_1d.py").run()
    assert not app.exception
    return app


def test_it_opens_on_the_lectures_example_by_three_methods(lesson):
    _, walks = player(lesson)
    assert list(walks) == ["flip-and-filter", "translate-and-scale", "matrix form"]
    assert {output(lesson, method) for method in walks} == {"2 1 4 −1 2"}
    assert grid(walks["flip-and-filter"], "flipped") == [["2", "1", "1"]]
    copies = [grid(walks["translate-and-scale"], f"copy{n}")[0] for n in range(3)]
    assert copies == [["2", "2", "4", "", ""], ["", "−1", "−1", "−2", ""], ["", "", "1", "1", "2"]]
    columns = zip(*grid(walks["matrix form"], "matrix"), strict=True)
    assert [" ".join(c or "0" for c in column) for column in columns] == [
        "1 1 2 0 0",
        "0 1 1 2 0",
        "0 0 1 1 2",
    ]
    assert "15 entries, 3 parameters" in lesson.markdown[-1].value


def test_convolution_is_commutative_and_cross_correlation_is_not(lesson):
    assert "convolution is commutative" in lesson.markdown[-1].value
    before = first(player(lesson)[1])["steps"]
    lesson.button(key="swap").click().run()
    assert output(lesson) == "2 1 4 −1 2"
    assert first(player(lesson)[1])["steps"] != before
    lesson.button(key="swap").click().run()
    lesson.segmented_control(key="op").set_value("cross-correlation").run()
    assert output(lesson) == "4 0 3 0 1"
    assert "cross-correlation is not commutative" in lesson.markdown[-1].value
    lesson.button(key="swap").click().run()
    assert output(lesson) == "1 0 3 0 4"


def test_outputs_and_padding(lesson):
    lesson.segmented_control(key="keep").set_value("same").run()
    assert output(lesson) == "1 4 −1"
    lesson.segmented_control(key="pad").set_value("reflect").run()
    assert output(lesson) == "−1 4 −2"


@pytest.mark.parametrize(
    ("played", "expected"),
    [
        ("a(bc)", "2 −1 3 −5 3 −2"),
        ("(ab)c", "2 −1 3 −5 3 −2"),
    ],
)
def test_a_third_array_shows_associativity(lesson, played, expected):
    lesson.toggle(key="third").set_value(True).run()
    lesson.segmented_control(key="play").set_value(played).run()
    assert output(lesson) == expected
    assert "convolution is associative" in lesson.markdown[-1].value
    data, walks = player(lesson)
    assert ("input" in data["editable"]) == (played != "(ab)c")
    assert walks["flip-and-filter"]["grids"][-1]["title"] == f"Output {PLAYED[played]}"


def test_what_can_be_played_has_the_operations_own_sign(lesson):
    lesson.toggle(key="third").set_value(True).run()
    assert lesson.segmented_control(key="play").options[2] == "a ∗ (b ∗ c)"
    lesson.segmented_control(key="op").set_value("cross-correlation").run()
    assert lesson.segmented_control(key="play").options[2] == "a ⊗ (b ⊗ c)"
    assert "cross-correlation is not associative" in lesson.markdown[-1].value


def test_a_typed_cell_changes_the_array_and_is_shown_as_typed(lesson):
    type_in(lesson, "walk", ("input", 1, "1/2"))
    assert lesson.text_input(key="a").value == "2,1/2,1"
    assert output(lesson) == "2 5/2 11/2 2 2"
    type_in(lesson, "walk", ("kernel", 0, "0.5"))
    assert lesson.text_input(key="b").value == "0.5,1,2"


def test_edits_that_come_together_are_all_taken(lesson):
    type_in(lesson, "walk", ("input", 0, "7"), ("input", 2, "x"), ("kernel", 1, "9"))
    assert lesson.text_input(key="a").value == "7,-1,1"
    assert lesson.text_input(key="b").value == "1,9,2"
    data, _ = player(lesson)
    assert data["refused"]["cell"] == 2


@pytest.mark.parametrize("text", ["", "9" * 50])
def test_a_bad_cell_is_refused_in_a_sentence_and_the_array_stays(lesson, text):
    type_in(lesson, "walk", ("input", 0, text))
    refused = player(lesson)[0]["refused"]
    assert (refused["operand"], refused["cell"], refused["text"]) == ("input", 0, text)
    assert refused["sentence"].endswith(".")
    assert output(lesson) == "2 1 4 −1 2"


def test_a_pasted_array_is_taken_or_refused(lesson):
    type_in(lesson, "walk", ("input", None, "1\t2\t3\t4"))
    assert lesson.text_input(key="a").value == "1,2,3,4"
    type_in(lesson, "walk", ("input", None, "\n".join(["1\t" * 39 + "1"] * 40)))
    assert "40×40 cells are too many" in player(lesson)[0]["refused"]["sentence"]
    assert lesson.text_input(key="a").value == "1,2,3,4"


@pytest.mark.parametrize(
    ("name", "text", "told"),
    [
        ("a", "1,x", "Array a, number 1: “x” is not a number"),
        ("b", "1,2;3,4", "2×2 cells are too many"),
    ],
)
def test_a_bad_array_gets_a_sentence_and_the_last_good_one_stays(lesson, name, text, told):
    lesson.text_input(key="a").set_value("3,1").run()
    shown = output(lesson)
    lesson.text_input(key=name).set_value(text).run()
    assert not lesson.exception
    assert any(told in one.value for one in lesson.markdown), [m.value for m in lesson.markdown]
    assert output(lesson) == shown


def test_sixteen_numbers_and_a_signal_of_sixty_four(lesson):
    lesson.text_input(key="a").set_value(",".join(map(str, range(16)))).run()
    assert len(output(lesson).split()) == 18
    lesson.selectbox(key="example").select("noisy step, blurred").run()
    _, walks = player(lesson)
    assert len(output(lesson).split()) == 64
    assert len(walks) == 3
    assert sum(name["role"] == "copy" for name in walks["translate-and-scale"]["grids"]) == 5


def test_a_link_restores_arrays_controls_and_cursor():
    at = open_link(
        "convolution_1d",
        a="1,2/3,-4",
        b="1,-1",
        op="cross-correlation",
        keep="same",
        step="1",
        lead="1",
    )
    assert output(at) == "−1 1/3 14/3"
    data, _ = player(at)
    assert (data["step"], data["lead"]) == (1, 1)


@pytest.mark.parametrize(
    "query",
    [
        {"a": "<script>", "b": "1;2"},
        {"op": "division", "keep": "most", "pad": "x"},
        {"step": "99999", "lead": "7"},
        {"step": "-1", "lead": "x"},
        {"third": "true", "c": "1e999", "play": "c"},
    ],
)
def test_a_hand_edited_link_opens_something_sensible(query):
    assert output(open_link("convolution_1d", **query)) == "2 1 4 −1 2"


def test_the_resting_cursor_stands_in_the_link(lesson):
    keep(lesson, "walk", cursor={"step": 4, "lead": 0})
    assert "".join(lesson.query_params["step"]) == "4"
    keep(lesson, "walk", cursor={"step": 1, "lead": 2})
    assert [*lesson.query_params["step"], *lesson.query_params["lead"]] == ["1", "2"]


def test_predictions_are_judged_with_their_terms(lesson):
    lesson.toggle(key="predict").set_value(True).run()
    assert player(lesson)[0]["predict"]
    for step, typed, right, told in [
        (None, "5", True, "The output has size 5"),
        (2, "4", True, "2×2 + (−1)×1 + 1×1 = 4"),
        (2, "3", False, "Not 3"),
        (2, "three", None, "not a number"),
        (99, "3", None, "no step 100"),
    ]:
        say(lesson, "walk", answer={"serial": 1, "walk": 0, "step": step, "typed": typed})
        verdict = player(lesson)[0]["verdict"]
        assert verdict["right"] is right
        assert told in verdict["sentence"]


def test_the_code_is_the_definitions_own_with_these_numbers(lesson):
    lesson.session_state["code"] = True
    lesson.run()
    shown = "\n".join(block.value for block in lesson.code)
    assert "def convolve_loops(" in shown
    assert "a = [2, -1, 1]\nb = [1, 1, 2]\nconvolve_loops(a, b)  # 2, 1, 4, −1, 2" in shown
    captions = [caption.value for caption in lesson.caption]
    assert "NumPy gives the same: largest difference 0." in captions
    assert "SciPy gives the same: largest difference 0." in captions
    assert "PyTorch runs beside the server, and when you ask for it." in captions
    lesson.toggle(key="cnnlib.lessons.convolution_1d.torch").set_value(True).run()
    assert "PyTorch gives the same: largest difference 0." in [c.value for c in lesson.caption]


def test_what_is_taken_away_is_the_step_where_the_player_stands(lesson):
    lesson.session_state["take"] = True
    lesson.run()
    labels = [button.proto.label for button in lesson.get("download_button")]
    assert labels == ["GIF", "SVG of step 3", "PNG of step 3", "CSV"]
    keep(lesson, "walk", cursor={"step": 9, "lead": 0})
    assert "SVG of step 5" in [button.proto.label for button in lesson.get("download_button")]


def test_a_link_opens_the_code():
    at = open_link("convolution_1d", code="true")
    assert any("def convolve_loops(" in block.value for block in at.code)
