"""Train a network: the settings of a run, the layers that they make, and the course of runs.

The state wraps `runs/config.py`, which describes a run once for page, terminal and script. The
fields, their ranges, their names in a link and their refusals come from there. Runs come from
outside.
"""

from dataclasses import dataclass, fields, replace
from functools import cached_property
from typing import Annotated, Any, ClassVar, Self

import numpy as np

from cnnlib.figures.learning import Curve, learning
from cnnlib.figures.palette import Theme
from cnnlib.figures.parts import table
from cnnlib.figures.scene import Scene
from cnnlib.lessons import lesson
from cnnlib.lessons.fields import Choice, Field, Switch, Text, Whole
from cnnlib.lessons.given import Given
from cnnlib.lessons.lesson import Example, Exercise, level_of
from cnnlib.models.architecture import Architecture
from cnnlib.models.block import Block
from cnnlib.models.layer_table import Row
from cnnlib.questions import Question, exactly, side
from cnnlib.runs.config import (
    CHOICES,
    DATA,
    SHORT,
    WHOLE,
    ConfigError,
    TrainConfig,
    parse,
)
from cnnlib.runs.diagnosis import diagnose
from cnnlib.runs.history import Past
from cnnlib.runs.presets import PRESETS

SPEEDS = ("0.5", "1", "2", "4", "8", "16", "32")
_NAMES = {short: name for name, short in SHORT.items()}
_USUAL = TrainConfig()
# The settings that are always named, beside those that are unusual.
_TOLD = ("data", "images", "optimizer", "learning_rate", "schedule", "batch_size", "epochs")


def _follow(link: str, text: str, opening: Any) -> tuple[Any, str]:
    """Read a setting as a run's description does; a refusal has the description's words."""
    name = _NAMES[link]
    try:
        return getattr(TrainConfig.from_query({link: text}), name), ""
    except ConfigError as error:
        if error.field != name:  # the text is allowed beside other settings
            return parse(name, text), ""
        return opening, f"This link is not followed in one thing: {error}."


class _Whole(Whole):
    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        return _follow(self.link, text, opening)


class _Choice(Choice):
    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        return _follow(self.link, text, opening)


class _Switch(Switch):
    def read(self, text: str, opening: Any) -> tuple[Any, str]:
        return _follow(self.link, text, opening)


def _field(name: str, label: str) -> Field:
    """Describe a setting of a run. Real numbers and architectures stay as they are typed."""
    link = SHORT[name]
    if name in WHOLE:
        return _Whole(label, *WHOLE[name], link=link)
    if name == "data" or name in CHOICES:
        return _Choice(label, DATA if name == "data" else CHOICES[name], link=link)
    if name == "batch_norm":
        return _Switch(label, link=link)
    return Text(label, link=link)


def _as_typed(config: TrainConfig) -> dict[str, Any]:
    """Return a run's settings as values of the state: real numbers and architectures as texts."""
    values = {name: getattr(config, name) for name in SHORT}
    values["architecture"] = config.architecture.to_text()
    return {n: str(v) if isinstance(v, float) else v for n, v in values.items()}


@dataclass(frozen=True)
class State(lesson.State):
    """The settings of a run, and how fast runs are played back."""

    data: Annotated[str, _field("data", "Digits")] = _USUAL.data
    images: Annotated[int, _field("images", "Training images")] = _USUAL.images
    architecture: Annotated[str, _field("architecture", "As text")] = _USUAL.architecture.to_text()
    optimizer: Annotated[str, _field("optimizer", "Optimiser")] = _USUAL.optimizer
    learning_rate: Annotated[str, _field("learning_rate", "Learning rate")] = str(
        _USUAL.learning_rate
    )
    schedule: Annotated[str, _field("schedule", "Schedule")] = _USUAL.schedule
    batch_size: Annotated[int, _field("batch_size", "Batch size")] = _USUAL.batch_size
    epochs: Annotated[int, _field("epochs", "Epochs")] = _USUAL.epochs
    weight_decay: Annotated[str, _field("weight_decay", "L2 (weight decay)")] = str(
        _USUAL.weight_decay
    )
    dropout: Annotated[str, _field("dropout", "Dropout")] = str(_USUAL.dropout)
    batch_norm: Annotated[bool, _field("batch_norm", "Batch normalisation")] = _USUAL.batch_norm
    augmentation: Annotated[str, _field("augmentation", "Augmentation")] = _USUAL.augmentation
    averaging: Annotated[str, _field("averaging", "Averaging of weights")] = str(_USUAL.averaging)
    early_stopping: Annotated[int, _field("early_stopping", "Early stopping: patience")] = (
        _USUAL.early_stopping
    )
    reports: Annotated[int, _field("reports", "Measurements per epoch")] = _USUAL.reports
    seed: Annotated[int, _field("seed", "Seed")] = _USUAL.seed
    device: Annotated[str, _field("device", "Device")] = _USUAL.device
    speed: Annotated[str, Choice("Speed", SPEEDS)] = "1"

    examples: ClassVar = {
        name: Example(
            preset.title, dict(_as_typed(preset.config).items() - _as_typed(_USUAL).items())
        )
        for name, preset in PRESETS.items()
    }

    @classmethod
    def of(cls, config: TrainConfig) -> Self:
        """Return the state whose settings are those of a run."""
        return cls(**_as_typed(config))

    @cached_property
    def config(self) -> TrainConfig:
        """The settings of a run, or ConfigError with one sentence."""
        values = {name: getattr(self, name) for name in SHORT}
        return TrainConfig(
            **{n: parse(n, v) if isinstance(v, str) else v for n, v in values.items()}
        )

    def probe(self, given: Given) -> None:
        """Raise ValueError if no run can have these settings; given runs have their own."""
        if not given.names_runs:
            self.config  # noqa: B018 - raises

    def scene(self, given: Given, theme: Theme = "light") -> Scene:
        """Draw the given runs, or the layers of the network that these settings train."""
        if given.names_runs:
            return _curves(given, theme)
        rows = [["layer", "output", "parameters", "receptive field"]]
        for row in self.config.architecture.rows():
            field = f"{row.receptive_field}×{row.receptive_field}"
            count = f"{row.parameters:,}" if row.parameters else ""
            rows.append([row.name, "×".join(map(str, row.shape)), count, field])
        total = sum(row.parameters for row in self.config.architecture.rows())
        preset = _preset(self.config)
        name = PRESETS[preset].title if preset else "A network to train"
        return table(rows, f"{name}: {total:,} parameters", theme)

    def told(self, given: Given) -> str:
        """Describe how each run went, or what to expect, and name the settings."""
        if given.names_runs:
            return " ".join(_story(run, several=len(given.past) > 1) for run in given.past)
        preset = _preset(self.config)
        purpose = f"{PRESETS[preset].purpose} " if preset else ""
        return f"{purpose}{_settings(self.config)}."

    @classmethod
    def exercise(cls, rng: np.random.Generator, level: int) -> Exercise:
        """Ask for a map's size, for a layer's parameters, or for those of a whole network."""
        ask = {1: _size, 2: _layer, 3: _network}[level_of(level)]
        return ask(rng)


def _curves(given: Given, theme: Theme) -> Scene:
    titles = ", ".join(run.title for run in given.past)
    recorded = given.recorded is not None or given.replayed
    title = f"{'Recorded' if recorded else 'As trained'}: {titles}"
    reports = given.past[0].told.reports if len(given.past) == 1 else []
    confusion, filters = (reports[-1].confusion, reports[-1].filters) if reports else (None, None)
    return learning([_curve(run) for run in given.past], title, confusion, filters, theme)


def _curve(run: Past) -> Curve:
    epochs, losses, accuracies = (
        np.array([getattr(one, key) for one in run.told.progress], float)
        for key in ("epoch", "loss", "accuracy")
    )
    measured = [
        [getattr(one, key) for one in run.told.reports]
        for key in ("epoch", "validation_loss", "validation_accuracy")
    ]
    return Curve(run.title, epochs, losses, accuracies, np.array(measured, float))


def _story(run: Past, *, several: bool) -> str:
    which, told = f"{run.title}: " if several else "", []
    if run.told.reports or run.told.diverged:
        found = diagnose(run.told.reports, run.config, run.told.diverged)
        words = f"{which}{found.kind.capitalize()}. {found.sentence} {found.advice}"
        told.append(words.strip())
    return " ".join([*told, f"{which}{_settings(run.config)}."])


def _preset(config: TrainConfig) -> str | None:
    return next((name for name, one in PRESETS.items() if one.config == config), None)


def _settings(config: TrainConfig) -> str:
    """Name the settings of a training: the main ones, and those that are unusual."""
    names = [field.name for field in fields(config) if field.name != "architecture"]
    told = [
        f"{name.replace('_', ' ')} {_value(getattr(config, name))}"
        for name in names
        if name in _TOLD or getattr(config, name) != getattr(_USUAL, name)
    ]
    return "Settings: " + ", ".join(told)


def _value(value: object) -> str:
    if isinstance(value, bool):
        return "on" if value else "off"
    if isinstance(value, int):
        return f"{value:,}"
    return f"{value:g}" if isinstance(value, float) else str(value)


def _size(rng: np.random.Generator) -> Exercise:
    kernel, stride = int(rng.choice((3, 5, 7))), int(rng.integers(1, 4))
    rows = _state_of(kernel, stride, 8).config.architecture.rows()
    n = rows[0].shape[-1]
    line = f"⌊(28 − {kernel}) / {stride}⌋ + 1 = {n}"
    asked = (
        f"A convolution {kernel}×{kernel} with stride {stride} and without padding reads 28×28 "
        "pixels. How many rows has each of its maps?"
    )
    return Exercise(_state_of(kernel, stride, 8), Question(asked, side(n, line)), (line,), str(n))


def _layer(rng: np.random.Generator) -> Exercise:
    kernel, maps = int(rng.choice((3, 5))), int(rng.integers(4, 13))
    before = int(rng.integers(2, 9))
    state = replace(State(), architecture=_text(Block("conv", before), Block("conv", maps, kernel)))
    rows = [row for row in state.config.architecture.rows() if row.kind == "conv2d"]
    count = rows[1].parameters
    line = _convolution(rows[1], before)
    asked = (
        f"The second layer has {maps} filters of {kernel}×{kernel}, with a bias each, over "
        f"{before} maps. How many parameters has it?"
    )
    return Exercise(state, Question(asked, exactly(count, line)), (line,), str(count))


def _network(rng: np.random.Generator) -> Exercise:
    kernel, maps = int(rng.choice((3, 5))), int(rng.integers(2, 9))
    state = _state_of(kernel, 2, maps)
    first, *_, flat, last = state.config.architecture.rows()
    total = first.parameters + last.parameters
    (units,) = flat.shape
    size = first.shape[-1]
    lines = (
        f"maps of ⌊(28 − {kernel}) / 2⌋ + 1 = {size} rows",
        _convolution(first, 1),
        f"({maps}·{size}·{size} + 1)·10 = ({units} + 1)·10 = {last.parameters}",
        f"{first.parameters} + {last.parameters} = {total}",
    )
    asked = (
        f"28×28 pixels go through {maps} filters of {kernel}×{kernel} with stride 2, without "
        "padding, then ReLU, then a fully connected layer with 10 outputs; all have biases. "
        "How many parameters are there?"
    )
    return Exercise(state, Question(asked, exactly(total, lines[-1])), lines, str(total))


def _state_of(kernel: int, stride: int, maps: int) -> State:
    """Return the settings of one convolution without padding."""
    block = Block("conv", maps, kernel, stride=stride, padding="none", pool="none")
    return replace(State(), architecture=_text(block))


def _text(*blocks: Block) -> str:
    return Architecture(blocks).to_text()


def _convolution(row: Row, before: int) -> str:
    """Write out the parameters of a convolution that reads `before` maps."""
    k, maps = row.sweep.kernel, row.shape[0]
    return f"({k}·{k}·{before} + 1)·{maps} = {row.parameters}"
