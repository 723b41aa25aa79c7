"""The draw lesson as a value: what is read, which unit, and by which network."""

import numpy as np
import pytest

from cnnlib.drawings.drawing import Drawing
from cnnlib.figures.svg import to_svg
from cnnlib.lessons.draw import State, sample
from cnnlib.lessons.given import Given
from cnnlib.lessons.reader import Reader, of_file, shipped
from cnnlib.models.unit import explain
from tests.lessons.given import GIVEN

SEVEN = sample(7, 1)


def test_the_drawing_is_read_by_the_shipped_network():
    seen = State().read(GIVEN)
    assert int(np.argmax(seen.probabilities)) == 7
    assert State().told(GIVEN) == ""


def test_without_a_drawing_a_sample_is_drawn_and_said():
    empty = Given()
    assert State().read(empty) is None
    assert State().told(empty) == "Nothing is drawn yet; this is a sample 3."
    assert to_svg(State().scene(empty)) == to_svg(State().scene(Given(sample(3, 1))))


@pytest.mark.parametrize(
    ("text", "layer", "index"),
    [("conv3.5.6.6", 5, (5, 6, 6)), ("pool1.2.3.4", 4, (2, 3, 4)), ("logits.7", 11, (7,))],
)
def test_a_unit_is_named_by_its_layer_and_its_place(text, layer, index):
    state, told = State.from_link({"unit": text})
    assert told == ()
    seen = state.read(GIVEN)
    wanted = explain(GIVEN.network, seen.activations, layer, index)
    assert state.chosen(GIVEN, seen).sentence == wanted.sentence
    assert len(state.scene(GIVEN).shapes) > len(State().scene(GIVEN).shapes)


@pytest.mark.parametrize(
    "text", ["conv2.99.9.9", "conv2", "nothing.1.2.3", "<b>.1", "9" * 5000, "conv1.1"]
)
def test_a_unit_that_does_not_exist_is_left_out(text):
    state, told = State.from_link({"unit": text})
    assert told == ()
    state.check(GIVEN)
    assert state.chosen(GIVEN, state.read(GIVEN)) is None
    assert to_svg(state.scene(GIVEN)) == to_svg(State().scene(GIVEN))


@pytest.mark.parametrize("text", ["conv1.0.3.3?", "conv1", ".1", "x" * 61 + ".1", "a.1.2.3.4.5e"])
def test_what_names_no_unit_is_not_kept_in_the_link(text):
    assert State.from_link({"unit": text}) == (State(), ())


def test_a_recorded_run_reads_instead_and_is_named():
    given = Given(SEVEN, recorded="first_steps")
    assert given.reader.network is not shipped().network
    assert State().told(given).startswith("Here reads the network of the recorded run “")


@pytest.mark.parametrize(
    ("asked", "told"),
    [
        ({"recorded": "gone"}, "There is no recorded run “gone”: use "),
        ({"run": "upload"}, "The weights of a file stay in the tab that took them in."),
    ],
)
def test_a_network_that_is_not_there_is_the_shipped_one_with_a_sentence(asked, told):
    given = Given(SEVEN, **asked)
    assert given.reader is shipped()
    assert State().told(given).startswith(told)
    assert State().told(given).endswith("The shipped network reads instead.")


def test_a_file_of_the_tab_reads_where_the_link_asks_for_it(tmp_path):
    path = tmp_path / "mine.npz"
    GIVEN.network.save(path)
    own = of_file("mine.npz", path.read_bytes())
    assert Given(SEVEN, run="upload", own=own).reader is own
    assert Given(SEVEN, own=own).reader is shipped()
    assert isinstance(Given(SEVEN, run="upload", recorded="first_steps", own=own).reader, Reader)
    with pytest.raises(ValueError, match=r"“bad\.npz”"):
        of_file("bad.npz", b"nothing")


def test_exercises_write_out_what_they_ask_for():
    for seed in range(20):
        digit = State.exercise(np.random.default_rng(seed), 1)
        logits = digit.question.text.split(": ")[1].split(". ")[0].replace("−", "-").split(", ")
        assert int(digit.answer) == int(np.argmax([int(one) for one in logits]))
        unit = State.exercise(np.random.default_rng(seed), 2)
        terms, value = unit.solution[0].replace("−", "-").replace("·", "*").split(" = ")
        assert eval(terms) == int(value) == int(unit.answer)  # noqa: S307 - of our own making
        chance = State.exercise(np.random.default_rng(seed), 3)
        three = chance.question.text.split("logits ")[1].split(". ")[0].replace("−", "-")
        powers = np.exp([float(one) for one in three.split(", ")])
        at = int(chance.question.text.split("class ")[1][0])
        assert float(chance.answer) == pytest.approx(100 * powers[at] / powers.sum(), abs=0.06)


def test_samples_differ_by_their_seed():
    assert sample(4, 1) == sample(4, 1) != sample(4, 2)
    assert isinstance(sample(4, 1), Drawing)
