"""A recorded run: all its events in one small file, which is safe to read from a stranger."""

import json
import math
import struct
import zlib
from dataclasses import dataclass, fields
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.runs.config import DATA, TrainConfig
from cnnlib.runs.events import (
    BINS,
    MOST_FILTERS,
    MOST_WRONG,
    Begun,
    Diverged,
    Ended,
    Event,
    LayerStatistics,
    Progress,
    Report,
    decode,
    encode,
)

MAGIC = b"CNN Classroom recorded run 1\n"
MOST_BYTES = 8 * 2**20  # of a file, and of its contents when unpacked
MOST_EVENTS = 20_000
MOST_LAYERS = 100
LONGEST_TITLE = 80
_MOST = 1_000_000_000  # the largest whole number that is taken
_LENGTH = struct.Struct("<I")
_KINDS = (Begun, Progress, Report, Diverged, Ended)
# The errors that values of a wrong kind raise where they are used.
_TROUBLES = (
    OSError,
    ValueError,
    TypeError,
    KeyError,
    AttributeError,
    ArithmeticError,
    RecursionError,
    zlib.error,
)


@dataclass(frozen=True, eq=False)
class Recording:
    """The settings of a run, and its events from the first step to the end.

    A file is a line that names the format, then deflated parts, each after its length (uint32,
    little-endian): a JSON object with `title` and `settings`, then the events as `encode` writes
    them.

    Attributes
    ----------
    title : str
    config : TrainConfig
    events : tuple of Event
        `Begun` first, then `Progress`, `Report` and `Diverged` in the order of time, `Ended` last.
    """

    title: str
    config: TrainConfig
    events: tuple[Event, ...]

    def save(self, path: Path) -> None:
        """Write the recording to a file."""
        head = {"title": self.title, "settings": self.config.to_dict()}
        parts = [json.dumps(head).encode(), *map(encode, self.events)]
        body = b"".join(_LENGTH.pack(len(part)) + part for part in parts)
        path.write_bytes(MAGIC + zlib.compress(body, 9))

    @classmethod
    def load(cls, path: Path) -> "Recording":
        """Read a recording. Nothing in the file is executed, and its size is bounded.

        Raises
        ------
        ValueError
            If the file cannot be read, or is no whole recording.
        """
        try:
            with path.open("rb") as file:
                first, *rest = _parts(_unpacked(file.read(MOST_BYTES + 1)))
            head = json.loads(first)
            title, config = head["title"], TrainConfig.from_dict(head["settings"])
            if not isinstance(title, str) or not 0 < len(title) <= LONGEST_TITLE:
                raise ValueError(f"its title is no text of 1 to {LONGEST_TITLE} characters")
            if config.data not in DATA:
                raise ValueError("it learned from a folder, which no file may name")
            events = tuple(map(decode, rest))
            _check(events)
        except _TROUBLES as problem:
            reason = getattr(problem, "strerror", None) or problem
            raise ValueError(f"{path.name} is no recorded run: {reason}") from None
        return cls(title, config, events)


def _unpacked(content: bytes) -> bytes:
    if not content.startswith(MAGIC):
        raise ValueError("it does not begin as one")
    inflater = zlib.decompressobj()
    body = inflater.decompress(content[len(MAGIC) :], MOST_BYTES)
    if not inflater.eof or inflater.unused_data:
        raise ValueError(f"it is cut off, or larger than {MOST_BYTES} bytes, or goes on")
    return body


def _parts(body: bytes) -> list[bytes]:
    parts: list[bytes] = []
    at = 0
    while at < len(body):
        if at + _LENGTH.size > len(body):
            raise ValueError("it ends within a length")
        (length,) = _LENGTH.unpack_from(body, at)
        at += _LENGTH.size
        if at + length > len(body) or len(parts) > MOST_EVENTS:
            raise ValueError(f"part {len(parts) + 1} is cut off, or there are too many")
        parts.append(body[at : at + length])
        at += length
    if not parts:
        raise ValueError("it is empty")
    return parts


def _check(events: tuple[Event, ...]) -> None:
    """Raise ValueError for events that no run tells, or that no run tells in this order."""
    if len(events) < 2 or not isinstance(events[0], Begun) or not isinstance(events[-1], Ended):
        raise ValueError("it does not go from a run's beginning to its end")
    begun, step = events[0], 0
    # A measurement is told after its step, and the step's time includes that of the measurement.
    seconds = dict.fromkeys(_KINDS, 0.0)
    _check_fields(begun)
    if not 1 <= begun.steps_per_epoch <= begun.steps:
        raise ValueError(f"{begun.steps_per_epoch} of {begun.steps} steps are an epoch")
    for event in events[1:]:
        if not isinstance(event, _KINDS) or isinstance(event, Begun):
            raise ValueError(f"{type(event).__name__} has no place in it")
        _check_fields(event)
        kind = type(event)
        now = getattr(event, "seconds", 0.0)
        if not (step <= event.step <= begun.steps and seconds[kind] <= now):
            raise ValueError(f"step {event.step} after {now:g} s follows step {step}")
        step, seconds[kind] = event.step, now
        if isinstance(event, Progress) and not 1 <= event.step <= event.steps:
            raise ValueError(f"step {event.step} of {event.steps}")
        if isinstance(event, Report):
            _check_report(event, begun.validation_images)
    if any(isinstance(event, Ended) for event in events[:-1]):
        raise ValueError("it goes on after its end")


def _check_fields(event: Any) -> None:
    """Raise ValueError where a plain field does not have the type that its class names."""
    for field in fields(event):
        value = getattr(event, field.name)
        good = True
        if field.type is int:
            good = type(value) is int and 0 <= value <= _MOST
        elif field.type is float:
            # A loss may be infinite or no number, because so it is when a run diverges.
            good = type(value) is float and (math.isfinite(value) or "loss" in field.name)
        elif field.type is str:
            good = isinstance(value, str)
        elif field.name == "gradient_norms":
            norms = value.values() if isinstance(value, dict) else [None]
            good = all(type(norm) is float for norm in norms)
        if not good:
            raise ValueError(f"{type(event).__name__}.{field.name} is {value!r:.40}")


def _check_report(report: Report, images: int) -> None:
    """Raise ValueError where arrays of a report do not fit each other."""
    wrong = len(report.wrong)
    _check_array("confusion", report.confusion, (10, 10), images)
    _check_array("wrong", report.wrong, (min(wrong, MOST_WRONG),), images - 1)
    _check_array("said", report.said, (wrong,), 9)
    _check_array("confidence", report.confidence, (wrong,), 1)
    count, channels, height, width = report.filters.shape
    if not (1 <= count <= MOST_FILTERS and channels * height * width in range(1, 28 * 28 + 1)):
        raise ValueError(f"filters of shape {report.filters.shape}")
    if not isinstance(report.layers, tuple) or not 1 <= len(report.layers) <= MOST_LAYERS:
        raise ValueError("a report's layers are no list")
    for layer in report.layers:
        if not isinstance(layer, LayerStatistics):
            raise ValueError(f"a layer is {layer!r:.40}")
        _check_fields(layer)
        for name in ("activation", "gradient"):
            _check_array(name, getattr(layer, f"{name}_counts"), (BINS,), _MOST)
            low, high = getattr(layer, f"{name}_range")
            if not (type(low) is type(high) is float):
                raise ValueError(f"{name}_range is {low!r:.20}, {high!r:.20}")


def _check_array(name: str, values: NDArray, shape: tuple[int, ...], most: int) -> None:
    if not isinstance(values, np.ndarray) or values.shape != shape:
        raise ValueError(f"{name} does not have the shape {shape}")
    if values.size and not (values.min() >= 0 and values.max() <= most):
        raise ValueError(f"{name} is not all from 0 to {most}")
