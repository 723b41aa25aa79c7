import numpy as np
import pytest

from cnnlib.conv import conv2d
from tests.pages.components import choose_cell, open_link, packet, run, shown, words


def choose(at, panel, row, column):
    choose_cell(at, "volume", panel, row, column)


def drawn(at, group):
    """Return the maps of the groups whose names begin with `group`."""
    data, body = packet(at, "maps")
    values = np.frombuffer(body, "<f4")
    return np.stack(
        [
            values[p["from"] :][: p["rows"] * p["columns"]].reshape(p["rows"], p["columns"])
            for p in data["panels"]
            if p["group"].startswith(group)
        ]
    )


@pytest.fixture
def lesson(app):
    app.switch_page("pages/conv_layer.py").run()
    assert not app.exception
    return app


def test_it_opens_on_six_filters(lesson):
    told = words(lesson)
    assert "(32 − 5)/1 + 1 = 28, so 28×28×6" in told
    assert "(5·5·3 + 1)·6 = 456" in told
    assert "28·28·6 · 5·5·3 = 352,800" in told
    assert "= 32,928 bytes" in told
    assert "reads the whole depth column, 5·5·3 = 75 numbers" in told


def test_an_example_sets_the_controls_lets_the_cell_go_and_is_explained(lesson):
    choose(lesson, 3 + 3 + 2, 4, 7)
    lesson.selectbox(key="counted").set_value("7×7, F = 3, stride 3: does not fit").run()
    assert not lesson.exception
    assert lesson.number_input(key="v_stride").value == 3
    assert "cell" not in lesson.query_params
    assert "so 2×2×1" in words(lesson)
    assert "Input row 6 is never used. The same holds for columns." in words(lesson)
    assert drawn(lesson, "Output").shape == (1, 2, 2)


def test_maps_are_what_the_layer_computes(lesson):
    x, w = drawn(lesson, "Input"), drawn(lesson, "Filter")
    expected = conv2d(x[None].astype(float), w[None].astype(float), [0.5])[0, 0]
    np.testing.assert_allclose(drawn(lesson, "Output")[0], expected, atol=1e-4)


def test_a_cell_reads_the_whole_depth_column(lesson):
    choose(lesson, 3 + 3 + 2, 4, 7)
    assert lesson.query_params["cell"] == "2.4.7"
    assert "Map 2, (4, 7)" in words(lesson)
    assert f"= **{drawn(lesson, 'Output')[2, 4, 7]:.1f}".rstrip("0").rstrip(".") in words(
        lesson
    ).replace("−", "-")
    data = shown(lesson, "maps")
    links = [link for link in data["links"] if link["from"] == 8]
    assert [link["to"] for link in links] == [0, 1, 2, 3, 4, 5]
    assert data["tables"][links[0]["rows"]][4] == [4, 5, 6, 7, 8]


def test_all_16_slices_kernels_and_maps_are_there_to_be_paged_to(lesson):
    for name in ("depth", "filters"):
        lesson.number_input(key=f"v_{name}").set_value(16).run()
    assert not lesson.exception
    data = shown(lesson, "maps")
    groups = [panel["group"] for panel in data["panels"]]
    assert [groups.count(name) for name in dict.fromkeys(groups)] == [16, 16, 16]
    assert data["together"] == groups[0:17:16]  # slices and kernels turn their pages together
    last = [link["to"] for link in data["links"] if link["from"] == 47]
    assert last == list(range(16))
    choose(lesson, 47, 3, 2)
    assert lesson.query_params["cell"] == "15.3.2"
    assert "**Map 15, (3, 2)** reads the whole depth column, 5·5·16 = 400" in words(lesson)
    x, w = drawn(lesson, "Input"), drawn(lesson, "Filter")
    expected = conv2d(x[None].astype(float), w[None].astype(float), [0.5])[0, 0]
    np.testing.assert_allclose(drawn(lesson, "Output")[15], expected, atol=1e-4)
    sums = (x[:, 3:8, 2:7] * w).sum((1, 2)).round(1)
    told = words(lesson).split("the bias, ")[1].split(" + 0.5")[0].replace("−", "-")
    np.testing.assert_allclose([float(s.strip("()")) for s in told.split(" + ")], sums, atol=1e-4)


CONTROLS = {"width": 20, "depth": 4, "filters": 3, "size": 3, "stride": 2, "padding": 1}
CONTROLS |= {"dilation": 2, "groups": 3}


@pytest.mark.parametrize(("key", "value"), CONTROLS.items())
def test_each_control_changes_the_counts(lesson, key, value):
    before = words(lesson), packet(lesson, "maps")
    lesson.number_input(key=f"v_{key}").set_value(value).run()
    assert words(lesson) != before[0]
    assert packet(lesson, "maps") != before[1]


def test_what_does_not_fit_is_said_and_the_last_layer_stays(lesson):
    lesson.number_input(key="v_groups").set_value(2).run()
    assert "2 groups do not divide depth 3" in words(lesson)
    assert "(5·5·3 + 1)·6 = 456" in words(lesson)


def test_a_prediction_comes_before_the_counts(lesson):
    lesson.toggle(key="predict_layer").set_value(True).run()
    assert "456" not in words(lesson)
    groups = {panel["group"] for panel in packet(lesson, "maps")[0]["panels"]}
    assert groups == {"Input 32×32×3", "Filter 0: 5×5×3"}  # no output
    width, parameters = lesson.text_input
    width.set_value("28").run()
    assert "456" not in words(lesson)
    parameters = lesson.text_input[1]
    parameters.set_value("450").run()
    assert "✓ Right: (32 − 5)/1 + 1 = 28" in words(lesson)
    assert "✗ Not 450: (5·5·3 + 1)·6 = 456." in words(lesson)
    assert drawn(lesson, "Output").shape == (6, 28, 28)


def test_it_is_taken_away(lesson):
    lesson.session_state["take_layer"] = True
    run(lesson)
    labels = [button.label for button in lesson.get("download_button")]
    assert labels == ["GIF", "SVG", "PNG", "CSV"]


def test_the_code_is_the_definition_with_these_shapes(lesson):
    lesson.session_state["code_layer"] = True
    run(lesson)
    code = " ".join(block.value for block in lesson.code)
    assert "def conv2d_loops(" in code
    assert "# shape (1, 6, 28, 28)" in code
    assert "F.conv2d(x, w, bias, stride=1, padding=0, dilation=1, groups=1)" in code


@pytest.mark.parametrize(
    ("query", "sentence", "output"),
    [
        ({"v_width": "40"}, "Width 40 lies outside 1 to 32: it is 32 here.", (6, 28, 28)),
        ({"v_groups": "20"}, "it is 16 here. 16 groups do not divide depth 3", (6, 28, 28)),
        ({"v_groups": "20", "v_depth": "16", "v_filters": "16"}, "Groups 20 lies", (16, 28, 28)),
    ],
)
def test_a_link_out_of_range_opens_with_a_sentence_until_a_control_is_touched(
    query, sentence, output
):
    at = open_link("conv_layer", **query)
    assert sentence in words(at)
    assert drawn(at, "Output").shape == output
    for name, value in (("v_groups", 1), ("v_width", 30)):
        at.number_input(key=name).set_value(value).run()
    assert sentence not in words(at)
    assert drawn(at, "Output").shape == (output[0], 26, 26)


def test_a_cell_of_the_link_is_written_out_and_one_is_chosen_where_a_number_does_not_fit(lesson):
    at = open_link("conv_layer", cell="2.4.7")
    assert "Map 2, (4, 7)" in words(at)
    at.number_input(key="v_groups").set_value(2).run()
    choose(at, 3 + 3 + 1, 0, 5)
    assert "Map 1, (0, 5)" in words(at)
    at.toggle(key="predict_layer").set_value(True).run()
    assert "2 groups do not divide depth 3" in words(at)
    assert "456" not in words(at)


def test_each_view_keeps_its_own_last_state(lesson):
    lesson.number_input(key="v_filters").set_value(4).run()
    lesson.number_input(key="v_groups").set_value(2).run()
    lesson.session_state["layer_view"] = "transposed"
    run(lesson)
    assert "do not divide" not in words(lesson)
    lesson.text_input(key="t_B").set_value("1,x").run()
    assert "“x” is not a number" in words(lesson)
    assert "Input 2×2 → output 5×5" in words(lesson)
    lesson.session_state["layer_view"] = "layer"
    run(lesson)
    assert "2 groups do not divide depth 3" in words(lesson)
    assert drawn(lesson, "Output").shape == (4, 28, 28)
