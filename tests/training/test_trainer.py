"""Training learns, tells, repeats itself for a seed, and hands back the averaged weights."""

import re

import numpy as np
import pytest
import torch

from cnnlib.data.digits import built_in
from cnnlib.training.config import Config
from cnnlib.training.evaluate import count_correct as count_in_numpy
from cnnlib.training.events import EpochDone, StepDone
from cnnlib.training.model import digit_reader, to_network
from cnnlib.training.trainer import Trainer, count_correct, one_cycle

DIGITS, HELD_OUT = built_in(400, seed=1), built_in(100, seed=2)


def trainer(**settings) -> Trainer:
    config = Config(**{"epochs": 2, "batch_size": 50} | settings)
    return Trainer(digit_reader(config.seed, (4, 6)), DIGITS, HELD_OUT, config)


def weights(run: Trainer) -> dict[str, torch.Tensor]:
    return {name: value.clone() for name, value in run.averaged.state_dict().items()}


def test_it_learns_to_read_digits_that_it_has_not_seen():
    run = trainer(epochs=8, batch_size=20, variation=0, averaging=0.9)
    before = count_correct(run.averaged, HELD_OUT)
    *_, last = run.run()
    assert isinstance(last, EpochDone)
    assert before < 30
    assert count_correct(run.averaged, HELD_OUT) >= 80
    assert last.held_out == count_correct(run.averaged, HELD_OUT) / 100


def test_events_come_step_by_step_and_epoch_by_epoch():
    events = list(trainer().run())
    kinds = [type(event) for event in events]
    assert kinds == ([StepDone] * 8 + [EpochDone]) * 2
    steps = [event for event in events if isinstance(event, StepDone)]
    assert [event.step for event in steps] == list(range(1, 17))
    assert {(event.steps, event.count) for event in steps} == {(16, 50)}
    first, second = events[8], events[17]
    assert (first.epoch, second.epoch, second.epochs) == (1, 2, 2)
    assert second.loss == pytest.approx(np.mean([event.loss for event in steps[8:]]))
    assert second.accuracy == pytest.approx(sum(event.correct for event in steps[8:]) / 400)


def test_its_steps_are_those_of_adamw_on_the_cross_entropy():
    run = trainer(batch_size=400, epochs=4, variation=0)
    told = [event.loss for event in run.run() if isinstance(event, StepDone)]

    module = digit_reader(0, (4, 6))
    x = torch.from_numpy(DIGITS.images / np.float32(255))[:, None]
    labels = torch.from_numpy(DIGITS.labels).long()
    optimizer = torch.optim.AdamW(module.parameters(), Config.learning_rate, weight_decay=1e-4)
    expected = []
    for step in range(4):
        optimizer.param_groups[0]["lr"] = Config.learning_rate * one_cycle(step / 4)
        module.zero_grad()
        loss = torch.nn.functional.cross_entropy(module(x), labels)
        loss.backward()
        optimizer.step()
        expected.append(loss.item())
    assert told == pytest.approx(expected, rel=1e-3)


def test_the_learning_rate_rises_once_and_falls_to_a_tenth():
    rates = [one_cycle(step / 1000) for step in range(1001)]
    assert rates[0] == pytest.approx(0.04)
    assert rates[-1] == pytest.approx(0.1)
    assert max(rates) == pytest.approx(1)
    top = rates.index(max(rates))
    assert top == 150
    assert rates[:top] == sorted(rates[:top])
    assert rates[top:] == sorted(rates[top:], reverse=True)


def test_images_are_varied_as_strongly_as_configured():
    plain, varied = (next(trainer(variation=strength).run()) for strength in (0, 1))
    assert plain != varied


def test_the_same_seed_gives_the_same_weights():
    runs = [trainer(seed=5), trainer(seed=5), trainer(seed=6)]
    for run in runs:
        list(run.run())
    first, again, other = map(weights, runs)
    assert all(torch.equal(first[name], again[name]) for name in first)
    assert not torch.equal(first["conv2.weight"], other["conv2.weight"])


def test_averaged_weights_trail_the_current_ones():
    run = trainer(averaging=0.9)
    start = weights(run)["conv2.weight"]
    list(run.run())
    current, averaged = run.module.conv2.weight, run.averaged.conv2.weight
    assert 0 < (averaged - start).norm() < (current - start).norm()
    last = trainer(averaging=0)
    list(last.run())
    assert torch.equal(last.averaged.conv2.weight, last.module.conv2.weight)


def test_accuracy_is_counted_alike_in_pytorch_and_in_numpy():
    run = trainer(epochs=3)
    list(run.run())
    assert count_correct(run.averaged, DIGITS) == count_in_numpy(to_network(run.averaged), DIGITS)


def test_a_batch_larger_than_the_data_is_refused():
    with pytest.raises(ValueError, match="400 images are fewer than a batch of 401"):
        trainer(batch_size=401)


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({"epochs": 0}, "epochs 0"),
        ({"batch_size": 0}, "batch size 0"),
        ({"seed": -1}, "seed -1"),
        ({"learning_rate": 0.0}, "learning rate 0.0"),
        ({"learning_rate": float("nan")}, "learning rate nan"),
        ({"weight_decay": -1.0}, "weight decay -1.0"),
        ({"averaging": 1.0}, "averaging 1.0"),
        ({"variation": -0.5}, "variation -0.5"),
    ],
)
def test_a_setting_out_of_range_is_refused_with_its_number(settings, message):
    with pytest.raises(ValueError, match=re.escape(message)):
        Config(**settings)
