"""The optimiser and the device that a configuration asks for."""

import pytest
import torch

from cnnlib.runs.config import CHOICES, ConfigError, TrainConfig
from cnnlib.training.optimizers import device, optimizer


@pytest.mark.parametrize("name", CHOICES["optimizer"])
@pytest.mark.parametrize("where", ["cpu", "mps"])
def test_each_has_the_numbers_that_were_asked_for(name, where):
    config = TrainConfig(optimizer=name, learning_rate=0.5, weight_decay=0.25)
    (group,) = optimizer(config, [torch.nn.Parameter(torch.ones(2))], where).param_groups
    assert (group["lr"], group["weight_decay"]) == (0.5, 0.25)
    assert group.get("momentum", 0) == (0.9 if name in ("momentum", "nesterov") else 0)
    assert group.get("nesterov", False) == (name == "nesterov")
    assert group.get("betas", (0.9, 0.999)) == (0.9, 0.999)


def test_auto_finds_a_device_and_a_missing_one_is_named(monkeypatch):
    monkeypatch.setattr(torch.cuda, "is_available", lambda: False)
    monkeypatch.setattr(torch.backends.mps, "is_available", lambda: False)
    assert device("auto").type == device("cpu").type == "cpu"
    for name in ("cuda", "mps"):
        with pytest.raises(ConfigError, match=f'^device "{name}": this machine has none'):
            device(name)
    monkeypatch.setattr(torch.cuda, "is_available", lambda: True)
    assert device("auto").type == "cuda"
