"""A configuration names a wrong field and its error, and survives JSON and a link."""

import json
from dataclasses import fields, replace

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from cnnlib.budget import WORKER
from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.runs.config import (
    CHOICES,
    DATA,
    MOST_REPORTS,
    REAL,
    SHORT,
    WHOLE,
    ConfigError,
    TrainConfig,
)

NAMES = [field.name for field in fields(TrainConfig)]


@st.composite
def configs(draw) -> TrainConfig:
    values = {name: draw(st.sampled_from(choices)) for name, choices in CHOICES.items()}
    values |= {name: draw(st.integers(*bounds)) for name, bounds in WHOLE.items()}
    values |= {name: draw(st.floats(*bounds)) for name, bounds in REAL.items()}
    architecture = draw(st.sampled_from(list(PRESETS.values())))
    image, own = architecture.training_memory
    fits = (WORKER.memory - own) // image
    values["batch_size"] = min(values["batch_size"], values["images"], fits)
    values["reports"] = min(values["reports"], MOST_REPORTS // values["epochs"])
    return TrainConfig(
        data=draw(st.sampled_from(DATA)),
        architecture=architecture,
        batch_norm=draw(st.booleans()),
        **values,
    )


@given(config=configs())
def test_every_configuration_survives_json_and_a_link(config):
    assert TrainConfig.from_dict(json.loads(json.dumps(config.to_dict()))) == config
    query = config.to_query()
    assert all(isinstance(text, str) for text in query.values())
    assert TrainConfig.from_query(query) == config


def test_a_link_says_only_what_is_unusual_and_ignores_what_is_not_its_own():
    assert TrainConfig().to_query() == {}
    assert TrainConfig.from_query({"run": "abc", "step": "7"}) == TrainConfig()
    assert replace(TrainConfig(), batch_norm=True).to_query() == {"bn": "true"}


def test_every_field_has_a_place_in_a_link_and_bounds():
    assert list(SHORT) == NAMES
    assert len(set(SHORT.values())) == len(SHORT)
    bounded = {"data", "architecture", "batch_norm", *CHOICES, *WHOLE, *REAL}
    assert bounded == set(NAMES)


ODD = [None, "", "x" * 5000, b"sgd", float("nan"), float("inf"), -float("inf"), 10**400, -(10**9),
       10**5000, -1, [], {}, (1, 2), np.zeros(3), object(), 1j]  # fmt: skip


@pytest.mark.parametrize("name", NAMES)
@pytest.mark.parametrize("value", ODD, ids=range(len(ODD)))
def test_a_value_of_the_wrong_kind_or_size_names_its_field(name, value):
    if name == "device" and value is None:
        value = "tpu"
    with pytest.raises(ConfigError) as refused:
        TrainConfig(**{name: value})
    assert refused.value.field == name
    assert str(refused.value).startswith(name.replace("_", " "))
    assert len(str(refused.value)) < 250
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize(("name", "bounds"), [*WHOLE.items(), *REAL.items()])
def test_a_number_may_reach_its_bounds_and_not_pass_them(name, bounds):
    calm = {"images": 60_000, "epochs": 1, "reports": 1, "batch_size": 1} | {name: None}
    low, high = bounds
    for value in bounds:
        assert getattr(TrainConfig(**calm | {name: value}), name) == value
    beyond = (low - 1, high + 1) if name in WHOLE else (low - 1e-9, high * 1.00001)
    for value in beyond:
        with pytest.raises(ConfigError, match=f"^{name.replace('_', ' ')}.*from"):
            TrainConfig(**calm | {name: value})


def test_numbers_of_numpy_become_pythons_own():
    config = TrainConfig(epochs=np.int64(4), learning_rate=np.float32(0.5))
    assert (type(config.epochs), type(config.learning_rate)) == (int, float)
    json.dumps(config.to_dict())


@pytest.mark.parametrize("value", [True, 1.5, "3"])
def test_a_number_is_no_truth_value_and_no_text(value):
    with pytest.raises(ConfigError, match=r"^epochs .*: use a whole number from 1 to 1,000"):
        TrainConfig(epochs=value)


def test_a_batch_is_no_larger_than_the_images():
    with pytest.raises(ConfigError, match="batch size 200 is more than 100 images"):
        TrainConfig(images=100, batch_size=200)


def test_a_run_has_a_bounded_number_of_reports():
    with pytest.raises(ConfigError, match=r"reports 2 in each of 501 epochs are over 1,000"):
        TrainConfig(epochs=501, reports=2)


def test_the_network_has_to_read_digits():
    with pytest.raises(ConfigError, match="architecture reads"):
        TrainConfig(architecture=Architecture(classes=3))


def refusal(make, query) -> ConfigError | None:
    try:
        make(query)
    except ConfigError as problem:
        return problem
    return None


@pytest.mark.parametrize("short", SHORT.values())
@given(text=st.text(max_size=60))
def test_a_link_edited_by_hand_is_a_configuration_or_a_sentence(short, text):
    name = next(name for name in SHORT if SHORT[name] == short)
    problem = refusal(TrainConfig.from_query, {short: text})
    assert problem is None or problem.field in (name, "batch_size", "reports")
    assert "\n" not in str(problem)


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ({"epochs": "many"}, "epochs 'many': use a whole number"),
        ({"rate": "nan"}, "learning rate nan: use a number"),
        ({"rate": "1e999"}, "learning rate inf: use a number"),
        ({"rate": "9" * 5000}, "learning rate '9999"),
        ({"bn": "yes"}, "batch norm 'yes': use true or false"),
        ({"opt": "SGD"}, "optimizer 'SGD': use \"sgd\", "),
        ({"net": "conv"}, "architecture 'conv': "),
        ({"data": "/etc"}, "data '/etc': a link can name "),
        ({"images": "20", "batch": "21"}, "batch size 21 is more than 20 images"),
    ],
)
def test_a_wrong_link_is_answered_in_a_sentence(query, message):
    with pytest.raises(ConfigError) as refused:
        TrainConfig.from_query(query)
    assert str(refused.value).startswith(message)


def test_a_folder_may_be_named_in_a_file_but_not_in_a_link():
    config = TrainConfig(data="digits/mine")
    assert TrainConfig.from_dict(config.to_dict()) == config
    with pytest.raises(ConfigError, match="data"):
        TrainConfig.from_query(config.to_query())


@given(name=st.text(min_size=1, max_size=60))
def test_an_unknown_field_or_version_is_refused(name):
    assume(name not in (*NAMES, "version"))
    with pytest.raises(ConfigError, match="is no field of a training run"):
        TrainConfig.from_dict(TrainConfig().to_dict() | {name: 1})
    with pytest.raises(ConfigError, match="version"):
        TrainConfig.from_dict(TrainConfig().to_dict() | {"version": 99})


def test_a_batch_that_no_worker_can_hold_is_refused_with_one_that_fits():
    query = {"net": "2conv3x64_2conv3x64_2conv3x64_out10", "batch": "10000", "images": "60000"}
    told = (
        "batch size 10000: its images together need 49,788 MiB of memory, and 2,048 are given "
        "here: use a batch of at most 407 images, or fewer maps"
    )
    with pytest.raises(ConfigError, match=told) as refusal:
        TrainConfig.from_query(query)
    assert refusal.value.field == "batch_size"
    TrainConfig.from_query(query | {"batch": "407"})
