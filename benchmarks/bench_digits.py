"""How fast built-in digits are drawn, and that one digit costs the pad next to nothing."""

from statistics import median
from time import perf_counter

from benchmarks.report import Row
from cnnlib.data.digits import built_in, sample_strokes

DIGITS = 5_000


def run() -> list[Row]:
    """Return the rows of this benchmark."""
    built_in(1)  # compiles the ways of writing, once per process
    return [
        *(_per_second(name, variety) for name, variety in (("neat", 0.0), ("wild", 1.0))),
        Row("a sample digit for the pad", 1e3 * _seconds(lambda: sample_strokes(8)), "ms", 10),
    ]


def _per_second(name: str, variety: float) -> Row:
    seconds = _seconds(lambda: built_in(DIGITS, variety=variety))
    return Row(f"{name} built-in digits", DIGITS / seconds, "/s", 10_000, at_least=True)


def _seconds(work) -> float:
    """Return the median of five runs."""
    times = []
    for _ in range(5):
        start = perf_counter()
        work()
        times.append(perf_counter() - start)
    return median(times)
