"""The speed of training, and the time to an accuracy: one thread, a warm process.

The loop alone stands beside the usual loop, a DataLoader whose transforms take one picture at a
time. The time to an accuracy runs from the start of `train` to the report that tells the accuracy,
earlier measurements included. Rows on MNIST need its training images; name their folder in the
environment variable MNIST_DIR. ConvNetJS is measured if Node is there and CONVNETJS names the
folder that `npm install convnetjs` makes in node_modules.
"""

import os
import subprocess
from collections.abc import Iterator
from dataclasses import replace
from math import inf
from pathlib import Path
from statistics import median
from time import perf_counter

import numpy as np
import torch
from PIL import Image, ImageOps
from torch import nn
from torch.utils.data import DataLoader

from benchmarks.report import Row
from cnnlib.data import Dataset
from cnnlib.data.digits import built_in
from cnnlib.models.architecture import Architecture
from cnnlib.runs import sets
from cnnlib.runs.config import TrainConfig
from cnnlib.runs.events import Report, StepDone
from cnnlib.runs.presets import PRESETS
from cnnlib.training.model import build
from cnnlib.training.trainer import train

SEEDS = 5
ROUNDS = 5
IMAGES = 6_400
# The MNIST demo of A. Karpathy's ConvNetJS: 5,994 parameters on crops of 24×24, as many on 28×28.
CONVNETJS = Architecture.from_text("conv5x8-max_conv5x16-max3_out10")
CONVNETJS_MS = 2.4  # per crop under Node, measured once on the machine of the README's figures


def run() -> list[Row]:
    """Return the rows of this benchmark."""
    torch.set_num_threads(1)
    digits = built_in(IMAGES, seed=1), built_in(500, seed=2)
    rows = [
        *speeds(digits),
        *beside_convnetjs(digits),
        *making(),
        *reaching("default", "held-out neat digits", 99, 5),
    ]
    folder = os.environ.get("MNIST_DIR")
    if not folder:
        print("Times to read MNIST are left out: set MNIST_DIR to a folder with its images.")
        return rows
    for name, percent, seconds, seeds in (
        ("98%", 98, 3, SEEDS),
        ("99%", 99, 8, SEEDS),
        ("99.4%", 99.4, 45, 3),
    ):
        rows += reaching(name, "MNIST's held-out images", percent, seconds, folder, seeds)
    return [*rows, wild(folder)]


def speeds(digits: tuple[Dataset, Dataset]) -> Iterator[Row]:
    """Compare whole epochs of the same network."""
    config = TrainConfig(images=IMAGES, epochs=1, reports=1, averaging=0.0, device="cpu")
    for title, architecture, least in (
        ("the default network", config.architecture, 2.0),
        ("the draw page's network", PRESETS["diverging"].config.architecture, None),
    ):
        ours, theirs = [], []
        for _ in range(ROUNDS):
            ours.append(alone(replace(config, architecture=architecture), digits))
            theirs.append(usual(architecture, digits[0], config))
        yield Row(
            f"images learned from, {title}",
            median(ours),
            "/s",
            least,
            at_least=True,
            peer="DataLoader, torchvision's transforms written out, PyTorch's defaults",
            theirs=median(theirs),
        )


def beside_convnetjs(digits: tuple[Dataset, Dataset]) -> Iterator[Row]:
    """Compare with ConvNetJS's MNIST demo, its network and its trainer."""
    title = "images learned from, ConvNetJS's network"
    config = TrainConfig(
        images=IMAGES, architecture=CONVNETJS, epochs=1, reports=1, averaging=0.0, device="cpu"
    )
    if "CONVNETJS" not in os.environ:
        speed = median(alone(config, digits) for _ in range(ROUNDS))
        peer = "its demo under Node, 24×24: not run here (set CONVNETJS), a figure of before"
        theirs = 1000 / CONVNETJS_MS
        yield Row(title, speed, "/s", None, peer=peer, theirs=theirs)
        return
    # Both are measured in turn, three times.
    found = [(alone(config, digits), *map(convnetjs, (28, 24))) for _ in range(3)]
    ours, same, crops = (median(values) for values in zip(*found, strict=True))
    for peer, theirs in (("the same under Node, 28×28", same), ("its demo's crops, 24×24", crops)):
        yield Row(title, ours, "/s", 20, at_least=True, peer=peer, theirs=theirs)


def convnetjs(cells: int) -> float:
    """Train ConvNetJS on images of `cells` rows and columns; return the images per second."""
    digits = built_in(1_000, seed=1)
    rows = np.column_stack([digits.labels.astype(np.uint8), digits.images.reshape(-1, 784)])
    command = ["node", str(Path(__file__).with_name("convnetjs.js")), str(cells)]
    told = subprocess.run(command, input=rows.tobytes(), stdout=subprocess.PIPE, check=True)
    return 1000 / float(told.stdout)


def alone(config: TrainConfig, data: tuple[Dataset, Dataset]) -> float:
    """Take an epoch's steps with nobody watching, and return the images per second."""
    run = train(config, data)
    next(run)  # it has begun
    start = perf_counter()
    for event in run:
        # The last step is left out, because a report comes with it.
        if isinstance(event, StepDone) and event.step == event.steps - 1:
            return event.step * event.count / (perf_counter() - start)
    raise AssertionError("the run ended early")


class RandomCrop(nn.Module):
    """A random crop of 28 cells after a padding of 1, as torchvision's."""

    def forward(self, picture: Image.Image) -> Image.Image:
        """Return the picture, moved by up to one pixel."""
        picture = ImageOps.expand(picture, border=1, fill=0)
        top = torch.randint(0, 3, size=(1,)).item()
        left = torch.randint(0, 3, size=(1,)).item()
        return picture.crop((left, top, left + 28, top + 28))


class ToTensor:
    """A transform from a picture to a tensor, as torchvision's."""

    def __call__(self, picture: Image.Image) -> torch.Tensor:
        """Return the picture as (1, 28, 28) in [0, 1]."""
        pixels = torch.from_numpy(np.array(picture, np.uint8, copy=True)).view(28, 28, 1)
        return pixels.permute(2, 0, 1).contiguous().to(torch.float32).div(255)


class Normalize(nn.Module):
    """A normalisation by MNIST's mean and spread, as torchvision's."""

    def forward(self, tensor: torch.Tensor) -> torch.Tensor:
        """Return the picture with a mean of 0 and a spread of 1."""
        tensor = tensor.clone()
        mean = torch.as_tensor((0.1307,), dtype=tensor.dtype, device=tensor.device)
        spread = torch.as_tensor((0.3081,), dtype=tensor.dtype, device=tensor.device)
        if (spread == 0).any():
            raise ValueError("a spread of 0 can't be divided by")
        return tensor.sub_(mean.view(-1, 1, 1)).div_(spread.view(-1, 1, 1))


class Pictures(torch.utils.data.Dataset):
    """Digits as tutorials load them, picture by picture, each through its transforms."""

    def __init__(self, dataset: Dataset) -> None:
        self.dataset = dataset
        self.transforms = [RandomCrop(), ToTensor(), Normalize()]

    def __len__(self) -> int:
        """Return the number of pictures."""
        return len(self.dataset)

    def __getitem__(self, index: int) -> tuple[torch.Tensor, int]:
        """Return one picture and its label."""
        value = Image.fromarray(self.dataset.images[index])
        for transform in self.transforms:
            value = transform(value)
        return value, int(self.dataset.labels[index])


def plain(architecture: Architecture) -> nn.Sequential:
    """Return an architecture's module of PyTorch's own layers."""
    module = build(architecture)
    for name, layer in module.named_children():
        match layer:
            case nn.Flatten():
                module.register_module(name, nn.Flatten())
            case nn.Linear():
                own = nn.Linear(layer.in_features, layer.out_features)
                own.load_state_dict(layer.state_dict())
                module.register_module(name, own)
    return module


def usual(architecture: Architecture, dataset: Dataset, config: TrainConfig) -> float:
    """Take the same steps in the way of tutorials, and return the images per second."""
    module = plain(architecture)
    loader = DataLoader(Pictures(dataset), config.batch_size, shuffle=True, drop_last=True)
    optimizer = torch.optim.Adam(module.parameters(), config.learning_rate)
    criterion = nn.CrossEntropyLoss()
    module.train()
    start = perf_counter()
    for images, labels in loader:
        optimizer.zero_grad()
        loss = criterion(module(images), labels)
        loss.backward()
        optimizer.step()
        loss.item()
    return len(loader) * config.batch_size / (perf_counter() - start)


def making() -> Iterator[Row]:
    """Time the digits that a run begins with."""
    for name in ("default", "harder"):
        config = PRESETS[name].config
        start = perf_counter()
        made, _ = sets.make(config)
        yield Row(f"{len(made):,} digits made, {config.data}", perf_counter() - start, "s", 3)


def reaching(
    name: str, what: str, percent: float, most: float, folder: str = "", seeds: int = SEEDS
) -> list[Row]:
    """Return the median seconds to an accuracy, and the median accuracy at the end."""
    config = replace(PRESETS[name].config, device="cpu")
    config = replace(config, data=folder or config.data)
    data = sets.make(config)
    times, accuracies = [], []
    for seed in range(seeds):
        told = reports(replace(config, seed=seed), data)
        reached = [r.seconds for r in told if 100 * r.validation_accuracy >= percent]
        times.append(min(reached, default=inf))
        accuracies.append(100 * told[-1].validation_accuracy)
    return [
        Row(f"{percent:g}% of {what}, median of {seeds} seeds", median(times), "s", most),
        Row("    and at the end of the run", median(accuracies), "%", percent, at_least=True),
    ]


def wild(folder: str) -> Row:
    """Measure on MNIST a network that learned only from built-in digits."""
    config = replace(PRESETS["harder"].config, device="cpu")
    mnist = sets.validation(replace(config, data=folder))
    learned = sets.make(config)[0]
    accuracies = []
    for seed in range(3):
        told = reports(replace(config, seed=seed), (learned, mnist))
        accuracies.append([100 * r.validation_accuracy for r in told if r.seconds <= 10][-1])
    what = "MNIST read after 10 s of wild built-in digits"
    return Row(what, median(accuracies), "%", 98, at_least=True)


def reports(config: TrainConfig, data: tuple[Dataset, Dataset]) -> list[Report]:
    """Return the reports of a run."""
    return [event for event in train(config, data) if isinstance(event, Report)]
