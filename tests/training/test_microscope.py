"""The microscope shows the very step that the run takes, and the step's rule adds up."""

from dataclasses import replace

import numpy as np
import pytest
import torch

from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.models.architecture import Architecture
from cnnlib.runs.config import CHOICES, TrainConfig
from cnnlib.runs.events import MOST_PICTURES, SAMPLED, BatchTaken, Begun, Report, StepDone
from cnnlib.training.trainer import Training, train

DATA = built_in(200, seed=1), built_in(50, seed=2)
CONFIG = TrainConfig(
    images=200,
    batch_size=40,
    epochs=2,
    averaging=0.0,
    reports=1,
    device="cpu",
    learning_rate=0.01,
    architecture=Architecture.from_text("conv3x4-stride2-max_fc9_out10"),
)


def begin(**changes) -> Training:
    run = train(replace(CONFIG, **changes), DATA)
    assert isinstance(run.microscope(), Begun)  # an event that waits comes first
    return run


def look(run: Training) -> BatchTaken:
    taken = run.microscope()
    assert isinstance(taken, BatchTaken)
    return taken


def test_the_run_is_the_same_with_and_without_it():
    changes = {"dropout": 0.3, "batch_norm": True, "averaging": 0.9, "augmentation": "vary"}
    plain, looked_at = begin(**changes), begin(**changes)
    events = []
    while (event := looked_at.microscope()) is not None:
        events.append(event)
    kinds = [type(event) for event in events if not isinstance(event, BatchTaken)]
    others = list(plain)
    assert kinds == [type(event) for event in others]
    losses = [
        [e.loss for e in told if isinstance(e, StepDone | Report)] for told in (events, others)
    ]
    assert losses[0] == losses[1]
    assert sum(isinstance(event, BatchTaken) for event in events) == 10
    parameters = plain.network.parameters
    for name, array in looked_at.network.parameters.items():
        assert np.array_equal(array, parameters[name])


def test_a_step_is_told_after_it_was_looked_at():
    run = begin()
    taken, told = look(run), next(run)
    assert isinstance(told, StepDone)
    assert (taken.step, taken.count) == (told.step, told.count) == (1, 40)
    assert taken.loss_before == pytest.approx(told.loss)
    assert taken.learning_rate == told.learning_rate


def test_pictures_logits_and_losses_are_the_networks():
    run = begin()
    network = run.network
    taken = look(run)
    assert taken.pictures.shape == (MOST_PICTURES, 28, 28)
    logits = network.forward(to_input(taken.pictures))[-1]
    np.testing.assert_allclose(taken.logits, logits, atol=1e-4)
    np.testing.assert_allclose(taken.probabilities.sum(axis=1), 1, rtol=1e-5)
    own = taken.probabilities[np.arange(MOST_PICTURES), taken.labels]
    np.testing.assert_allclose(taken.losses, -np.log(own), rtol=1e-4, atol=1e-6)


def test_the_loss_after_is_that_of_the_same_batch_with_the_new_weights():
    run = begin(augmentation="none", batch_size=200, epochs=9)
    look(run)
    next(run)  # the step
    next(run)  # its report
    for _ in range(3):
        taken = look(run)
        labels = torch.tensor(DATA[0].labels).long()
        logits = torch.tensor(run.network.forward(to_input(DATA[0].images))[-1])
        after = torch.nn.functional.cross_entropy(logits, labels).item()
        assert taken.loss_after == pytest.approx(after, rel=1e-4)
        assert taken.loss_after < taken.loss_before
        next(run), next(run)


def test_gradients_are_those_of_the_core():
    run = begin(augmentation="none", batch_size=16, images=200)
    network = run.network
    taken = look(run)
    activations = network.forward(to_input(taken.pictures))
    grad = (taken.probabilities - np.eye(10)[taken.labels]) / 16
    gradients = network.backward(activations, grad.astype(np.float32)).parameters
    assert {one.name for one in taken.parameters} == gradients.keys()
    for one in taken.parameters:
        expected = gradients[one.name]
        assert one.shape == expected.shape
        assert one.gradient_norm == pytest.approx(np.linalg.norm(expected), rel=1e-3, abs=1e-5)
        where = tuple(one.indices.T)
        np.testing.assert_allclose(one.gradient, expected[where], rtol=1e-3, atol=1e-6)
        assert np.abs(one.gradient).min() >= np.sort(np.abs(expected).ravel())[-SAMPLED:][0] - 1e-5


def by_rule(optimizer: str, one, constants: dict[str, float]) -> np.ndarray:
    """Take the update for the sampled weights, in doubles."""
    terms = {name: values.astype(float) for name, values in one.terms.items()}
    w, g, rate = one.before.astype(float), one.gradient.astype(float), constants["η"]
    decay = terms.get("2λ w", 0.0)
    if optimizer == "adamw":
        w = w - rate * decay
    else:
        g = g + decay
    if optimizer == "sgd":
        return w - rate * g
    if optimizer in ("momentum", "nesterov"):
        v = constants["α"] * terms.get("v before", 0.0) + g
        np.testing.assert_allclose(terms["v"], v, rtol=1e-4, atol=1e-7)
        return w - rate * (g + constants["α"] * v if optimizer == "nesterov" else v)
    first, second = constants["β₁"], constants["β₂"]
    m = first * terms.get("m before", 0.0) + (1 - first) * g
    v = second * terms.get("v before", 0.0) + (1 - second) * g**2
    m_hat, v_hat = m / (1 - first ** constants["t"]), v / (1 - second ** constants["t"])
    for name, value in {"m": m, "v": v, "m̂": m_hat, "v̂": v_hat}.items():
        np.testing.assert_allclose(terms[name], value, rtol=1e-3, atol=1e-9)
    return w - rate * m_hat / (np.sqrt(v_hat) + constants["ε"])


@pytest.mark.parametrize("optimizer", CHOICES["optimizer"])
@pytest.mark.parametrize("weight_decay", [0.0, 0.1])
def test_the_rule_leads_from_before_to_after(optimizer, weight_decay):
    run = begin(optimizer=optimizer, weight_decay=weight_decay, batch_norm=True)
    for step in range(1, 4):
        before = {p.name: p for p in look(run).parameters} if step < 3 else {}
        if before:
            next(run)
            continue
        taken = look(run)
        assert taken.step == 3
        for one in taken.parameters:
            expected = by_rule(optimizer, one, taken.constants)
            np.testing.assert_allclose(one.after, expected, rtol=1e-4, atol=1e-6)
            if one.gradient_norm > 1e-6:
                assert one.update_norm > 0
        assert ("2λ" in taken.constants) == bool(weight_decay)
        assert any("2λ w" in line for line in taken.rule) == bool(weight_decay)


def test_of_a_small_array_every_weight_is_followed():
    taken = look(begin())
    sizes = {one.name: len(one.before) for one in taken.parameters}
    assert sizes["conv1.bias"] == 4
    assert sizes["conv1.weight"] == SAMPLED


def test_a_run_that_diverges_says_so_under_the_microscope_too():
    run = begin()
    with torch.no_grad():
        run._parameters[0].fill_(torch.inf)
    kinds = [type(run.microscope()).__name__ for _ in range(3)]
    assert kinds == ["Diverged", "Ended", "NoneType"]
