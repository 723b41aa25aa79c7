"""A run as a script that needs only PyTorch; here the script is text, so torch is not loaded."""

import ast
import io
import math
from pathlib import Path
from textwrap import indent

import numpy as np

from cnnlib.data import Dataset
from cnnlib.models.architecture import Architecture, Row
from cnnlib.runs import script_parts as parts
from cnnlib.runs.config import DATA, TrainConfig

_INNER = " " * 8
_GAINS = {"relu": math.sqrt(2), "tanh": 5 / 3, "sigmoid": 1.0}
_PLAIN = {
    "relu": "torch.relu({0})",
    "sigmoid": "torch.sigmoid({0})",
    "tanh": "torch.tanh({0})",
    "flatten": "{0}.flatten(1)",
    "add": "{0} + {1}",
    "max_pool2d": "F.max_pool2d({0}, {window})",
    "avg_pool2d": "F.avg_pool2d({0}, {window})",
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


def text(config: TrainConfig, *, began: bool = False) -> str:
    """Return a Python program that repeats a run: the same start, order, steps and averages.

    The program reads the images from a folder of IDX files or from the file of `images_file`. It
    needs NumPy and PyTorch, and nothing of this project. `--steps N` ends it after N steps,
    `--dry-run` tries it on noise. If the run began from weights, the program asks for their .npz
    file: `--from WEIGHTS`.
    """
    pieces = [
        _head(config, began),
        *([parts.LOCAL] if any(r.kind == "local2d" for r in config.architecture.rows()) else []),
        _net(config),
        parts.DATA.format(config=config),
        *([_variations()] if config.augmentation == "vary" else []),
        *([parts.START] if began else []),
        _batch(config),
        parts.SCHEDULES[config.schedule],
        _loop(config, began),
    ]
    return "\n\n\n".join(piece.strip("\n") for piece in pieces) + "\n"


def _head(config: TrainConfig, began: bool) -> str:
    # A folder is not named in the script's docstring, because its name could end the docstring.
    data = config.data if config.data in DATA else "a folder"
    return parts.HEAD.format(
        config=config,
        architecture=config.architecture.to_text(),
        data=data,
        begins=parts.HEAD_START if began else "",
        asks=" --from WEIGHTS.npz" if began else "",
    )


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
    return parts.NET.format(
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
        return _PLAIN[row.kind].format(*reads, window=row.sweep.kernel)
    (x,) = reads
    if row.kind == "linear" and config.dropout and not first:
        x = f"F.dropout({x}, {config.dropout!r}, self.training)"
    inside = f"self.{row.name}({x})"
    return f"self.{row.name}_norm({inside})" if _normalised(row, config) else inside


def _normalised(row: Row, config: TrainConfig) -> bool:
    return config.batch_norm and row.name != "logits"


def _spreads(config: TrainConfig) -> list[float]:
    """Return the standard deviation of each layer's first weights, 0 for layers without weights."""
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
    """Return the code of the module that varies images, without its docstring and imports."""
    source = (Path(__file__).parents[1] / "training" / "vary.py").read_text(encoding="utf-8")
    last = [n for n in ast.parse(source).body if isinstance(n, ast.Import | ast.ImportFrom)][-1]
    code = "\n".join(source.splitlines()[last.end_lineno :])
    for name in ("affine_grid", "grid_sample", "interpolate", "max_pool2d"):
        code = code.replace(f"{name}(", f"F.{name}(")
    return code.replace("Tensor", "torch.Tensor")


def _batch(config: TrainConfig) -> str:
    pixels = {"shift": parts.SHIFT}.get(config.augmentation, "pixels = images[indices]")
    varied = "\nx = vary(x, generator)" if config.augmentation == "vary" else ""
    return parts.BATCH.format(pixels=indent(pixels, "    "), varied=indent(varied, "    "))


def _loop(config: TrainConfig, began: bool) -> str:
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
    return parts.LOOP.format(
        config=config,
        optimizer=optimizer,
        start=parts.BEGIN_START if began else "",
        option=parts.OPTION_START if began else "",
        missing=parts.MISSING_START if began else "",
        taken=", start" if began else "",
        given=", options.start" if began else "",
        begin_average=parts.BEGIN_AVERAGE if config.averaging else "    shown = net\n",
        average=parts.AVERAGE.format(config=config) if config.averaging else "",
        dropout=parts.DROPOUT if config.dropout else "",
        begin_patience=parts.BEGIN_PATIENCE if config.early_stopping else "",
        folding=parts.FOLDED_VALUES if config.batch_norm else parts.PLAIN_VALUES,
        patience=parts.PATIENCE.format(config=config) if config.early_stopping else "",
    )
