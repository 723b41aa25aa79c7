"""Each course of a run is named, with the numbers that show it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.diagnosis import diagnose
from cnnlib.runs.events import Diverged, Report
from tests.runs.test_events import REPORT

CONFIG = TrainConfig(epochs=10, augmentation="none")


def course(*rows: tuple[float, float, float, float], epochs: int = 10) -> list[Report]:
    """Return reports of (loss, accuracy, validation loss, validation accuracy) over the epochs."""
    return [
        replace(
            REPORT,
            epoch=epochs * (i + 1) / len(rows),
            loss=row[0],
            accuracy=row[1],
            validation_loss=row[2],
            validation_accuracy=row[3],
        )
        for i, row in enumerate(rows)
    ]


OVER = course((1.0, 0.7, 0.9, 0.72), (0.2, 0.95, 0.6, 0.85), (0.01, 1.0, 0.9, 0.84))
UNDER = course((2.0, 0.3, 2.0, 0.31), (1.62, 0.42, 1.6, 0.43), (1.6, 0.43, 1.6, 0.44))
GOOD = course((0.5, 0.9, 0.2, 0.94), (0.1, 0.97, 0.08, 0.975), (0.05, 0.985, 0.06, 0.983))
FLAT = course((0.5, 0.9, 0.2, 0.94), (0.051, 0.985, 0.06, 0.983), (0.05, 0.985, 0.06, 0.983))


@pytest.mark.parametrize(
    ("reports", "kind", "numbers"),
    [
        (
            OVER,
            "overfitting",
            ("100.0%", "84.0%", "16.0 points", "0.600 after epoch 6.67"),
        ),
        (UNDER, "underfitting", ("43.0%", "44.0%", "from 1.6 to 1.6 of late")),
        (GOOD, "ideal", ("98.5%", "98.3%", "from 0.08 to 0.06 of late")),
        (FLAT, "converged", ("98.5%", "98.3%", "from 0.06 to 0.06")),
        (GOOD[:2], "learning", ("97.0%", "97.5%", "from 0.2 to 0.08 of late")),
        (GOOD[:1], "too early", ("1 report",)),
        ([], "too early", ("no reports",)),
        (course((1600.0, 0.1, 700.0, 0.1)), "diverging", ("1600", "2.30")),
    ],
)
def test_each_course_has_its_name_and_its_numbers(reports, kind, numbers):
    found = diagnose(reports, CONFIG)
    assert found.kind == kind
    for number in numbers:
        assert number in found.sentence
    assert found.advice.endswith(".")


def test_a_diverged_run_says_what_the_trainer_said():
    event = Diverged(3, float("inf"), {}, 1000.0, "In step 3 the loss was inf.")
    assert diagnose(GOOD, CONFIG, event).kind == "diverging"
    assert diagnose([], CONFIG, event).sentence == event.sentence


def test_against_overfitting_it_advises_what_is_not_yet_done():
    assert "augmentation" in diagnose(OVER, CONFIG).advice
    done = {"augmentation": "vary", "dropout": 0.5, "weight_decay": 0.1, "early_stopping": 3}
    advice = diagnose(OVER, replace(CONFIG, images=60_000, **done)).advice
    assert advice == "Raise regularisation: try a smaller network."


def test_a_tiny_learning_rate_is_named():
    assert "1e-07 hardly moves" in diagnose(UNDER, replace(CONFIG, learning_rate=1e-7)).advice
    strong = replace(CONFIG, dropout=0.5, weight_decay=0.1)
    assert "less dropout, less weight decay" in diagnose(UNDER, strong).advice


def test_a_poor_network_that_still_learns_is_told_to_hurry_and_one_that_stands_still_to_grow():
    creeping = course((2.28, 0.15, 2.27, 0.16), (2.25, 0.2, 2.24, 0.21), (2.22, 0.25, 2.21, 0.26))
    slow = diagnose(creeping, replace(CONFIG, learning_rate=3e-4))
    assert slow.kind == "underfitting"
    assert "a learning rate above 0.0003" in slow.advice
    assert diagnose(UNDER, CONFIG).advice.startswith("Raise capacity")


SHARES = st.floats(0, 1)
LOSSES = st.floats(0, allow_nan=False)


@given(rows=st.lists(st.tuples(LOSSES, SHARES, LOSSES, SHARES), max_size=6))
def test_whatever_the_course_there_is_a_sentence(rows):
    found = diagnose(course(*rows), CONFIG)
    assert found.sentence.endswith(".")
    assert "nan" not in found.sentence
