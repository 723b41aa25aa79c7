"""The speed of drawing built-in digits, beside Pillow drawing the same kind of strokes."""

from collections.abc import Callable
from statistics import median
from time import perf_counter

from PIL import Image, ImageDraw

from benchmarks.report import Row, paired
from cnnlib.data.digits import built_in, sample_strokes
from cnnlib.drawings.drawing import PAD

DIGITS = 4_000


def run() -> list[Row]:
    """Return the rows of this benchmark."""
    strokes = [sample_strokes(i % 10, seed=i, variety=1.0) for i in range(DIGITS)]
    ours, theirs = paired(
        lambda: built_in(DIGITS, variety=1.0), lambda: [_pillow(s) for s in strokes], rounds=5
    )
    return [
        *(_per_second(name, variety) for name, variety in (("neat", 0.0), ("wild", 1.0))),
        Row(
            "a wild digit, from chance to 28×28",
            1e6 * ours / DIGITS,
            "µs",
            1.0,
            peer="Pillow, ready strokes drawn at 112×112, shrunk to 28×28, not framed",
            theirs=1e6 * theirs / DIGITS,
        ),
        Row("a sample digit for the pad", 1e3 * _seconds(lambda: sample_strokes(8)), "ms", 10),
    ]


def _pillow(strokes: list[list[tuple[int, int, int]]], size: int = 112) -> Image.Image:
    image = Image.new("L", (size, size))
    pencil = ImageDraw.Draw(image)
    for stroke in strokes:
        path = [(x * size / PAD, y * size / PAD) for x, y, _ in stroke]
        pencil.line(path, fill=255, width=round(stroke[0][2] * size / PAD), joint="curve")
    return image.resize((28, 28), Image.Resampling.BOX)


def _per_second(name: str, variety: float) -> Row:
    seconds = _seconds(lambda: built_in(DIGITS, variety=variety))
    return Row(f"{name} built-in digits", DIGITS / seconds, "/s", 10_000, at_least=True)


def _seconds(work: Callable[[], object]) -> float:
    """Return the median of five runs."""
    times = []
    for _ in range(5):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)
