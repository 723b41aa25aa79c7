"""The figures of beats on drawings, pictures and training runs."""

from collections.abc import Mapping, Sequence
from dataclasses import fields

import numpy as np

from cnnlib.data import scenes
from cnnlib.drawings.drawing import Drawing
from cnnlib.drawings.pictures import Picture
from cnnlib.figures import filtered
from cnnlib.figures.learning import Curve, learning
from cnnlib.figures.magnified import magnified
from cnnlib.figures.parts import table
from cnnlib.figures.scene import Scene
from cnnlib.kernels import KERNELS
from cnnlib.runs import recordings
from cnnlib.runs import service as runs
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.diagnosis import diagnose
from cnnlib.runs.history import History
from cnnlib.runs.presets import PRESETS
from cnnlib.ui import cache
from cnnlib.ui.pages import lesson_kernels
from cnnlib.ui.pages.lesson_kernels import BORDERS, CHANNELS, SHOWN
from cnnlib.ui.pages.picture import SOURCES
from cnnlib.walkthroughs.numbers import show

State = Mapping[str, str]
_MOST_RUNS = 4
_SETTINGS = ("data", "images", "optimizer", "learning_rate", "schedule", "batch_size", "epochs")


def one_of(state: State, key: str, options: Mapping[str, str] | Sequence[str]) -> str:
    """Return which option a link names, by its name or its label; the first one otherwise."""
    names = options if isinstance(options, Mapping) else dict(zip(options, options, strict=True))
    said = state.get(key, "")
    return next((name for name, label in names.items() if said in (name, label)), next(iter(names)))


def whole(state: State, key: str, usual: int, least: int = -9999, most: int = 9999) -> int:
    """Return a whole number of a link, or the usual one for any other text."""
    text = state.get(key, "")
    good = text.removeprefix("-").isdecimal() and len(text) < 6
    return int(text) if good and least <= int(text) <= most else usual


def kernels(state: State) -> tuple[Scene, str]:
    """Draw a picture, a kernel with its numbers, and the result."""
    source = one_of(state, "picture", SOURCES)
    note = ""
    if source == "drawing" and state.get("drawing"):
        picture = Picture(scenes.drawn(Drawing.decode(state["drawing"])))
    elif source in ("drawing", "upload", "camera"):
        picture = cache.sample_picture("scene")
        note = "A picture of one's own stands in no link: here is the house. "
    else:
        picture = cache.sample_picture(source)
    setup = lesson_kernels.Setup(
        picture,
        state.get("kernel", KERNELS["sobel"].text),
        state.get("second", "1,1;1,1") if state.get("two") == "true" else None,
        one_of(state, "borders", BORDERS),  # type: ignore[arg-type]
        one_of(state, "shown", SHOWN),  # type: ignore[arg-type]
        one_of(state, "channels", CHANNELS),
    )
    view = setup.view()
    at = lesson_kernels.place(setup, state.get("at", ""))
    rows, columns = setup.weights.shape
    window = setup.padded[at[0] : at[0] + rows, at[1] : at[1] + columns, 0]
    value = show(round(float(setup.result[(*at, 0)]), 3))
    channel = ", in the first channel" if setup.pixels.shape[2] > 1 else ""
    told = f"Output row {at[0]}, column {at[1]}{channel}: Σ of {window.size} products = {value}"
    titles = [caption.partition(".")[0] for caption in view.captions]
    drawn = magnified(
        setup.padded,
        view.pads,
        filtered.pixels(setup.result, setup.showing),
        window,
        setup.weights,
        np.array(setup.applied.texts).reshape(rows, columns),
        at,
        told,
        (titles[0], titles[1]),
    )
    named = next((name for name, kernel in KERNELS.items() if kernel.text == setup.first), None)
    return drawn, f"{note}{setup.showing.sentence} {lesson_kernels.about(setup, named)}"


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
