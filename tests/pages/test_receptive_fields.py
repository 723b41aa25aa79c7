import numpy as np
import pytest

from cnnlib.figures.scene import Box
from cnnlib.lessons.given import Given
from cnnlib.lessons.receptive_fields import State
from cnnlib.models.stack import STACKS
from tests.pages.components import choose_cell, open_link, packet, run, shown, words


def choose(at, panel, row, column):
    choose_cell(at, "fields", panel, row, column)


def field_notes(at):
    notes = [panel["note"] for panel in shown(at, "maps")["panels"]]
    return [int(note.split("×")[-1]) for note in notes if "field" in note]


@pytest.fixture
def lesson(app):
    app.switch_page("pages/receptive_fields.py").run()
    assert not app.exception
    return app


def test_two_5x5_layers_see_9x9(lesson):
    assert field_notes(lesson) == [5, 9]
    told = words(lesson)
    assert "1 + L(K-1) = 1 + 2·(5-1) = 9" in told
    assert "9×9 (rows 10–18, columns 10–18)" in told
    assert "With respect to the layer before it: 5×5" in told


@pytest.mark.parametrize(
    ("name", "fields"),
    [
        ("the shipped network", [3, 5, 6, 10, 14, 16]),
        ("LeNet-5", [5, 6, 14, 16, 32]),
        ("VGG-16, first blocks", [3, 5, 6, 10, 14, 16, 24, 32, 40, 44]),
        ("dilated", [3, 7, 15]),
    ],
)
def test_stacks_by_name(lesson, name, fields):
    lesson.selectbox(key="stacks").set_value(name).run()
    assert field_notes(lesson) == fields
    assert lesson.text_input(key="layers").value == STACKS[name][0]
    assert "1 + L(K-1)$ needs equal kernels" in words(lesson)


def test_a_pixel_is_followed_from_below(lesson):
    choose(lesson, 0, 14, 14)
    assert "Pixel (14, 14)** affects 5×5 in layer 1, 9×9 in layer 2" in words(lesson)
    assert lesson.query_params["unit"] == "0.14.14"
    choose(lesson, 0, 0, 0)
    assert "affects 1×1 in layer 1, 1×1 in layer 2" in words(lesson)


def test_a_unit_at_the_border_sees_less(lesson):
    lesson.text_input(key="layers").set_value("conv5p2, conv5p2").run()
    choose(lesson, 2, 0, 14)
    assert "5×9 (rows 0–4, columns 10–18)" in words(lesson)
    assert "less than 9×9" in words(lesson)


def test_the_effective_field_is_measured_within_the_theoretical_one(lesson):
    choose(lesson, 2, 3, 5)
    data, body = packet(lesson, "maps")
    effective = data["panels"][-1]
    assert effective["title"] == "In effect"
    values = np.frombuffer(body, "<f4")[effective["from"] :].reshape(28, 28)
    rows, columns = np.nonzero(values)
    assert (rows.min(), rows.max(), columns.min(), columns.max()) == (3, 11, 5, 13)
    lesson.session_state["effective"] = False
    run(lesson)
    assert shown(lesson, "maps")["panels"][-1]["title"] == "conv5"


def test_links_are_what_the_stack_reads(lesson):
    data = shown(lesson, "maps")
    first, second = data["links"]
    assert (first["from"], first["to"], second["from"]) == (1, 0, 2)
    assert data["tables"][first["rows"]][7] == [7, 8, 9, 10, 11]


def test_layers_are_added_and_removed(lesson):
    lesson.button(key="add").click().run()
    assert lesson.text_input(key="layers").value == "conv5, conv5, conv3s1"
    assert field_notes(lesson) == [5, 9, 11]
    lesson.button(key="remove").click().run()
    lesson.button(key="remove").click().run()
    assert field_notes(lesson) == [5]


def test_a_prediction_comes_before_the_fields(lesson):
    lesson.toggle(key="predict_field").set_value(True).run()
    data = shown(lesson, "maps")
    assert field_notes(lesson) == data["links"] == []
    assert data["chosen"] is None
    lesson.text_input(key="guess.conv5, conv5.28.0").set_value("10").run()
    assert "✗ Not 10: 1 + (5 − 1)·1 + (5 − 1)·1 = 9." in words(lesson)
    assert field_notes(lesson) == [5, 9]
    lesson.text_input(key="guess.conv5, conv5.28.0").set_value("9×9").run()
    assert "✓ Right: 1 + " in words(lesson)


def test_what_does_not_fit_is_said_and_the_last_stack_stays(lesson):
    lesson.text_input(key="layers").set_value("conv5, conv30").run()
    assert "Layer 2, conv30: kernel 30 does not fit input 24" in words(lesson)
    assert field_notes(lesson) == [5, 9]


@pytest.mark.parametrize(
    ("figure", "unit", "told"),
    [
        ("from below", 3, "x3 affects h2, h3, h4: 3 of 5; dense, all 5. Connections: 13 instead"),
        ("from above", 3, "h3 sees x2, x3, x4: 3 of 5"),
        ("two layers", 3, "g3 sees x1, x2, x3, x4, x5: 5 of 5"),
    ],
)
def test_figures_9_2_to_9_4(lesson, figure, unit, told):
    lesson.session_state["fields_view"] = "connections"
    run(lesson)
    lesson.session_state["wires"] = figure
    run(lesson)
    lesson.number_input(key="wire_unit").set_value(unit).run()
    assert told in words(lesson)
    lesson.number_input(key="wire_k").set_value(1).run()
    assert "1 of 5" in words(lesson)


@pytest.fixture
def wired(lesson):
    lesson.session_state["fields_view"] = "connections"
    run(lesson)
    return lesson


def test_connections_are_predicted_before_they_are_shown(wired):
    wired.toggle(key="predict_field").set_value(True).run()
    assert "x3 affects" not in words(wired)
    wired.text_input[0].set_value("5").run()
    assert "✗ Not 5: x3 affects h2, h3, h4: 3 of 5" in words(wired)
    wired.text_input[0].set_value("3").run()
    assert "✓ Right: x3 affects h2, h3, h4" in words(wired)


def test_connections_have_their_code(wired):
    wired.session_state["code_fields"] = True
    run(wired)
    code = " ".join(block.value for block in wired.code)
    assert "def windows(" in code
    assert "windows(5, 3, padding=1)  # [[-1, 0, 1], [0, 1, 2]," in code
    assert "NumPy gives the same" in words(wired)
    assert "F.conv1d(x, w, padding=1)" in code


def test_connections_are_taken_away_as_pictures_and_as_a_table(wired):
    wired.session_state["take_wires"] = True
    run(wired)
    labels = [button.label for button in wired.get("download_button")]
    assert labels == ["SVG, sparse", "PNG, sparse", "SVG, dense", "PNG, dense", "CSV"]


def test_a_field_is_taken_away_as_an_animation_too(lesson):
    lesson.session_state["take_fields"] = True
    run(lesson)
    labels = [button.label for button in lesson.get("download_button")]
    assert labels == ["GIF", "SVG", "PNG", "CSV"]
    scenes = State(layers="conv3, pool2", size=8).scenes(Given(), "light")
    fields = [sum(s.outline == 2.0 for s in one.shapes if isinstance(s, Box)) for one in scenes]
    assert fields == [1, 2, 3]  # the unit, its field in the map before, and in the input


def test_the_code_shows_the_recurrence(lesson):
    lesson.session_state["code_fields"] = True
    run(lesson)
    code = " ".join(block.value for block in lesson.code)
    assert "field_sizes([5, 5], [1, 1])  # [5, 9]" in code
    assert "torch.autograd.grad(y[0, 0, 10, 10], x)" in code


def test_a_link_with_nonsense_for_a_unit_opens_in_the_middle(lesson):
    lesson.query_params["unit"] = "9.x.1"
    run(lesson)
    assert shown(lesson, "maps")["chosen"] == {"panel": 2, "row": 10, "column": 10}


def test_what_is_too_dear_to_measure_is_said_and_the_rest_is_shown(lesson):
    lesson.text_input(key="layers").set_value(", ".join(["conv99p99"] * 12)).run()
    assert not lesson.exception
    assert "In effect: not measured. The gradients of this unit need " in words(lesson)
    assert "of layer 12** sees **" in words(lesson)


def test_an_input_that_is_too_large_opens_as_the_largest_with_one_sentence():
    at = open_link("receptive_fields", input_size="100")
    assert "Input 100 lies outside 1 to 64: it is 64 here." in words(at)
    assert at.number_input(key="input_size").value == 64
    assert at.query_params["input_size"] == "64"
    at.toggle(key="effective").set_value(False).run()
    assert "lies outside" not in words(at)


def test_a_stack_that_is_chosen_shows_its_unit_in_the_middle(lesson):
    choose(lesson, 1, 2, 3)
    assert lesson.query_params["unit"] == "1.2.3"
    lesson.selectbox(key="stacks").set_value("dilated").run()
    assert "unit" not in lesson.query_params
    assert shown(lesson, "maps")["chosen"] == {"panel": 3, "row": 14, "column": 14}
