"""The learning rate goes up and down as its schedule says."""

import pytest

from cnnlib.runs.config import CHOICES
from cnnlib.runs.schedules import share

DONE = [step / 1000 for step in range(1000)]


def rates(schedule: str) -> list[float]:
    return [share(schedule, done) for done in DONE]


def test_one_cycle_rises_once_and_falls_to_a_tenth():
    found = rates("one-cycle")
    assert found[0] == pytest.approx(0.04)
    assert share("one-cycle", 1) == pytest.approx(0.1)
    assert max(found) == pytest.approx(1)
    top = found.index(max(found))
    assert top == 150
    assert found[:top] == sorted(found[:top])
    assert found[top:] == sorted(found[top:], reverse=True)


def test_constant_stays():
    assert set(rates("constant")) == {1.0}


def test_cosine_falls_from_all_to_nothing():
    found = rates("cosine")
    assert found[0] == 1
    assert found[500] == pytest.approx(0.5)
    assert share("cosine", 1) == pytest.approx(0)
    assert found == sorted(found, reverse=True)


def test_step_divides_by_ten_after_each_third():
    found = rates("step")
    assert found[:334] == [1.0] * 334
    assert found[334:667] == pytest.approx([0.1] * 333)
    assert found[667:] == pytest.approx([0.01] * 333)


def test_every_schedule_of_a_configuration_is_known():
    assert len({tuple(rates(name)) for name in CHOICES["schedule"]}) == len(CHOICES["schedule"])
