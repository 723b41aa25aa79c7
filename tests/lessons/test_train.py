"""Training as a value: what a run is told is what its description says, and exercises add up."""

from dataclasses import replace

import numpy as np
import pytest

from cnnlib.handouts.notes import figure
from cnnlib.lessons.fields import Choice, Switch, Text, Whole
from cnnlib.lessons.given import Given
from cnnlib.lessons.train import State
from cnnlib.models.architecture import Architecture
from cnnlib.runs.config import CHOICES, REAL, SHORT, WHOLE, ConfigError, TrainConfig
from cnnlib.runs.presets import PRESETS
from cnnlib.talks.talk import Beat
from tests.lessons.given import GIVEN


def test_the_fields_are_those_of_a_runs_description():
    described = State.described()
    assert {name: field.link for name, field in described.items() if name != "speed"} == SHORT
    for name, (least, most) in WHOLE.items():
        assert isinstance(described[name], Whole)
        assert (described[name].least, described[name].most) == (least, most)
    for name, options in CHOICES.items():
        assert isinstance(described[name], Choice)
        assert tuple(described[name].labels) == options
    assert all(isinstance(described[name], Text) for name in (*REAL, "architecture"))
    assert isinstance(described["batch_norm"], Switch)


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_is_an_example_and_stands_in_the_same_link_as_its_description(name):
    config = PRESETS[name].config
    state = State.example(name)
    assert state == State.of(config)
    assert state.config == config
    assert state.to_link() == config.to_query()
    assert state.told(GIVEN).startswith(PRESETS[name].purpose)


@pytest.mark.parametrize(
    ("short", "text", "told"),
    [
        ("epochs", "0", "epochs 0: use a whole number from 1 to 1,000"),
        ("batch", "1e9", "batch size '1e9'"),
        ("opt", "lion", "optimizer 'lion': use"),
        ("data", "/etc", "data '/etc': a link can name"),
        ("bn", "perhaps", "batch norm 'perhaps': use true or false"),
        ("images", "99999999", "images 99999999: use a whole number from 10 to 60,000"),
    ],
)
def test_a_setting_that_no_run_can_have_stays_the_usual_one_on_page_and_in_notes(short, text, told):
    state, changed = State.from_link({short: text})
    assert state == State()
    (sentence,) = changed
    assert sentence.startswith(f"This link is not followed in one thing: {told}")
    assert sentence.endswith(".")
    drawn = figure(Beat("train", {short: text}))
    usual = figure(Beat("train", {}))
    assert drawn.svg == usual.svg
    assert drawn.told == f"{sentence} {usual.told}"


@pytest.mark.parametrize(
    ("short", "text", "told"),
    [
        ("rate", "fast", "learning rate 'fast'"),
        ("rate", "-1", "learning rate -1"),
        ("net", "conv9x9999_out10", "architecture"),
    ],
)
def test_what_is_typed_is_kept_and_refused_with_one_sentence(short, text, told):
    state, changed = State.from_link({short: text})
    assert changed == ()
    assert state.to_link() == {short: text}
    with pytest.raises(ConfigError, match=told):
        state.check(GIVEN)


def test_settings_that_need_each_other_are_read_together():
    state, changed = State.from_link({"images": "20", "batch": "10"})
    assert changed == ()
    assert (state.config.images, state.config.batch_size) == (20, 10)
    alone, _ = State.from_link({"images": "20"})
    with pytest.raises(ConfigError, match="batch size 64 is more than 20 images"):
        alone.check(GIVEN)


def test_the_layers_of_the_network_are_drawn_and_counted():
    text = "2conv3x12-max_2conv3x24-max_out10"
    state = replace(State(), architecture=text, optimizer="sgd", batch_norm=True)
    assert "21,022 parameters" in state.scene(GIVEN).title
    assert "optimizer sgd" in state.told(GIVEN)
    assert "batch norm on" in state.told(GIVEN)


def test_a_recorded_run_is_drawn_whatever_the_settings_say():
    given = Given(recorded="first_steps")
    state = State(learning_rate="fast")
    state.check(given)
    (run,) = given.past
    assert state.scene(given).title == f"Recorded: {run.title}"
    assert run.told.reports
    assert "Settings: " in state.told(given)


def test_a_run_that_is_not_there_is_one_sentence():
    with pytest.raises(ValueError, match="There is no recorded run “gone”"):
        State().scene(Given(recorded="gone"))


def test_an_exercises_answer_is_what_the_architecture_has():
    for seed in range(20):
        size, layer, network = (
            State.exercise(np.random.default_rng(seed), level) for level in (1, 2, 3)
        )
        rows = [
            Architecture.from_text(one.state.architecture).rows() for one in (size, layer, network)
        ]
        assert int(size.answer) == rows[0][0].shape[-1]
        assert int(layer.answer) == [row for row in rows[1] if row.kind == "conv2d"][1].parameters
        assert int(network.answer) == sum(row.parameters for row in rows[2])
        for one in (size, layer, network):
            assert one.solution[-1].endswith(f"= {one.answer}")
            for line in one.solution:
                told = line.removeprefix("maps of ").removesuffix(" rows").replace("−", "-")
                told = told.replace("·", "*").replace("⌊", "int(").replace("⌋", ")")
                assert len({eval(part) for part in told.split(" = ")}) == 1  # noqa: S307


def test_the_usual_state_is_the_usual_run():
    assert State().config == TrainConfig()
