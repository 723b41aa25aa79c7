import io
import json

import numpy as np
import pytest
from PIL import Image

from cnnlib.conv import correlate2d
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.filtering import showing
from cnnlib.kernels import KERNELS, compose
from cnnlib.lessons.pictures import sample_picture
from tests.pages.components import keep, open_link, packet, say, shown, words


@pytest.fixture
def lesson(app):
    app.switch_page("pages/kernels.py").run()
    assert not app.exception
    return app


def seen(at):
    """Return the header, the padded picture and the result's shades that the browser was given."""
    data, body = packet(at, "magnifier")
    count = int(np.prod(data["padded"]))
    padded = np.frombuffer(body[:count], np.uint8).reshape(data["padded"])
    depth = data["padded"][2]
    return data, padded, np.frombuffer(body[count:], np.uint8).reshape(*data["result"], depth)


def shades(result, how="signed"):
    """Return a result of one channel as it is to be shown."""
    result = np.asarray(result, float)[..., None]
    return showing(result, how).shades(result)


def told(at):
    return " ".join(element.value for element in at.markdown)


def run(touched):
    """Run the app, with a control that was touched."""
    at = touched.run()
    assert not at.exception
    return at


def test_it_opens_on_oriented_edges_of_the_house(lesson):
    data, padded, result = seen(lesson)
    assert data["weights"] == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    assert padded.shape == (280, 320, 1)
    assert result.shape == (278, 318, 1)
    np.testing.assert_array_equal(padded[..., 0], sample_picture("scene").grey)
    expected = correlate2d(padded[..., 0], KERNELS["sobel"].weights)
    np.testing.assert_array_equal(result, shades(expected))
    row, column = data["at"]
    assert data["factors"] == [[1, 2, 1], [1, 0, -1]]
    assert abs(expected[row, column]) == abs(expected).max()
    assert "column (1, 2, 1) times row (1, 0, −1)" in told(lesson)
    assert "3×3 = 9 multiplications for each output, as two sweeps 3 + 3 = 6" in told(lesson)


def test_a_preset_sets_its_kernel_and_its_scale_and_says_its_source(lesson):
    run(lesson.selectbox(key="preset").select("gaussian"))
    data, padded, result = seen(lesson)
    kernel = KERNELS["gaussian"]
    np.testing.assert_allclose(data["weights"], kernel.weights)
    wanted = shades(correlate2d(padded[..., 0], kernel.weights), "clip").astype(int)
    assert abs(wanted - result).max() <= 1  # a half is rounded up or down
    np.testing.assert_allclose(np.outer(*data["factors"]), kernel.weights, atol=1e-9)
    assert kernel.source in told(lesson)
    assert not data["signed"]
    assert (lesson.query_params["kernel"], lesson.query_params["shown"]) == (kernel.text, "clip")


def test_how_results_are_shown_is_a_choice_and_is_said(lesson):
    sentences = set()
    for how in ("signed", "clip", "absolute", "rescale"):
        run(lesson.segmented_control(key="shown").set_value(how))
        data, padded, result = seen(lesson)
        expected = correlate2d(padded[..., 0], KERNELS["sobel"].weights)
        np.testing.assert_array_equal(result, shades(expected, how))
        assert showing(expected, how).sentence in data["captions"][1]
        sentences.add(data["captions"][1])
    assert len(sentences) == 4


def test_colour_and_borders_are_choices(lesson):
    run(lesson.segmented_control(key="channels").set_value("colour"))
    assert seen(lesson)[2].shape == (278, 318, 3)
    run(lesson.segmented_control(key="borders").set_value("zero"))
    data, padded, result = seen(lesson)
    assert padded.shape == (282, 322, 3)
    assert result.shape == (280, 320, 3)
    assert data["pads"] == [1, 1]
    assert padded[0].max() == 0
    run(lesson.segmented_control(key="borders").set_value("edge"))
    assert seen(lesson)[1][0].max() > 0


def test_a_weight_typed_into_the_grid_counts_and_stands_in_the_link(lesson):
    say(lesson, "magnifier", kernel="0,0,0;0,1/2,0")
    data, padded, result = seen(lesson)
    assert data["kernel"] == [["0", "0", "0"], ["0", "1/2", "0"]]
    np.testing.assert_array_equal(result, shades(padded[1:, 1:-1, 0] / 2))
    assert lesson.query_params["kernel"] == "0,0,0;0,1/2,0"
    assert lesson.selectbox(key="preset").value is None


def test_what_is_no_number_is_refused_and_the_last_kernel_stays(lesson):
    say(lesson, "magnifier", kernel="1,x;2,0")
    data = shown(lesson, "magnifier")
    assert "Row 0, column 1: “x” is not a number" in data["note"]
    assert data["weights"] == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]
    run(lesson.text_input(key="kernel").set_value("1,2;3"))
    assert "same number of cells" in words(lesson)
    assert shown(lesson, "magnifier")["weights"] == [[1, 0, -1], [2, 0, -2], [1, 0, -1]]


def test_two_kernels_in_a_row_are_their_convolution(lesson):
    run(lesson.toggle(key="two").set_value(True))
    data, padded, result = seen(lesson)
    both = compose(KERNELS["sobel"].weights, [[1, 1], [1, 1]])
    np.testing.assert_array_equal(data["weights"], both)
    assert not data["editable"]
    one_by_one = correlate2d(correlate2d(padded[..., 0], KERNELS["sobel"].weights), np.ones((2, 2)))
    np.testing.assert_array_equal(result, shades(one_by_one))
    assert "differ by at most 0." in told(lesson)


def test_figure_9_6_opens_its_own_example(lesson):
    run(lesson.segmented_control(key="borders").set_value("edge"))
    lesson.session_state["figure"] = True
    run(lesson)
    run(lesson.button(key="open_figure").click())
    _, padded, result = seen(lesson)
    assert result.shape == (280, 319, 1)
    grey = padded[..., 0].astype(int)
    np.testing.assert_array_equal(result, shades(grey[:, 1:] - grey[:, :-1]))
    assert "319×280×(2 products + 1 sums) = 267,960" in told(lesson)


def test_a_click_stands_in_the_link_and_is_stepped_through(lesson):
    lesson.session_state["steps"] = True
    keep(lesson, "magnifier", at=[100, 50])
    assert lesson.query_params["at"] in ("100.50", ["100.50"])
    padded = seen(lesson)[1]
    result = correlate2d(padded[..., 0], KERNELS["sobel"].weights)
    assert shown(lesson, "magnifier")["at"] == [100, 50]
    data, body = packet(lesson, "player")
    walk = body.decode()
    told = json.loads(walk)[0]["steps"][data["step"]]
    assert told["value"] == result[100, 50]
    for value in padded[98:105, 48:55, 0].ravel().tolist():
        assert f'"{value}"' in walk
    for value in result[98:103, 48:53].ravel().astype(int).tolist():
        assert f'"{value}"'.replace("-", "−") in walk or f'"{value}"' in walk


@pytest.mark.parametrize("at", [(0, 0), (1, 317), (277, 316), (276, 0)])
def test_the_chosen_output_is_the_step_also_at_a_border(lesson, at):
    lesson.session_state["steps"] = lesson.session_state["take"] = True
    keep(lesson, "magnifier", at=list(at))
    data, body = packet(lesson, "player")
    told = json.loads(body)[0]["steps"][data["step"]]
    result = correlate2d(sample_picture("scene").grey, KERNELS["sobel"].weights)
    assert told["value"] == result[at]
    labels = [one.proto.label for one in lesson.get("download_button")]
    assert f"SVG of step {data['step'] + 1}" in labels


def test_what_is_too_large_to_be_stepped_through_is_said_and_its_result_still_taken_away(lesson):
    lesson.session_state["steps"] = lesson.session_state["take"] = True
    lesson.text_input(key="kernel").set_value(";".join([",".join(["1"] * 15)] * 15))
    run(lesson.toggle(key="two").set_value(True))
    sentence = "A kernel of 16×16 is too large to step through: use at most 15×15."
    assert [caption.value for caption in lesson.caption].count(sentence) == 2
    assert [one.proto.label for one in lesson.get("download_button")] == ["PNG, signed"]


def test_the_result_is_offered_as_it_is_shown(lesson):
    lesson.session_state["take"] = True
    run(lesson.segmented_control(key="shown").set_value("absolute"))
    labels = [one.proto.label for one in lesson.get("download_button")]
    assert labels[0] == "PNG, absolute"
    assert "GIF" in labels


def test_a_hidden_kernel_is_learned_back_and_can_be_stopped(lesson):
    lesson.session_state["learning"] = True
    run(lesson)
    assert shown(lesson, "descent")["steps"] == 0
    run(lesson.button(key="learn.go").click())
    first = shown(lesson, "descent")
    assert first["steps"] > 0
    run(lesson.button(key="learn.go").click())  # Stop
    steps = shown(lesson, "descent")["steps"]
    run(lesson)
    assert shown(lesson, "descent")["steps"] == steps
    run(lesson.button(key="learn.go").click())
    for _ in range(60):
        run(lesson)
        last = shown(lesson, "descent")
        if "Found" in last["sentence"]:
            break
    np.testing.assert_allclose(last["learned"], KERNELS["sobel"].weights, atol=3e-3)
    assert last["losses"][-1] < 1e-3 * last["losses"][0]
    run(lesson.button(key="learn.anew").click())
    assert shown(lesson, "descent")["steps"] == 0


def test_noise_and_momentum_change_the_descent(lesson):
    lesson.session_state["learning"] = True
    lesson.session_state["learn.from"] = "noise"
    run(lesson)
    run(lesson.button(key="learn.go").click())
    for _ in range(15):
        run(lesson)
    quick = shown(lesson, "descent")
    run(lesson.toggle(key="learn.momentum").set_value(False))
    assert shown(lesson, "descent")["steps"] == 0
    run(lesson.button(key="learn.go").click())
    for _ in range(15):
        run(lesson)
    assert "Found" in shown(lesson, "descent")["sentence"]
    assert shown(lesson, "descent")["losses"] != quick["losses"]


def test_the_learners_drawing_is_a_picture(lesson):
    run(lesson.selectbox(key="picture").select("drawing"))
    assert "Nothing is drawn yet" in words(lesson)
    drawing = Drawing.parse([{"points": [300, 300, 90, 700, 700, 90]}])
    lesson.session_state["classroom.visit"].drawing = drawing
    run(lesson)
    assert seen(lesson)[1].shape == (224, 224, 1)


@pytest.mark.parametrize("name", ["card", "digits"])
def test_samples_are_chosen(lesson, name):
    run(lesson.selectbox(key="picture").select(name))
    np.testing.assert_array_equal(seen(lesson)[1][..., 0], sample_picture(name).grey)


def file_of(size=(600, 400), colour=(200, 10, 10)):
    out = io.BytesIO()
    Image.new("RGB", size, colour).save(out, "PNG")
    return out.getvalue()


def test_an_uploaded_picture_is_filtered_and_what_was_done_to_it_is_said(lesson):
    run(lesson.selectbox(key="picture").select("upload"))
    assert "No picture yet" in words(lesson)
    run(lesson.file_uploader[0].set_value(("mine.png", file_of(), "image/png")))
    assert seen(lesson)[1].shape == (341, 512, 1)
    assert "Scaled from 600×400 to 512×341" in words(lesson)


@pytest.mark.parametrize(
    ("data", "sentence"),
    [(b"only text", "no picture that can be read"), (file_of()[:200], "damaged or cut")],
)
def test_a_bad_file_is_refused_with_a_sentence_and_the_lesson_goes_on(lesson, data, sentence):
    run(lesson.selectbox(key="picture").select("upload"))
    run(lesson.file_uploader[0].set_value(("mine.png", data, "image/png")))
    assert sentence in words(lesson)
    assert seen(lesson)[1].shape == (280, 320, 1)


def test_a_kernel_larger_than_the_picture_is_refused_until_borders_are_added(lesson):
    run(lesson.selectbox(key="picture").select("upload"))
    run(lesson.file_uploader[0].set_value(("dot.png", file_of((1, 1)), "image/png")))
    assert "Kernel 3 does not fit input 1" in words(lesson)
    run(lesson.segmented_control(key="borders").set_value("edge"))
    assert seen(lesson)[2].shape == (1, 1, 1)


def test_a_link_opens_drawers(lesson):
    at = open_link("kernels", **{"steps": "true", "steps_of.predict": "true", "at": "100.50"})
    assert shown(at, "player")["predict"]
    assert shown(at, "magnifier")["at"] == [100, 50]
    assert not open_link("kernels", steps="perhaps").expander[0].proto.expanded


def test_links_of_earlier_versions_open_the_same(lesson):
    at = open_link(
        "kernels",
        picture="Test card",
        borders="edge pixels",
        channels="colour",
        **{"learning": "true", "learn.from": "noise", "learn.momentum": "false"},
    )
    assert seen(at)[2].shape == (*sample_picture("card").pixels.shape[:2], 3)
    assert at.segmented_control(key="learn.from").value == "noise"
    assert not at.toggle(key="learn.momentum").value
    assert at.query_params["borders"] in ("edge", ["edge"])


def test_what_is_no_choice_is_said(lesson):
    at = open_link("kernels", picture="My cat", kernel="1,2;3")
    assert "same number of cells" in words(at)
    assert seen(at)[1].shape == (280, 320, 1)
    run(at.text_input(key="kernel").set_value("1,2"))
    at = open_link("kernels", picture="My cat")
    assert "Picture “My cat” is no choice here: it is “House, 280×320”." in words(at)


def test_a_picture_that_is_gone_is_replaced_by_the_house(lesson):
    run(lesson.selectbox(key="picture").select("upload"))
    run(lesson.file_uploader[0].set_value(("mine.png", file_of(), "image/png")))
    run(lesson.file_uploader[0].set_value(("dot.png", file_of((1, 1)), "image/png")))
    assert "Kernel 3 does not fit input 1" in words(lesson)
    assert seen(lesson)[1].shape == (280, 320, 1)


def test_the_code_is_called_as_it_is_defined(lesson):
    lesson.session_state["code"] = True
    run(lesson)
    assert "def correlate2d_loops(" in lesson.code[0].value
    assert "correlate2d_loops(A, B)" in lesson.code[0].value
    assert "SciPy gives the same" in words(lesson)
