"""Runs in the form that the browser reads: a few words as JSON, and the arrays they point into."""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np
from numpy.typing import NDArray

from cnnlib.data import Dataset
from cnnlib.figures import scales
from cnnlib.runs.events import Begun, Diverged, Progress, Report

_MOST_POINTS = 300  # of a run's training curve
_MOST_REPORTS = 100  # that can be scrubbed through
_MOST_WEIGHTS = 12_544  # of the first layer in a report: 16 images of 28×28
_EXACT_WEIGHTS = 3_200  # 64 filters of up to 7×7
_LIVE = ("queued", "training", "paused")
_WORDS = {"queued": "Waiting", "training": "Training", "paused": "Paused"}
_RECENT = 20  # progress events that tell the present speed


@dataclass(frozen=True, eq=False)
class Shown:
    """The known part of a run.

    Attributes
    ----------
    run_id : str
        The same id means the same history: the parts that the browser has are not sent again.
    title : str
        A short label for the run's curve.
    state : str
        "queued", "training", "paused", "finished", "stopped", "diverged", "failed" or
        "interrupted".
    validation : Dataset
        The images that `Report.wrong` numbers.
    begun : Begun or None
    progress : sequence of Progress
    reports : sequence of Report
        Oldest first, as `progress` is; none of either is left out.
    diverged : Diverged or None
    sentence : str
        The state in more words, such as the place in the queue or why the run ended.
    """

    run_id: str
    title: str
    state: str
    validation: Dataset
    begun: Begun | None = None
    progress: Sequence[Progress] = ()
    reports: Sequence[Report] = ()
    diverged: Diverged | None = None
    sentence: str = ""


class Arrays:
    """The bytes of several arrays, each beginning at a multiple of four."""

    def __init__(self) -> None:
        self._parts: list[bytes] = []
        self._size = 0

    def add(self, values: Any, dtype: str) -> tuple[str, int, int]:
        """Keep an array and return where: its type, its first byte, how many numbers it has.

        Types are "f4", "u4", "i2", "i1" and "u1", little-endian.
        """
        content = np.asarray(values).astype(f"<{dtype}").tobytes()
        at, count = self._size, len(content) // int(dtype[1])
        self._parts.append(content.ljust(-(-len(content) // 4) * 4, b"\0"))
        self._size += len(self._parts[-1])
        return dtype, at, count

    def to_bytes(self) -> bytes:
        """Return all arrays, one after the other."""
        return b"".join(self._parts)


def pack_run(run: Shown, have: int, arrays: Arrays, *, have_points: int = 0) -> dict[str, Any]:
    """Return what the browser is told of a run.

    Parameters
    ----------
    run : Shown
    have : int
        How many of its reports the browser has; they are not sent again.
    arrays : Arrays
        Gets the run's arrays.
    have_points : int
        How many points of the run's training curve the browser has.

    Returns
    -------
    dict
        `stride` tells which reports are kept once there are many: every stride-th, and the last.
        `curve` tells the same of the training curve's points. `progress` holds five numbers for
        each point that is sent: epoch, seconds, loss, accuracy, learning rate.
    """
    count, points = len(run.reports), len(run.progress)
    have, have_points = min(have, count), min(have_points, points)
    stride, curve_stride = _stride(count, _MOST_REPORTS), _stride(points, _MOST_POINTS)
    kept = _kept(count, stride)
    fresh = [n for n in kept if n >= have]
    fresh_points = [run.progress[n] for n in _kept(points, curve_stride) if n >= have_points]
    return {
        "id": run.run_id,
        "title": run.title,
        "state": run.state,
        "live": run.state in _LIVE,
        "words": _WORDS.get(run.state, run.state.capitalize()),
        "sentence": run.sentence,
        "facts": facts(run),
        "share": _share(run),
        "epochs": _epochs(run),
        "validation": len(run.validation),
        "base": have,
        "count": count,
        "stride": stride,
        "curve": {"base": have_points, "count": points, "stride": curve_stride},
        "progress": arrays.add([_numbers(one) for one in fresh_points], "f4"),
        "reports": [_report(run.reports, n, arrays) for n in fresh],
        "pictures": _pictures(run, kept, have, arrays),
        "end": end(run),
    }


def facts(run: Shown) -> list[str]:
    """Return how far a run is, in words: epoch, step, speed and, while it trains, time left."""
    if not run.progress:
        return []
    last = run.progress[-1]
    told = [
        f"epoch {_rounded(last.epoch)} of {_rounded(_epochs(run))}",
        f"step {last.step:,} of {last.steps:,}",
    ]
    if run.state in ("training", "paused"):
        told.append(f"{last.images_per_second:,.0f} images/s")
        first = run.progress[-_RECENT] if len(run.progress) > _RECENT else None
        steps, seconds = last.step, last.seconds
        if first is not None:
            steps, seconds = steps - first.step, seconds - first.seconds
        if steps > 0:
            told.append(f"{duration((last.steps - last.step) * seconds / steps)} left")
    else:
        told.append(f"{duration(last.seconds)} of training")
    return told


def duration(seconds: float) -> str:
    """Return a time in words.

    Examples
    --------
    >>> duration(7.6), duration(125), duration(7320)
    ('8 s', '2 min 5 s', '2 h 2 min')
    """
    whole = round(seconds) if math.isfinite(seconds) else 0
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min {whole % 60} s"
    return f"{whole // 3600} h {whole % 3600 // 60} min"


def end(run: Shown) -> dict[str, Any] | None:
    """Return where the curves of a run stop being numbers, with a sentence about that, or None."""
    if run.diverged is not None:
        step, loss = run.diverged.step, run.diverged.loss
    elif run.progress and not math.isfinite(run.progress[-1].loss):
        step, loss = run.progress[-1].step, run.progress[-1].loss
    else:
        return None
    last = run.progress[-1] if run.progress else None
    what = "infinite" if math.isinf(loss) else "not a number"
    return {
        "epochs": 0 if last is None else last.epoch,
        "seconds": 0 if last is None else last.seconds,
        "text": f"loss became {what} at step {step:,}",
    }


def _report(reports: Sequence[Report], number: int, arrays: Arrays) -> dict[str, Any]:
    report = reports[number]
    filters = _shown_filters(report)
    told: dict[str, Any] = {
        "n": number,
        "step": report.step,
        "mistakes": int(report.confusion.sum() - np.trace(report.confusion)),
        "numbers": arrays.add(
            [
                report.epoch,
                report.seconds,
                report.loss,
                report.accuracy,
                report.validation_loss,
                report.validation_accuracy,
                report.filters_change,
            ],
            "f4",
        ),
        "confusion": arrays.add(report.confusion, "u4"),
        "wrong": arrays.add(report.wrong, "u4"),
        "said": arrays.add(report.said, "u1"),
        "confidence": arrays.add(report.confidence, "f4"),
        "shape": filters.shape,
        "of": len(report.filters),
        "filters": _quantised(filters, arrays),
        "change": None,
        "layers": [layer.name for layer in report.layers],
        "activations": arrays.add([layer.activation_counts for layer in report.layers], "u4"),
        "gradients": arrays.add([layer.gradient_counts for layer in report.layers], "u4"),
        # Six numbers for each layer.
        "ranges": arrays.add(
            [
                (*layer.activation_range, *layer.gradient_range, layer.zeros, layer.gradient_norm)
                for layer in report.layers
            ],
            "f4",
        ),
    }
    if number:
        before = _shown_filters(reports[number - 1])
        if before.shape == filters.shape:
            told["change"] = _quantised(filters - before, arrays)
    return told


def _shown_filters(report: Report) -> NDArray[np.float32]:
    most = _MOST_WEIGHTS // math.prod(report.filters.shape[1:])
    return np.nan_to_num(report.filters[: max(1, most)], posinf=0, neginf=0)


def _quantised(values: NDArray, arrays: Arrays) -> dict[str, Any]:
    """Keep weights as whole multiples of a step: to four digits, or to two for large filters."""
    dtype, steps = ("i2", 32_767) if values.size <= _EXACT_WEIGHTS else ("i1", 127)
    step = (float(np.abs(values).max(initial=0)) or 1.0) / steps
    whole = np.rint(values / step)
    return {"step": step, "limit": scales.limit(values), "values": arrays.add(whole, dtype)}


def _pictures(run: Shown, kept: list[int], have: int, arrays: Arrays) -> dict[str, Any]:
    """Pack the pictures of mistakes that the browser lacks: 16 shades, two pixels a byte."""
    none = [np.zeros(0, np.int64)]
    needed = np.concatenate(none + [run.reports[n].wrong for n in kept if n >= have])
    there = np.concatenate(none + [run.reports[n].wrong for n in kept if n < have])
    index = np.setdiff1d(needed, there)
    shades = run.validation.images[index].reshape(-1, 2) // 16  # (N · 28 · 14, 2)
    return {
        "index": arrays.add(index, "u4"),
        "labels": arrays.add(run.validation.labels[index], "u1"),
        "pixels": arrays.add(shades[:, 0] * 16 + shades[:, 1], "u1"),
    }


def _numbers(point: Progress) -> tuple[float, ...]:
    return point.epoch, point.seconds, point.loss, point.accuracy, point.learning_rate


def _kept(count: int, stride: int) -> list[int]:
    """Return which of a growing list are kept: every stride-th, and always the last."""
    return [n for n in range(count) if n % stride == 0 or n == count - 1]


def _stride(count: int, most: int) -> int:
    """Return the smallest power of two that leaves at most `most` of `count`.

    With powers of two, the items that one stride leaves are among those that a smaller one left.
    """
    return 1 << max(0, math.ceil(math.log2(count / most))) if count else 1


def _epochs(run: Shown) -> float:
    if run.begun is not None:
        return run.begun.steps / run.begun.steps_per_epoch
    if not run.progress:
        return 1.0
    last = run.progress[-1]
    return last.epoch * last.steps / last.step


def _share(run: Shown) -> float:
    return run.progress[-1].step / run.progress[-1].steps if run.progress else 0.0


def _rounded(epochs: float) -> str:
    return f"{epochs:.2f}".rstrip("0").rstrip(".")
