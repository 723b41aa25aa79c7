"""Each course of a run is named, with the numbers that show it."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.runs.config import TrainConfig
from cnnlib.runs.diagnosis import BIG_GAP, GUESSING, diagnose
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


def still(**last: float) -> list[Report]:
    """Two reports of a run that is over and rests, except for what is said of the last one."""
    reports = course((0.2, 0.97, 0.2, 0.96), (0.2, 0.97, 0.2, 0.96))
    return [reports[0], replace(reports[1], **last)]


@pytest.mark.parametrize(
    ("last", "kind"),
    [
        ({}, "converged"),
        # One and a half times the loss of guessing, which is ln 10.
        ({"loss": 3.45}, "converged"),
        ({"loss": 1.5 * GUESSING}, "converged"),
        ({"loss": 3.46}, "diverging"),
        # A gap of 3 points, or of 1 where the validation loss rose by 10% while the other fell.
        ({"accuracy": 0.989}, "converged"),
        ({"accuracy": 0.991}, "overfitting"),
        ({"accuracy": BIG_GAP, "validation_accuracy": 0.0}, "underfitting"),
        ({"accuracy": 0.971, "loss": 0.19, "validation_loss": 0.23}, "overfitting"),
        ({"accuracy": 0.969, "loss": 0.19, "validation_loss": 0.23}, "converged"),
        (
            {"accuracy": BIG_GAP / 3, "validation_accuracy": 0.0}
            | {"loss": 0.19, "validation_loss": 0.23},
            "underfitting",
        ),
        ({"accuracy": 0.971, "loss": 0.19, "validation_loss": 0.21}, "converged"),
        ({"accuracy": 0.971, "loss": 0.19, "validation_loss": 1.1 * 0.2}, "converged"),
        ({"accuracy": 0.971, "loss": 0.2, "validation_loss": 0.23}, "converged"),
        # 95% is good.
        ({"accuracy": 0.95}, "converged"),
        ({"accuracy": 0.949}, "underfitting"),
        # Both losses fell by more than 5%.
        ({"loss": 0.189, "validation_loss": 0.189}, "ideal"),
        ({"loss": 0.191, "validation_loss": 0.189}, "converged"),
        ({"loss": 0.189, "validation_loss": 0.191}, "converged"),
        ({"loss": 0.95 * 0.2, "validation_loss": 0.1}, "converged"),
        ({"loss": 0.1, "validation_loss": 0.95 * 0.2}, "converged"),
        # It is over when it has had its epochs, which are added up in small steps.
        ({"loss": 0.1, "validation_loss": 0.1, "epoch": 9.9}, "learning"),
        ({"loss": 0.1, "validation_loss": 0.1, "epoch": 9.9999999}, "ideal"),
        ({"loss": 0.1, "validation_loss": 0.1, "epoch": 10 - 1e-6}, "ideal"),
    ],
)
def test_each_kind_begins_where_the_rule_of_thumb_says(last, kind):
    assert diagnose(still(**last), CONFIG).kind == kind


@pytest.mark.parametrize(
    ("fall", "advice"), [(0.004, "Raise capacity"), (0.005, "Raise"), (0.006, "It still learns")]
)
def test_a_poor_network_creeps_where_both_losses_fall_by_half_a_percent(fall, advice):
    def told(**less):
        last = {name: 2 * (1 - share) for name, share in less.items()}
        poor = course((2.0, 0.5, 2.0, 0.5), (2.0, 0.5, 2.0, 0.5))
        return diagnose([poor[0], replace(poor[1], **last)], CONFIG).advice

    assert told(loss=fall, validation_loss=fall).startswith(advice)
    assert told(loss=fall).startswith("Raise capacity")
    assert told(validation_loss=fall).startswith("Raise capacity")
    assert told(loss=fall, validation_loss=0.005).startswith("Raise capacity")
    assert told(loss=0.005, validation_loss=fall).startswith("Raise capacity")


@pytest.mark.parametrize(("reports", "back"), [(2, 1), (3, 1), (7, 1), (8, 2), (12, 3), (15, 3)])
def test_of_late_is_the_last_quarter_of_the_reports(reports, back):
    losses = [3.0 - 0.125 * i for i in range(reports)]
    rows = [(loss, 0.97, loss, 0.96) for loss in losses]
    sentence = diagnose(course(*rows, epochs=5), CONFIG).sentence
    assert f"from {losses[-1 - back]:.3g} to {losses[-1]:.3g} of late" in sentence


def test_the_sentences_of_each_course():
    assert diagnose(OVER, CONFIG).sentence == (
        "It read 100.0% of the training images, on average since the report before, and now reads "
        "84.0% of the validation images: a gap of 16.0 points. The validation loss was 0.600 after "
        "epoch 6.67 and is 0.900 now, while the training loss fell on: it learns these images by "
        "heart."
    )
    assert diagnose(still(accuracy=1.0), CONFIG).sentence == (
        "It read 100.0% of the training images, on average since the report before, and now reads "
        "96.0% of the validation images: a gap of 4.0 points."
    )
    assert diagnose([], CONFIG).sentence.startswith("There are no reports")
    assert diagnose(GOOD[:1], CONFIG).sentence.startswith("There is 1 report ")


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ({}, "more images, augmentation, dropout of 0.5, weight decay, early stopping"),
        ({"images": 59_999, "augmentation": "shift"}, "more images, dropout of 0.5, weight decay"),
        ({"images": 60_000}, "augmentation, dropout of 0.5"),
    ],
)
def test_what_is_done_already_is_not_advised_against_overfitting(more, advice):
    told = diagnose(OVER, replace(CONFIG, **more)).advice
    assert told.startswith(f"Raise regularisation: try {advice}")


@pytest.mark.parametrize(
    ("more", "advice"),
    [
        ({}, "Raise capacity: try more maps or another block, more epochs."),
        ({"weight_decay": 1e-3}, "Raise capacity: try more maps or another block, more epochs."),
        ({"weight_decay": 2e-3}, "more epochs, less weight decay."),
        ({"learning_rate": 1e-5}, "Raise capacity"),
        ({"learning_rate": 9e-6}, "A learning rate of 9e-06 hardly moves it: try 0.004."),
    ],
)
def test_what_holds_a_poor_network_back_is_named(more, advice):
    assert advice in diagnose(UNDER, replace(CONFIG, **more)).advice


SHARES = st.floats(0, 1)
LOSSES = st.floats(0, allow_nan=False)


@given(rows=st.lists(st.tuples(LOSSES, SHARES, LOSSES, SHARES), max_size=6))
def test_whatever_the_course_there_is_a_sentence(rows):
    found = diagnose(course(*rows), CONFIG)
    assert found.sentence.endswith(".")
    assert "nan" not in found.sentence
