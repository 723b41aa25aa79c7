"""A run begins with given weights, and with normalisations that change nothing."""

from dataclasses import replace

import numpy as np
import pytest

from cnnlib.data.digits import built_in
from cnnlib.drawings.images import to_input
from cnnlib.models.architecture import PRESETS
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import StepDone
from cnnlib.runs.start import Start
from cnnlib.training.trainer import Training, train

DATA = built_in(200, seed=1), built_in(60, seed=2)
CONFIG = TrainConfig(
    images=200,
    batch_size=20,
    epochs=1,
    reports=1,
    architecture=PRESETS["tiny"],
    optimizer="sgd",
    learning_rate=0.01,
    augmentation="none",
    averaging=0.0,
    device="cpu",
)


def taught(architecture) -> Start:
    """Return weights of a network that has learned a little."""
    run = train(replace(CONFIG, architecture=architecture, optimizer="adam", epochs=2), DATA)
    list(run)
    return Start(run.network, "the network of the run “before”", "abc")


def losses(run: Training) -> list[float]:
    return [event.loss for event in run if isinstance(event, StepDone)]


@pytest.mark.parametrize("name", ["tiny", "residual", "locally connected", "fully connected"])
@pytest.mark.parametrize("changes", [{}, {"batch_norm": True}, {"averaging": 0.9}], ids=str)
def test_a_run_begins_as_the_very_network(name, changes):
    start = taught(PRESETS[name])
    run = Training(replace(CONFIG, architecture=PRESETS[name], **changes), *DATA, start)
    x = to_input(DATA[1].images)
    logits = start.network.forward(x)[-1]
    np.testing.assert_allclose(run.network.forward(x)[-1], logits, rtol=1e-4, atol=1e-4)


def test_a_normalisation_that_begins_as_the_identity_is_very_nearly_one_while_it_trains():
    start = taught(PRESETS["tiny"])
    config = replace(CONFIG, batch_size=100)
    plain = losses(Training(config, *DATA, start))
    normalised = losses(Training(replace(config, batch_norm=True), *DATA, start))
    fresh = losses(Training(replace(config, batch_norm=True), *DATA))
    assert normalised[0] == pytest.approx(plain[0], rel=0.1)
    assert fresh[0] > 2 * plain[0]


def test_the_same_start_gives_the_same_run_and_another_seed_another_order():
    start = taught(PRESETS["tiny"])
    first, second = (losses(Training(CONFIG, *DATA, start)) for _ in range(2))
    assert first == second
    assert losses(Training(replace(CONFIG, seed=1), *DATA, start)) != first


def test_a_run_that_began_from_weights_goes_on_from_its_checkpoint_without_them():
    start = taught(PRESETS["tiny"])
    whole, part = (Training(CONFIG, *DATA, start) for _ in range(2))
    for _ in range(4):
        next(part)
    resumed = Training(CONFIG, *DATA)
    resumed.restore(part.state())
    assert losses(part) == losses(resumed) == losses(whole)[3:]


def test_weights_of_another_architecture_are_refused():
    start = taught(PRESETS["tiny"])
    with pytest.raises(ValueError, match="cannot be trained on with these layers: it has conv1"):
        train(replace(CONFIG, architecture=PRESETS["digits"]), DATA, start)
