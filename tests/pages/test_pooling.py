import json

import numpy as np
import pytest

from tests.pages.components import packet, run, type_in, words


def walk(at):
    (found,) = json.loads(packet(at, "player")[1])
    return found


def output(at):
    told = walk(at)
    (grid,) = [one for one in told["grids"] if one["id"] == "output"]
    return " ".join(told["texts"][text] for text in grid["texts"])


def arrays(at):
    """Return the arrays that the maps component shows, panel by panel."""
    data, body = packet(at, "maps")
    values = np.frombuffer(body, "<f4")
    return {
        (panel["group"], panel["title"]): values[panel["from"] :][
            : panel["rows"] * panel["columns"]
        ].reshape(panel["rows"], panel["columns"])
        for panel in data["panels"]
    }


@pytest.fixture
def lesson(app):
    app.switch_page("pages/pooling.py").run()
    assert not app.exception
    return app


def test_it_opens_on_the_lectures_example(lesson):
    assert output(lesson) == "6 8 3 4"
    assert "Parameters: **0**" in words(lesson)
    lesson.session_state["pool"] = "average"
    run(lesson)
    assert output(lesson) == "3.25 5.25 2 2"


def test_the_other_example_has_whole_averages(lesson):
    lesson.selectbox(key="pooled").set_value("other first rows").run()
    lesson.session_state["pool"] = "average"
    run(lesson)
    assert output(lesson) == "4 5 2 2"


def test_ties_are_counted(lesson):
    lesson.selectbox(key="pooled").set_value("ties").run()
    assert output(lesson) == "1 4 5 0"
    assert "Ties: 3 of 4 windows" in words(lesson)
    lesson.number_input(key="pool_s").set_value(1).run()
    assert output(lesson) == "1 4 4 5 4 4 5 3 0"


def test_what_does_not_fit_is_said_and_the_last_map_stays(lesson):
    lesson.number_input(key="pool_k").set_value(5).run()
    assert "does not fit input 4" in words(lesson)
    assert output(lesson) == "6 8 3 4"


def test_a_typed_cell_is_pooled(lesson):
    type_in(lesson, "poolwalk", ("input", 0, "9"))
    assert output(lesson) == "9 8 3 4"
    assert lesson.text_input(key="map").value.startswith("9,1,2,4;")


def test_a_moved_drawing_and_its_measured_changes(lesson):
    lesson.session_state["pool_view"] = "drawing"
    run(lesson)
    shown = arrays(lesson)
    before, after = (shown[group, "Drawing"] for group in ("Before", "After the shift"))
    np.testing.assert_array_equal(after[:, 1:], before[:, :-1])
    for group in ("Before", "After the shift"):
        maps, pooled = shown[group, "Map 0"], shown[group, "Pooled 0"]
        np.testing.assert_allclose(pooled, maps.reshape(14, 2, 14, 2).max((1, 3)))
    notes = [panel["note"] for panel in packet(lesson, "maps")[0]["panels"][3:]]
    told = [float(note.split(" by ")[1].removesuffix(" %")) for note in notes]
    gap = 100 * np.linalg.norm(after - before) / np.linalg.norm(before)
    assert told[0] == pytest.approx(gap, abs=0.5)
    lesson.slider(key="right").set_value(0).run()
    notes = [panel["note"] for panel in packet(lesson, "maps")[0]["panels"][3:]]
    assert all("changed by 0 %" in note for note in notes)


@pytest.fixture
def moved(lesson):
    lesson.session_state["pool_view"] = "drawing"
    run(lesson)
    return lesson


def test_a_change_is_predicted_before_the_maps_are_shown(moved):
    notes = [panel["note"] for panel in packet(moved, "maps")[0]["panels"][3:]]
    pooled = round(float(notes[2].split(" by ")[1].removesuffix(" %")))
    moved.session_state["predict_pool"] = True
    run(moved)
    asked = packet(moved, "maps")[0]["panels"]
    assert [(panel["title"], panel["note"]) for panel in asked] == [("Drawing", "")] * 2
    moved.text_input[0].set_value(str(pooled + 30)).run()
    assert f"✗ Not {pooled + 30}: pooled, the maps change by {pooled} %" in words(moved)
    assert len(packet(moved, "maps")[0]["panels"]) == 6
    moved.text_input[0].set_value(f"{pooled + 3} %").run()
    assert f"✓ Near enough: pooled, the maps change by {pooled} %" in words(moved)


def test_a_shift_has_its_code(moved):
    moved.session_state["code_pool"] = True
    run(moved)
    code = " ".join(block.value for block in moved.code)
    assert "moved = shifted(image, 0, 1)" in code
    assert "scipy.ndimage.shift(image, (0, 1), order=0)" in code
    assert "F.pad(torch.tensor(image), (1, -1, 0, 0))" in code
    assert "SciPy gives the same" in " ".join(caption.value for caption in moved.caption)


def test_a_shift_is_taken_away(moved):
    moved.session_state["take_shift"] = True
    run(moved)
    labels = [button.label for button in moved.get("download_button")]
    assert labels == ["GIF", "SVG", "PNG", "CSV"]


@pytest.mark.parametrize(
    ("key", "value"), [("channel", 5), ("down", 2), ("pool_k", 4), ("pool", "L2")]
)
def test_each_control_changes_the_maps(lesson, key, value):
    lesson.session_state["pool_view"] = "drawing"
    run(lesson)
    before = packet(lesson, "maps")
    lesson.session_state[key] = value
    run(lesson)
    assert packet(lesson, "maps") != before


def test_the_code_gives_the_same_numbers(lesson):
    lesson.session_state["code_pool"] = True
    run(lesson)
    code = " ".join(block.value for block in lesson.code)
    assert "pool_loops(a, 2, 2, 0, max)  # 6, 8, 3, 4" in code
    assert "F.max_pool2d(x, 2, 2, 0)" in code
