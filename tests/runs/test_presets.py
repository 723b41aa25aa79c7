"""Presets are configurations that a link can carry, and their runs show what they promise."""

from dataclasses import fields, replace

import pytest

from cnnlib.runs import sets
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.diagnosis import diagnose
from cnnlib.runs.events import Diverged, Report
from cnnlib.runs.presets import PRESETS, PRETRAINING, RACES
from cnnlib.training.trainer import train

CONFIGS = [preset.config for preset in PRESETS.values()]
RACERS = [config for race in RACES.values() for config in race.configs.values()]


@pytest.mark.parametrize("config", [*CONFIGS, *RACERS, PRETRAINING], ids=str)
def test_every_preset_is_a_link(config):
    assert TrainConfig.from_query(config.to_query()) == config


def test_titles_and_purposes_are_sentences_of_their_own():
    told = [*PRESETS.values(), *RACES.values()]
    assert len({one.title for one in told}) == len(told)
    assert all(one.purpose.endswith(".") for one in told)


def test_racers_start_from_the_same_images_and_differ_in_one_thing():
    for race in RACES.values():
        assert 2 <= len(race.configs) <= 4
        first, *others = race.configs.values()
        for config in others:
            names = [field.name for field in fields(config)]
            changed = [name for name in names if getattr(config, name) != getattr(first, name)]
            assert len(changed) == 1, race.title


@pytest.mark.parametrize("kind", ["overfitting", "underfitting", "diverging", "converged"])
def test_a_preset_causes_what_its_name_says(kind):
    config = replace(PRESETS[kind].config, device="cpu")
    events = list(train(config, sets.make(config)))
    reports = [event for event in events if isinstance(event, Report)]
    diverged = next((event for event in events if isinstance(event, Diverged)), None)
    assert diagnose(reports, config, diverged).kind == kind


def test_the_default_learns_to_read_neat_digits():
    config = replace(PRESETS["default"].config, images=5_000, epochs=1, device="cpu")
    last = [event for event in train(config) if isinstance(event, Report)][-1]
    assert last.validation_accuracy > 0.96
