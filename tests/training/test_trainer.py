"""Training learns, tells, repeats itself for a seed, goes on after a break, and ends in words."""

import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from cnnlib.data import Dataset
from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.models.architecture import PRESETS, Architecture
from cnnlib.network import Network
from cnnlib.runs.config import CHOICES, ConfigError, TrainConfig
from cnnlib.runs.evaluate import count_correct
from cnnlib.runs.events import Begun, Diverged, Ended, Report, StepDone
from cnnlib.runs.schedules import share
from cnnlib.training.model import build
from cnnlib.training.trainer import Training, train

DATA = built_in(400, seed=1), built_in(100, seed=2)
SMALL = Architecture.from_text("conv3x4-stride2_conv3x6-max_out10")
CONFIG = TrainConfig(
    images=400,
    architecture=SMALL,
    learning_rate=4e-3,
    epochs=2,
    batch_size=50,
    augmentation="none",
    averaging=0.0,
    reports=1,
    device="cpu",
)


def begin(data=DATA, **changes) -> Training:
    return train(replace(CONFIG, **changes), data)


def of(kind: type, events: list) -> list:
    return [event for event in events if isinstance(event, kind)]


def weights(run: Training) -> dict[str, np.ndarray]:
    return run.network.parameters


def same(one: dict[str, np.ndarray], other: dict[str, np.ndarray]) -> bool:
    return all(np.array_equal(one[name], other[name]) for name in one)


def test_it_learns_to_read_digits_that_it_has_not_seen():
    run = begin(epochs=8, batch_size=20, averaging=0.9, learning_rate=0.02)
    *_, report, ended = run
    assert report.validation_accuracy >= 0.85
    assert count_correct(run.network, DATA[1]) == round(100 * report.validation_accuracy)
    assert ended.outcome == "finished"


def test_events_come_step_by_step_and_report_by_report():
    events = list(begin(reports=3))
    begun, steps, reports, ended = events[0], of(StepDone, events), of(Report, events), events[-1]
    assert isinstance(begun, Begun)
    assert (begun.images, begun.validation_images, begun.device) == (400, 100, "cpu")
    assert (begun.steps, begun.steps_per_epoch) == (16, 8)
    assert begun.parameters == sum(row.parameters for row in SMALL.rows())
    assert begun.threads == torch.get_num_threads()
    assert [event.step for event in steps] == list(range(1, 17))
    assert {(event.steps, event.count) for event in steps} == {(16, 50)}
    assert [event.epoch for event in steps] == [step / 8 for step in range(1, 17)]
    assert [event.step for event in reports] == [3, 6, 8, 11, 14, 16]
    part = steps[8:11]
    assert reports[3].loss == pytest.approx(np.mean([event.loss for event in part]))
    assert reports[3].accuracy == pytest.approx(sum(event.correct for event in part) / 150)
    assert isinstance(ended, Ended)
    assert (ended.outcome, ended.step) == ("finished", 16)
    assert 0 < reports[0].seconds < reports[5].seconds <= ended.seconds
    assert len(events) == 1 + 16 + 6 + 1


def test_a_run_is_over_once_it_ended():
    run = begin(epochs=1)
    list(run)
    assert list(run) == []
    assert run.microscope() is None


ADAMS = {"adam": torch.optim.Adam, "adamw": torch.optim.AdamW}
MOMENTUM = {
    "sgd": {},
    "momentum": {"momentum": 0.9},
    "nesterov": {"momentum": 0.9, "nesterov": True},
}


@pytest.mark.parametrize("name", CHOICES["optimizer"])
def test_its_steps_are_those_of_pytorch_on_the_cross_entropy(name):
    config = replace(
        CONFIG, optimizer=name, batch_size=400, epochs=4, learning_rate=0.01, weight_decay=0.01
    )
    steps = of(StepDone, list(train(config, DATA)))

    module = build(SMALL, seed=0)
    x = torch.from_numpy(to_input(DATA[0].images))
    labels = torch.from_numpy(DATA[0].labels).long()
    kind, extra = ADAMS.get(name, torch.optim.SGD), MOMENTUM.get(name, {})
    optimizer = kind(module.parameters(), 0.01, weight_decay=0.01, **extra)
    for step, told in enumerate(steps):
        rate = 0.01 * share("one-cycle", step / 4)
        optimizer.param_groups[0]["lr"] = rate
        module.zero_grad()
        loss = torch.nn.functional.cross_entropy(module(x), labels)
        loss.backward()
        optimizer.step()
        assert told.loss == pytest.approx(loss.item(), rel=1e-3)
        assert told.learning_rate == pytest.approx(rate)


EVERYTHING = {"batch_norm": True, "dropout": 0.2, "averaging": 0.9, "augmentation": "vary"}


def test_the_same_seed_gives_the_same_run():
    hidden = Architecture.from_text("conv3x4-stride2-max_fc12_out10")
    runs = [begin(architecture=hidden, seed=seed, **EVERYTHING) for seed in (5, 5, 6)]
    first, again, other = ([(e.loss, e.correct) for e in of(StepDone, list(r))] for r in runs)
    assert first == again
    assert first != other
    assert same(weights(runs[0]), weights(runs[1]))
    assert not same(weights(runs[0]), weights(runs[2]))


@settings(max_examples=10, suppress_health_check=[HealthCheck.too_slow])
@given(
    data=st.data(),
    taken=st.integers(0, 22),
    optimizer=st.sampled_from(CHOICES["optimizer"]),
    averaging=st.sampled_from([0.0, 0.9]),
    early_stopping=st.sampled_from([0, 1]),
    batch_norm=st.booleans(),
    augmentation=st.sampled_from(CHOICES["augmentation"]),
)
def test_a_run_goes_on_from_its_state_as_if_nothing_had_been(data, taken, **changes):
    hidden = Architecture.from_text("conv3x3-stride2-max_fc8_out10")
    config = replace(CONFIG, architecture=hidden, dropout=0.2, reports=2, **changes)
    whole = train(config, DATA)
    for _ in range(taken):
        next(whole, None)
    state = whole.state()
    rest = list(whole)

    resumed = train(config, DATA)
    for _ in range(data.draw(st.integers(0, 9))):  # steps that `restore` makes it forget
        next(resumed)
    resumed.restore(state)
    again = list(resumed)
    assert [type(event) for event in rest] == [type(event) for event in again]
    for kind in (StepDone, Report):
        losses = [[event.loss for event in of(kind, events)] for events in (rest, again)]
        assert losses[0] == losses[1]
    validations = [[e.validation_loss for e in of(Report, events)] for events in (rest, again)]
    assert validations[0] == validations[1]
    assert same(weights(whole), weights(resumed))


def test_a_state_fits_a_file_without_pickles(tmp_path):
    run = begin(averaging=0.9, early_stopping=1)
    for _ in range(12):
        next(run)
    np.savez(tmp_path / "state.npz", **run.state())
    resumed = begin(averaging=0.9, early_stopping=1)
    with np.load(tmp_path / "state.npz", allow_pickle=False) as arrays:
        resumed.restore(dict(arrays))
    assert resumed.step == run.step
    assert resumed.seconds == run.seconds
    list(run), list(resumed)
    assert same(weights(run), weights(resumed))


def test_the_state_of_another_run_is_refused():
    state = begin(architecture=PRESETS["tiny"]).state()
    run = begin()
    with pytest.raises(ValueError, match="this checkpoint is of another run"):
        run.restore(state)
    with pytest.raises(ValueError, match="this checkpoint is of another run"):
        run.restore({})
    assert len(list(run)) == 1 + 16 + 2 + 1


def test_averaged_weights_trail_the_current_ones():
    plain, averaged = begin(averaging=0.0), begin(averaging=0.9)
    start = weights(plain)["conv2.weight"]
    steps = [[e.loss for e in of(StepDone, list(run))] for run in (plain, averaged)]
    assert steps[0] == steps[1]
    current, trailing = weights(plain)["conv2.weight"], weights(averaged)["conv2.weight"]
    assert 0 < np.linalg.norm(trailing - start) < np.linalg.norm(current - start)


def test_averages_forget_the_untrained_weights_soon():
    plain, averaged = begin(averaging=0.0), begin(averaging=0.999)
    start = weights(plain)["conv2.weight"]
    for run in (plain, averaged):
        next(event for event in run if isinstance(event, StepDone))
    moved = weights(plain)["conv2.weight"] - start
    # After the first of them 10 parts in 11 are new, however long the average will be.
    expected = start + moved * 10 / 11
    np.testing.assert_allclose(weights(averaged)["conv2.weight"], expected, atol=1e-6)


def test_each_step_drops_other_units():
    images = np.repeat(DATA[0].images[:1], 50, axis=0)
    one_digit = Dataset(images, np.repeat(DATA[0].labels[:1], 50), "one")
    run = begin((one_digit, one_digit), epochs=3, dropout=0.5, learning_rate=1e-9)
    losses = [event.loss for event in of(StepDone, list(run))]
    assert np.ptp(losses) > 1e-3


def test_the_learning_rate_changes_in_mid_run():
    run = begin()
    first = next(event for event in run if isinstance(event, StepDone))
    run.learning_rate = 2 * run.learning_rate
    second = next(run)
    low, high = (CONFIG.learning_rate * share("one-cycle", step / 16) for step in (0, 1))
    assert first.learning_rate == pytest.approx(low)
    assert second.learning_rate == pytest.approx(2 * high)
    assert run.state()["_learning_rate"] == 2 * CONFIG.learning_rate
    for wrong in (0, -1, math.nan, math.inf, "fast", None):
        with pytest.raises(ConfigError, match="learning rate"):
            run.learning_rate = wrong
    assert run.learning_rate == 2 * CONFIG.learning_rate


@pytest.mark.parametrize("averaging", [0.0, 0.99])
def test_a_loss_that_is_not_finite_ends_the_run_with_the_last_good_weights(averaging):
    deep = PRESETS["digits"]
    run = begin(architecture=deep, optimizer="sgd", learning_rate=1000.0, averaging=averaging)
    *_, last_step, diverged, ended = run
    assert isinstance(diverged, Diverged)
    assert not math.isfinite(diverged.loss)
    assert diverged.step == ended.step + 1 == last_step.step + 1
    assert math.isfinite(last_step.loss)
    assert diverged.learning_rate == last_step.learning_rate
    assert diverged.gradient_norms.keys() == run.network.parameters.keys()
    value = "not a number" if math.isnan(diverged.loss) else "infinite"
    told = f"In step {diverged.step} the loss was {value}. The step before was taken at learning "
    assert f"{told}rate {diverged.learning_rate:g}, " in diverged.sentence
    assert "use a smaller learning rate" in diverged.sentence
    assert (ended.outcome, ended.sentence) == ("diverged", diverged.sentence)

    before = begin(architecture=deep, optimizer="sgd", learning_rate=1000.0)
    while before.step < ended.step - 1:
        next(before)
    assert same(weights(run), weights(before))


@settings(max_examples=25, suppress_health_check=[HealthCheck.too_slow])
@given(
    optimizer=st.sampled_from(CHOICES["optimizer"]),
    rate=st.sampled_from([1e-9, 1.0, 1e3, 1e6]),
    weight_decay=st.sampled_from([0.0, 10.0]),
    averaging=st.sampled_from([0.0, 0.99]),
    batch_norm=st.booleans(),
)
def test_whatever_the_numbers_the_run_ends_in_words(rate, **changes):
    run = begin(learning_rate=rate, epochs=1, batch_size=25, **changes)
    *_, ended = run
    assert isinstance(ended, Ended)
    assert ended.outcome in ("finished", "diverged")
    assert all(np.isfinite(array).all() for array in weights(run).values())


def test_a_first_step_that_is_not_finite_is_no_crash():
    run = begin()
    with torch.no_grad():
        run._parameters[0].fill_(math.inf)
    _, diverged, ended = run
    assert diverged.gradient_norms == {}
    assert ended.step == 0


def test_early_stopping_hands_back_the_best_weights():
    few = built_in(20, seed=3), DATA[1]
    run = begin(few, batch_size=10, epochs=300, early_stopping=3, learning_rate=0.05, images=20)
    events = list(run)
    reports, ended = of(Report, events), events[-1]
    losses = [report.validation_loss for report in reports]
    best = int(np.argmin(losses))
    assert len(reports) < 300
    assert len(reports) == best + 1 + 3
    assert ended.outcome == "stopped early"
    assert f"after epoch {best + 1}, at {losses[best]:.4f}" in ended.sentence
    right = count_correct(run.network, DATA[1])
    assert right == round(100 * reports[best].validation_accuracy)


def test_a_report_says_how_the_network_reads_the_validation_images():
    run = begin(epochs=1)
    report = of(Report, list(run))[-1]
    network = run.network
    logits = network.forward(to_input(DATA[1].images))[-1].astype(np.float64)
    said = logits.argmax(axis=1)
    probabilities = np.exp(logits) / np.exp(logits).sum(axis=1, keepdims=True)
    labels = DATA[1].labels
    assert report.validation_loss == pytest.approx(
        -np.log(probabilities[np.arange(100), labels]).mean(), rel=1e-4
    )
    assert report.confusion.sum() == 100
    assert report.confusion.trace() == (said == labels).sum() == 100 * report.validation_accuracy
    assert np.array_equal(report.confusion.sum(axis=1), np.bincount(labels, minlength=10))
    assert set(report.wrong) == set(np.flatnonzero(said != labels))
    assert np.array_equal(report.said, said[report.wrong])
    np.testing.assert_allclose(
        report.confidence, probabilities[report.wrong, report.said], rtol=1e-4
    )
    assert (np.diff(report.confidence) <= 0).all()
    assert np.array_equal(report.filters, network.parameters["conv1.weight"])


def test_filters_change_is_counted_from_report_to_report():
    reports = of(Report, list(begin()))
    first, second = (report.filters for report in reports)
    start = weights(begin())["conv1.weight"]
    assert reports[0].filters_change == pytest.approx(np.abs(first - start).mean())
    assert reports[1].filters_change == pytest.approx(np.abs(second - first).mean())


@pytest.mark.parametrize("name", PRESETS)
def test_every_architecture_trains_and_is_handed_back(name):
    data = built_in(32, seed=1), built_in(20, seed=2)
    run = train(replace(CONFIG, architecture=PRESETS[name], epochs=1, batch_size=16), data)
    report = of(Report, list(run))[-1]
    assert isinstance(run.network, Network)
    weighted = [row.name for row in PRESETS[name].rows() if row.parameters]
    assert [layer.name for layer in report.layers] == weighted


def test_nothing_is_learned_from_the_held_out_images():
    dark = Dataset(255 - DATA[1].images, DATA[1].labels, "negatives")
    runs = begin(), begin((DATA[0], dark))
    validations = [of(Report, list(run))[-1].validation_loss for run in runs]
    assert validations[0] != validations[1]
    assert same(*map(weights, runs))


def test_a_batch_larger_than_the_data_is_refused():
    with pytest.raises(ConfigError, match="batch size 50 is more than the 40 images there are"):
        begin((built_in(40), DATA[1]))


@pytest.mark.parametrize("missing", ["cuda", "mps"])
def test_a_device_that_is_not_there_is_refused(missing, monkeypatch):
    for devices in (torch.cuda, torch.backends.mps):
        monkeypatch.setattr(devices, "is_available", lambda: False)
    with pytest.raises(ConfigError, match=f'device "{missing}": this machine has none'):
        begin(device=missing)


def test_data_are_made_where_none_are_given():
    run = train(replace(CONFIG, images=60, epochs=1))
    begun = next(run)
    assert isinstance(begun, Begun)
    assert (begun.images, begun.validation_images) == (60, 500)
