"""Training runs that never took place, with figures like those of real runs."""

from dataclasses import dataclass, field

import numpy as np

from cnnlib.data import Dataset
from cnnlib.data.digits import built_in
from cnnlib.runs.events import BINS, Begun, LayerStatistics, Progress, Report

STEPS_PER_EPOCH = 60
LAYERS = ("conv1", "conv2", "conv3", "conv4", "logits")
# For each digit, the one that a network mistakes it for.
_ALIKE = {0: 6, 1: 7, 2: 7, 3: 5, 4: 9, 5: 3, 6: 0, 7: 1, 8: 3, 9: 4}


@dataclass
class History:
    """The events that a run has told so far."""

    validation: Dataset
    begun: Begun
    progress: list[Progress] = field(default_factory=list)
    reports: list[Report] = field(default_factory=list)


def history(
    *,
    epochs: float = 4,
    planned: int = 8,
    reports: int = 4,
    validation: int = 1000,
    pace: float = 1.0,
    overfits: float = 0.0,
    maps: int = 12,
    templates: bool = False,
    seed: int = 0,
) -> History:
    """Return a run after `epochs` of `planned` epochs, with `reports` to an epoch.

    `pace` is how fast the run learns, `overfits` how much of the gap between training and
    validation returns in each epoch; with `templates` the first layer is fully connected.
    """
    numbers = np.random.default_rng(seed)
    data = built_in(validation, seed=77)
    steps = planned * STEPS_PER_EPOCH
    told = History(data, Begun(21_000, 20_000, validation, steps, STEPS_PER_EPOCH, "cpu", 1))
    difficulty = np.random.default_rng(5).random(validation)
    target = _filters(numbers, maps, templates)
    noise = numbers.normal(0, 0.2 if not templates else 0.04, target.shape)
    filters = noise
    for step in range(5, int(epochs * STEPS_PER_EPOCH) + 1, 5):
        epoch = step / STEPS_PER_EPOCH
        error = _error(epoch, pace)
        noisy = error * np.exp(numbers.normal(0, 0.15))
        # A network that guesses has a loss of ln 10 and is wrong nine times in ten.
        told.progress.append(
            Progress(
                step, steps, epoch, 2.5 * noisy, 1 - min(0.93, noisy), 1e-3,
                numbers.normal(18_000, 500), step / 70,
            )
        )  # fmt: skip
        if step * reports % STEPS_PER_EPOCH:
            continue
        before, filters = filters, target + (noise - target) * np.exp(-pace * epoch)
        missed = error * 1.1 + 0.004 + overfits * max(0, epoch - 1)
        told.reports.append(_report(step, epoch, error, missed, difficulty, data, numbers, filters))
        change = float(np.abs(filters - before).mean())
        object.__setattr__(told.reports[-1], "filters_change", change)
    return told


def _error(epoch, pace):
    return 0.9 / (1 + (4 * pace * epoch) ** 1.7) + 0.004


def _filters(numbers, maps, templates):
    if templates:
        rows, columns = np.mgrid[:28, :28] / 14 - 1  # (28, 28)
        bump = 0.1 * np.exp(-(rows**2) - columns**2)
        angles = np.linspace(0, 6, 16)
        waves = [np.sin(4 * (rows * np.cos(a) + columns * np.sin(a))) for a in angles]
        return np.stack([bump * wave for wave in waves])[:, None]  # (16, 1, 28, 28)
    rows, columns = np.mgrid[-1:2, -1:2]
    angles = np.linspace(0, 2 * np.pi, maps, endpoint=False)
    return np.stack([0.4 * (rows * np.cos(a) + columns * np.sin(a)) for a in angles])[:, None]


def _report(step, epoch, error, missed, difficulty, data, numbers, filters):
    wrong = np.flatnonzero(difficulty + numbers.normal(0, 0.01, len(difficulty)) < missed)
    alike = np.array([_ALIKE[int(label)] for label in data.labels[wrong]])
    other = (data.labels[wrong] + numbers.integers(1, 10, len(wrong))) % 10
    said = np.where(numbers.random(len(wrong)) < 0.6, alike, other)
    read = data.labels.astype(int)
    read[wrong] = said
    confusion = np.zeros((10, 10), int)
    np.add.at(confusion, (data.labels, read), 1)
    confidence = np.sort(0.35 + 0.64 * numbers.random(len(wrong)))[::-1]
    return Report(
        step, epoch, step / 70, 2.5 * error, 1 - error, 2.8 * missed, 1 - len(wrong) / len(read),
        confusion, wrong[:300], said[:300].astype(np.uint8), confidence[:300].astype(np.float32),
        filters.astype(np.float32), 0.0,
        tuple(_layer(name, depth, error, numbers) for depth, name in enumerate(LAYERS)),
    )  # fmt: skip


def _layer(name, depth, error, numbers):
    signed = numbers.normal(-0.2 * depth, 1 + 0.3 * depth, 4000)
    handed_on = signed if name == "logits" else np.maximum(signed, 0)
    gradient = numbers.normal(0, 0.02 * (error + 0.05) / (1 + 4 - depth), 2000)
    counts, edges = np.histogram(handed_on, BINS)
    slopes, ends = np.histogram(gradient, BINS)
    return LayerStatistics(
        name, counts, (float(edges[0]), float(edges[-1])), float(np.mean(handed_on == 0)),
        slopes, (float(ends[0]), float(ends[-1])), float(np.linalg.norm(gradient)),
    )  # fmt: skip
