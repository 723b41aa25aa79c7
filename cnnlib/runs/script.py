"""A run as a script of its own that needs PyTorch alone; no torch here, for it is text."""

import ast
import io
import math
from pathlib import Path
from textwrap import indent

import numpy as np

from cnnlib.architecture import Architecture, Row
from cnnlib.data import Dataset
from cnnlib.runs.config import DATA, TrainConfig

_GAINS = {"relu": math.sqrt(2), "tanh": 5 / 3, "sigmoid": 1.0}
_PLAIN = {
    "relu": "torch.relu({0})",
    "sigmoid": "torch.sigmoid({0})",
    "tanh": "torch.tanh({0})",
    "flatten": "{0}.flatten(1)",
    "add": "{0} + {1}",
    "max_pool2d": "F.max_pool2d({0}, 2)",
    "avg_pool2d": "F.avg_pool2d({0}, 2)",
}


def images_file(training: Dataset, validation: Dataset) -> bytes:
    """Return the images of a run as the .npz file that its script reads."""
    file = io.BytesIO()
    np.savez_compressed(
        file,
        images=training.images,
        labels=training.labels,
        validation_images=validation.images,
        validation_labels=validation.labels,
    )
    return file.getvalue()


def text(config: TrainConfig) -> str:
    """Return a Python program that repeats a run: the same start, order, steps and averages.

    It reads the images from a folder of IDX files or from `images_file`, and needs NumPy and
    PyTorch, nothing of this project. `--steps N` ends it after so many, `--dry-run` tries it
    on noise.
    """
    parts = [
        _head(config),
        *([_LOCAL] if any(r.kind == "local2d" for r in config.architecture.rows()) else []),
        _net(config),
        _DATA.format(config=config),
        *([_variations()] if config.augmentation == "vary" else []),
        _batch(config),
        _SCHEDULES[config.schedule],
        _loop(config),
    ]
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _head(config: TrainConfig) -> str:
    # A folder's name could end the docstring that it stands in.
    data = config.data if config.data in DATA else "a folder"
    return _HEAD.format(config=config, architecture=config.architecture.to_text(), data=data)


def _net(config: TrainConfig) -> str:
    rows = config.architecture.rows()
    shapes = {"input": config.architecture.input_shape} | {row.name: row.shape for row in rows}
    layers: list[str] = []
    steps: list[str] = []
    spreads: list[str] = []
    for row, spread in zip(rows, _spreads(config), strict=True):
        reads = ["x" if name == "input" else name for name in row.reads]
        steps.append(f"{row.name} = {_step(row, reads, config, first=not spreads)}")
        if spread:
            layers.append(f"self.{row.name} = {_layer(row, shapes[row.reads[0]])}")
            spreads.append(f"(self.{row.name}, {spread!r})")
            if _normalised(row, config):
                kind = "nn.BatchNorm1d" if row.kind == "linear" else "nn.BatchNorm2d"
                layers.append(f"self.{row.name}_norm = {kind}({row.shape[0]})")
    return _NET.format(
        layers=indent("\n".join(layers), " " * 8),
        spreads=", ".join(spreads),
        steps=indent("\n".join(steps), " " * 8),
    )


def _layer(row: Row, before: tuple[int, ...]) -> str:
    sweep = row.sweep
    where = f"stride={sweep.stride}, padding={sweep.padding}"
    match row.kind:
        case "conv2d":
            return f"nn.Conv2d({before[0]}, {row.shape[0]}, {sweep.kernel}, {where})"
        case "local2d":
            shape = (*row.shape, before[0], sweep.kernel, sweep.kernel)
            return f"Local2d({shape}, {where})"
    return f"nn.Linear({before[0]}, {row.shape[0]})"


def _step(row: Row, reads: list[str], config: TrainConfig, *, first: bool) -> str:
    if row.kind in _PLAIN:
        return _PLAIN[row.kind].format(*reads)
    (x,) = reads
    if row.kind == "linear" and config.dropout and not first:
        x = f"F.dropout({x}, {config.dropout!r}, self.training)"
    inside = f"self.{row.name}({x})"
    return f"self.{row.name}_norm({inside})" if _normalised(row, config) else inside


def _normalised(row: Row, config: TrainConfig) -> bool:
    return config.batch_norm and row.name != "logits"


def _spreads(config: TrainConfig) -> list[float]:
    """Return the standard deviation with which each layer's weights begin, 0 where it has none."""
    architecture: Architecture = config.architecture
    rows = architecture.rows()
    joined = [row.reads[0] for row in rows if row.kind == "add"]
    spreads = []
    for row in rows:
        fan_in = row.multiplications / math.prod(row.shape)
        gain = _GAINS[architecture.activation]
        if row.name in joined and not config.batch_norm:
            gain /= math.sqrt(len(joined))
        spreads.append(gain / math.sqrt(fan_in) if row.parameters else 0.0)
    return spreads


def _variations() -> str:
    """Return the variations' own code, without its first words and imports."""
    source = (Path(__file__).parents[1] / "training" / "vary.py").read_text(encoding="utf-8")
    last = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)][-1]
    code = "\n".join(source.splitlines()[last.end_lineno :])
    for name in ("affine_grid", "grid_sample", "interpolate", "max_pool2d"):
        code = code.replace(f"{name}(", f"F.{name}(")
    return code.replace("Tensor", "torch.Tensor")


def _batch(config: TrainConfig) -> str:
    pixels = {"shift": _SHIFT}.get(config.augmentation, "pixels = images[indices]")
    varied = "\nx = vary(x, generator)" if config.augmentation == "vary" else ""
    return _BATCH.format(pixels=indent(pixels, "    "), varied=indent(varied, "    "))


def _loop(config: TrainConfig) -> str:
    rate, decay = repr(config.learning_rate), repr(config.weight_decay)
    optimizer = {
        "adam": f"torch.optim.Adam(net.parameters(), {rate}, weight_decay={decay})",
        "adamw": f"torch.optim.AdamW(net.parameters(), {rate}, weight_decay={decay})",
        "sgd": f"torch.optim.SGD(net.parameters(), {rate}, weight_decay={decay})",
        "momentum": f"torch.optim.SGD(\n{_INNER}net.parameters(), {rate}, momentum=0.9, "
        f"weight_decay={decay}\n    )",
        "nesterov": f"torch.optim.SGD(\n{_INNER}net.parameters(), {rate}, momentum=0.9, "
        f"weight_decay={decay}, nesterov=True\n    )",
    }[config.optimizer]
    return _LOOP.format(
        config=config,
        optimizer=optimizer,
        begin_average=_BEGIN_AVERAGE if config.averaging else "    shown = net\n",
        average=_AVERAGE.format(config=config) if config.averaging else "",
        dropout=_DROPOUT if config.dropout else "",
        begin_patience=_BEGIN_PATIENCE if config.early_stopping else "",
        patience=_PATIENCE.format(config=config) if config.early_stopping else "",
    )


_INNER = " " * 8

_HEAD = '''
"""A training run, written by CNN Classroom. It needs NumPy and PyTorch.

    python FILE IMAGES [--steps N] [--out WEIGHTS.pt]
    python FILE --dry-run

IMAGES is a folder of MNIST's IDX files, or the .npz file of images that goes with this script.
The network: {architecture}. The data of the run: {data}.
"""

import argparse
import copy
import gzip
import math
from pathlib import Path

import numpy as np
import torch
from torch import nn
from torch.nn import functional as F

SEED = {config.seed}
BATCH = {config.batch_size}
EPOCHS = {config.epochs}
'''

_LOCAL = '''
class Local2d(nn.Module):
    """A locally connected layer: each position has weights of its own."""

    def __init__(self, shape, stride, padding):
        super().__init__()
        self.stride, self.padding = stride, padding
        self.weight = nn.Parameter(torch.zeros(shape))  # (O, Ho, Wo, C, kh, kw)
        self.bias = nn.Parameter(torch.zeros(shape[:3]))

    def forward(self, x):
        windows = F.unfold(x, self.weight.shape[4:], stride=self.stride, padding=self.padding)
        filters = self.weight.flatten(3).flatten(1, 2)  # (O, Ho·Wo, C·kh·kw)
        y = torch.einsum("nkl,olk->nol", windows, filters)
        return y.unflatten(2, self.bias.shape[1:]) + self.bias
'''

_NET = """
class Net(nn.Module):
    def __init__(self):
        super().__init__()
{layers}
        generator = torch.Generator().manual_seed(SEED)
        for layer, spread in [{spreads}]:
            nn.init.normal_(layer.weight, 0, spread, generator=generator)
            nn.init.zeros_(layer.bias)

    def forward(self, x):
{steps}
        return logits
"""

_DATA = '''
def idx(folder, kind, offset):
    """Read one of MNIST's files, gzipped or not."""
    (path, *_) = sorted(Path(folder).glob(f"train-{{kind}}*"))
    content = path.read_bytes()
    content = gzip.decompress(content) if path.suffix == ".gz" else content
    return np.frombuffer(content, np.uint8, offset=offset)


def load(path):
    """Return the images to learn from, their labels, and those to validate on."""
    if path.endswith(".npz"):
        with np.load(path) as file:
            names = ("images", "labels", "validation_images", "validation_labels")
            arrays = [file[name] for name in names]
    else:
        images, labels = idx(path, "images", 16).reshape(-1, 28, 28), idx(path, "labels", 8)
        end = len(images) - len(images) // 12  # the last twelfth is held out
        count = min({config.images}, end)
        held_out = min(5_000, max(500, {config.images}))
        arrays = [images[:count], labels[:count]]
        arrays += [images[end:][:held_out], labels[end:][:held_out]]
    images, labels, validation_images, validation_labels = map(torch.tensor, arrays)
    return images, labels.long(), validation_images, validation_labels.long()
'''

_SHIFT = """\
padded = F.pad(images[indices], (1, 1, 1, 1))
places = padded.unfold(1, 28, 1).unfold(2, 28, 1)  # (N, 3, 3, 28, 28)
down, right = torch.randint(0, 3, (2, len(indices)), generator=generator)
pixels = places[torch.arange(len(indices)), down, right]"""

_BATCH = '''
def batch(images, indices, generator):
    """Return these images as the network takes them, augmented."""
{pixels}
    x = pixels.float().div(255)[:, None]  # (N, 1, 28, 28)
{varied}
    return x
'''

_SCHEDULES = {
    "constant": '''
def share(done):
    """Return the learning rate's share of its highest."""
    return 1.0
''',
    "one-cycle": '''
def share(done):
    """Return the learning rate's share of its highest: up for 15% of the run, then down."""
    if done < 0.15:
        return 0.04 + 0.96 * done / 0.15
    return 0.1 + 0.9 * (1 + math.cos(math.pi * (done - 0.15) / 0.85)) / 2
''',
    "cosine": '''
def share(done):
    """Return the learning rate's share of its highest: half a cosine down to 0."""
    return (1 + math.cos(math.pi * done)) / 2
''',
    "step": '''
def share(done):
    """Return the learning rate's share of its highest: a tenth after each third of the run."""
    return 10.0 ** -math.floor(3 * done)
''',
}

_BEGIN_AVERAGE = """\
    shown = copy.deepcopy(net)  # with averaged weights
"""
_AVERAGE = """\
            with torch.no_grad():
                kept = min({config.averaging!r}, step / (step + 10))
                for mean, now in zip(shown.state_dict().values(), net.state_dict().values()):
                    if mean.is_floating_point():
                        mean.lerp_(now, 1 - kept)
"""
_DROPOUT = """\
            torch.manual_seed((SEED << 32) + step)
"""
_BEGIN_PATIENCE = """\
    best, best_step, best_weights = math.inf, 0, None
"""
_PATIENCE = """\
                if validation_loss < best:
                    best, best_step = validation_loss, step
                    best_weights = copy.deepcopy(shown.state_dict())
                elif step - best_step >= {config.early_stopping} * per_epoch:
                    shown.load_state_dict(best_weights)
                    return shown
"""

_LOOP = '''
@torch.no_grad()
def validate(net, images, labels):
    """Return the loss and the accuracy."""
    net.eval()
    logits = torch.cat([net(part.float().div(255)[:, None]) for part in images.split(250)])
    net.train()
    accuracy = (logits.argmax(1) == labels).float().mean().item()
    return F.cross_entropy(logits, labels).item(), accuracy


def train(images, labels, validation_images, validation_labels, last_step):
    generator = torch.Generator().manual_seed(SEED)
    net = Net().to(memory_format=torch.channels_last)
{begin_average}    optimizer = {optimizer}
    per_epoch = len(images) // BATCH
    steps = EPOCHS * per_epoch
    step = 0
{begin_patience}    for epoch in range(1, EPOCHS + 1):
        order = torch.randperm(len(images), generator=generator)
        for indices in order[: per_epoch * BATCH].split(BATCH):
            for group in optimizer.param_groups:
                group["lr"] = {config.learning_rate!r} * share(step / steps)
            x = batch(images, indices, generator).contiguous(memory_format=torch.channels_last)
{dropout}            loss = F.cross_entropy(net(x), labels[indices])
            if not math.isfinite(loss.item()):
                raise SystemExit(f"The loss of step {{step + 1}} is {{loss.item()}}.")
            optimizer.zero_grad()
            loss.backward()
            optimizer.step()
            step += 1
{average}            if last_step:
                print(f"step {{step}}: loss {{loss.item():.6f}}")
            if step * {config.reports} // per_epoch > (step - 1) * {config.reports} // per_epoch:
                validation_loss, accuracy = validate(shown, validation_images, validation_labels)
                print(
                    f"epoch {{step / per_epoch:.3g}}: loss {{loss.item():.4f}}, "
                    f"validation loss {{validation_loss:.4f}}, accuracy {{accuracy:.2%}}"
                )
{patience}            if step == last_step:
                return shown
    return shown


def main():
    parser = argparse.ArgumentParser(description="Train this network again.")
    parser.add_argument("images", nargs="?", help="a folder of IDX files, or a .npz file")
    parser.add_argument("--steps", type=int, default=0, help="end after so many")
    parser.add_argument("--out", help="where to save the weights")
    parser.add_argument("--dry-run", action="store_true", help="three steps on noise")
    options = parser.parse_args()
    torch.set_num_threads(1)
    if options.dry_run:
        count = 3 * BATCH
        noise = torch.randint(0, 256, (count, 28, 28), dtype=torch.uint8)
        digits = torch.randint(0, 10, (count,))
        net = train(noise, digits, noise, digits, 3)
    elif options.images:
        net = train(*load(options.images), options.steps)
    else:
        parser.error("name the images, or try --dry-run")
    if options.out:
        torch.save(net.state_dict(), options.out)


if __name__ == "__main__":
    main()
'''
