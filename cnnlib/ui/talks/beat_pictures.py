"""The figures of beats on training runs."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np

from cnnlib.figures.learning import Curve, learning
from cnnlib.figures.parts import table
from cnnlib.figures.scene import Scene
from cnnlib.runs import recordings
from cnnlib.runs import service as runs
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.diagnosis import diagnose
from cnnlib.runs.history import History
from cnnlib.runs.presets import PRESETS

State = Mapping[str, str]
_MOST_RUNS = 4
_SETTINGS = ("data", "images", "optimizer", "learning_rate", "schedule", "batch_size", "epochs")


def train(state: State) -> tuple[Scene, str]:
    """Draw the runs that a link names, or what a run would be told."""
    if "recorded" in state:
        found = recordings.load(state["recorded"])
        told = History()
        told.read(enumerate(found.events, 1))
        return _runs([(f"{found.title}", found.config, told)], f"Recorded: {found.title}")
    names = [name for name in state.get("run", "").split(",") if name][:_MOST_RUNS]
    if names:
        kept = []
        for name in names:
            record = runs.of_this_server().run(name)
            told = History()
            told.read(runs.of_this_server().store.events(name))
            kept.append((record.title, record.config, told))
        titles = ", ".join(title for title, _, _ in kept)
        return _runs(kept, f"{'Recorded' if 'replay' in state else 'As trained'}: {titles}")
    return _settings(state)


def _runs(kept: Sequence[tuple[str, TrainConfig, History]], title: str) -> tuple[Scene, str]:
    curves = [_curve(name, told) for name, _, told in kept]
    sentences = []
    for name, config, told in kept:
        which = f"{name}: " if len(kept) > 1 else ""
        if told.reports or told.diverged:
            found = diagnose(told.reports, config, told.diverged)
            sentences.append(
                f"{which}{found.kind.capitalize()}. {found.sentence} {found.advice}".strip()
            )
        sentences.append(f"{which}{_told(config)}.")
    reports = kept[0][2].reports if len(kept) == 1 else []
    last = (reports[-1].confusion, reports[-1].filters) if reports else ()
    return learning(curves, title, *last), " ".join(sentences)


def _curve(name: str, told: History) -> Curve:
    epochs, losses, accuracies = (
        np.array([getattr(one, key) for one in told.progress], float)
        for key in ("epoch", "loss", "accuracy")
    )
    measured = [
        [getattr(one, key) for one in told.reports]
        for key in ("epoch", "validation_loss", "validation_accuracy")
    ]
    return Curve(name, epochs, losses, accuracies, np.array(measured, float))


def _settings(state: State) -> tuple[Scene, str]:
    """Draw the layers of a network that is to be trained, and say with which settings."""
    query = dict(state)
    config = TrainConfig.from_query(query)
    rows = [["layer", "output", "parameters", "receptive field"]]
    for row in config.architecture.rows():
        field = f"{row.receptive_field}×{row.receptive_field}"
        count = f"{row.parameters:,}" if row.parameters else ""
        rows.append([row.name, "×".join(map(str, row.shape)), count, field])
    total = sum(row.parameters for row in config.architecture.rows())
    preset = next((one for one in PRESETS.values() if one.config == config), None)
    name = preset.title if preset else "A network to train"
    purpose = f"{preset.purpose} " if preset else ""
    return table(rows, f"{name}: {total:,} parameters"), f"{purpose}{_told(config)}."


def _told(config: TrainConfig) -> str:
    """Say with which settings a network is trained: the main ones, and what is unusual."""
    usual = TrainConfig()
    names = [field.name for field in fields(config) if field.name != "architecture"]
    told = [
        f"{name.replace('_', ' ')} {_value(getattr(config, name))}"
        for name in names
        if name in _SETTINGS or getattr(config, name) != getattr(usual, name)
    ]
    return "Settings: " + ", ".join(told)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)
