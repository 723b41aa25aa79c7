import itertools

import numpy as np
import pytest
from streamlit.testing.v1 import AppTest

from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.images import to_input
from cnnlib.drawings.reading import read
from cnnlib.lessons import reader
from cnnlib.losses import softmax
from tests.pages.components import ROOT, keep, packet, say, shown

SEVEN = [{"points": [300, 260, 80, 700, 260, 80, 480, 780, 80], "erase": False}]
_numbers = itertools.count(1)


def draw(at, strokes, *, down=False):
    message = {"sequence": next(_numbers), "strokes": strokes, "down": down}
    return keep(at, "paper", drawing=message)


def choose(at, activation, index):
    return say(at, "netview", unit={"activation": activation, "index": index})


def arrive(**query):
    """Open the page by a link, as a new visitor."""
    at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60)
    for name, value in query.items():
        at.query_params[name] = value
    at.run()
    assert not at.exception
    return at


def maps(at):
    return packet(at, "netview")


def test_an_empty_pad_predicts_nothing(app):
    answer = shown(app, "answer")
    assert answer["probabilities"] is answer["guess"] is None
    assert "Draw a digit" in answer["hint"]
    header, body = maps(app)
    assert header["empty"]
    assert body == b""


def test_a_seven_is_read_and_its_probabilities_are_what_the_core_computes(app):
    draw(app, SEVEN)
    answer = shown(app, "answer")
    assert answer["guess"] == 7
    network = reader.shipped_network()
    reading = read(network, Drawing.parse(SEVEN))
    logits = network.forward(to_input(reading.framed.pixels[None]))[-1]
    np.testing.assert_array_equal(answer["probabilities"], softmax(logits)[0].tolist())


def test_the_packet_holds_every_activation_and_the_framing(app):
    draw(app, SEVEN)
    header, body = maps(app)
    reading = read(reader.shipped_network(), Drawing.parse(SEVEN))
    at = 0
    for layer, values in zip(header["layers"], reading.activations, strict=False):
        count = int(np.prod(layer["shape"]))
        sent = np.frombuffer(body, "<f2", count, at).reshape(layer["shape"])
        np.testing.assert_allclose(sent, values[0], rtol=1e-3, atol=1e-4)
        at += 2 * count
    assert [layer["name"] for layer in header["layers"]][:2] == ["input", "conv1"]
    drawn, boxed, _ = header["framing"]
    assert drawn["box"] == list(reading.framed.box)
    pictures = np.frombuffer(body, np.uint8, offset=at)
    assert len(pictures) == np.prod(drawn["shape"]) + np.prod(boxed["shape"])
    assert (pictures[boxed["at"] :] == reading.framed.boxed.ravel()).all()


def test_while_the_pen_is_down_values_are_as_fine_as_they_are_painted(app):
    draw(app, SEVEN, down=True)
    header, body = maps(app)
    assert not header["exact"]
    sent = zip(header["layers"], header["values"], strict=True)
    kinds = {layer["name"]: how["type"] for layer, how in sent}
    assert (kinds["conv1"], kinds["relu1"], kinds["pool2"]) == ("i1", "largest", "largest")
    draw(app, SEVEN)
    header, exact = maps(app)
    assert header["exact"]
    assert len(exact) > 2 * len(body)


def test_a_layers_scale_is_the_same_for_every_drawing(app):
    before, _ = maps(app)
    draw(app, SEVEN)
    after, _ = maps(app)
    assert before["layers"] == after["layers"]
    assert [layer["scale"] for layer in after["layers"]] == ["unsigned"] + 10 * ["signed"]


@pytest.mark.parametrize(
    ("activation", "index"), [(1, [0, 0, 0]), (3, [5, 9, 12]), (8, [23, 13, 0])]
)
def test_a_units_products_and_bias_are_its_value(app, activation, index):
    draw(app, SEVEN)
    choose(app, activation, index)
    unit = shown(app, "unit")["unit"]
    reading = read(reader.shipped_network(), Drawing.parse(SEVEN))
    terms = {name: np.array(values) for name, values in unit["terms"].items()}
    np.testing.assert_allclose(terms["inputs"] * terms["weights"], terms["products"])
    np.testing.assert_allclose(unit["sums"], terms["products"].sum(axis=(1, 2)))
    bias = next(line["value"] for line in unit["lines"] if line["label"] == "+ bias")
    assert terms["products"].sum() + bias == pytest.approx(unit["value"], abs=1e-4)
    assert unit["value"] == reading.activations[activation][0][tuple(index)]
    header, _ = maps(app)
    assert header["chosen"] == {"activation": activation, "index": index}
    assert [window["activation"] for window in header["windows"]] == [*range(activation)][::-1]


def test_a_bar_leads_to_the_softmax_of_its_logit(app):
    draw(app, SEVEN)
    say(app, "answer", digit=3)
    unit = shown(app, "unit")["unit"]
    assert unit["title"] == "logits, class 3"
    assert np.shape(unit["terms"]["products"]) == (24, 7, 7)
    power, total, probability = (line["value"] for line in unit["lines"][-3:])
    assert power == pytest.approx(np.exp(unit["value"]))
    assert probability == pytest.approx(power / total, rel=1e-5)
    assert probability == pytest.approx(shown(app, "answer")["probabilities"][3], rel=1e-6)


def test_pooling_names_its_winner_and_relu_its_rule(app):
    draw(app, SEVEN)
    choose(app, 5, [2, 6, 7])
    unit = shown(app, "unit")["unit"]
    row, column = unit["winner"]
    assert unit["terms"]["inputs"][0][row][column] == unit["value"]
    choose(app, 2, [2, 6, 7])
    unit = shown(app, "unit")["unit"]
    assert unit["value"] == max(0, unit["terms"]["inputs"][0][0][0])


def test_letting_go_closes_the_panel(app):
    draw(app, SEVEN)
    choose(app, 3, [0, 0, 0])
    say(app, "netview", unit=None)
    assert shown(app, "unit")["unit"] is None
    choose(app, 3, [0, 0, 0])
    assert shown(app, "unit")["unit"] is not None
    say(app, "unit", release=True)
    assert shown(app, "unit")["unit"] is None


@pytest.mark.parametrize("unit", [(99, [0, 0, 0]), (3, [99, 0, 0]), (3, [0]), (0, [0, 0, 0])])
def test_a_unit_that_does_not_exist_is_not_shown(app, unit):
    draw(app, SEVEN)
    choose(app, unit[0], unit[1])
    assert shown(app, "unit")["unit"] is None


def test_the_chosen_unit_stands_in_the_link_and_a_link_opens_it(app):
    draw(app, SEVEN)
    choose(app, 3, [5, 9, 12])
    assert app.query_params["unit"] == "conv2.5.9.12"
    told = shown(app, "unit")["unit"]
    again = arrive(drawing=app.query_params["drawing"], unit="conv2.5.9.12")
    assert shown(again, "unit")["unit"] == told
    assert maps(again)[0]["chosen"] == {"activation": 3, "index": [5, 9, 12]}
    say(app, "answer", digit=3)
    assert app.query_params["unit"] == "logits.3"
    say(app, "netview", unit=None)
    assert "unit" not in app.query_params


@pytest.mark.parametrize("text", ["conv2.99.9.9", "conv2", "nothing.1.2.3", "<b>.1", "9" * 5000])
def test_a_unit_of_a_link_that_does_not_exist_is_forgotten(text):
    drawing = Drawing.parse(SEVEN).encode()
    at = arrive(drawing=drawing, unit=text)
    assert shown(at, "unit")["unit"] is None
    assert "unit" not in at.query_params
    assert shown(at, "answer")["guess"] == 7


def test_a_unit_of_a_link_waits_for_a_drawing():
    at = arrive(unit="conv1.0.3.3")
    assert shown(at, "unit")["unit"] is None
    draw(at, SEVEN)
    assert shown(at, "unit")["unit"]["title"] == "conv1, map 0, row 3, column 3"


def test_the_drawing_stands_in_the_link_once_the_pen_is_up(app):
    draw(app, SEVEN, down=True)
    assert "drawing" not in app.query_params
    draw(app, SEVEN)
    assert Drawing.decode(app.query_params["drawing"]) == Drawing.parse(SEVEN)
    draw(app, [])
    assert "drawing" not in app.query_params


def test_bad_strokes_get_a_sentence_and_the_last_drawing_stays(app):
    draw(app, SEVEN)
    draw(app, [{"points": [0, 0, 5000], "erase": False}])
    assert "leaves the pad" in shown(app, "pad")["note"]
    assert shown(app, "answer")["guess"] == 7
    draw(app, SEVEN)
    assert shown(app, "pad")["note"] == ""


def test_each_sample_asked_for_is_another_drawing_of_that_digit(app):
    offered = []
    for _ in range(2):
        say(app, "paper", sample=4)
        load = shown(app, "pad")["load"]
        assert load["write"]
        offered.append(load["strokes"])
    assert offered[0] != offered[1]
    draw(app, offered[1])
    assert shown(app, "answer")["guess"] == 4


def test_the_pad_hears_which_message_was_answered(app):
    draw(app, SEVEN, down=True)
    first = shown(app, "pad")["answered"]
    draw(app, SEVEN, down=True)
    assert shown(app, "pad")["answered"] == first + 1
    assert "load" not in shown(app, "pad")
