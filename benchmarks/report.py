"""The result of a benchmark as a row, and all rows as a table that names the machine."""

import importlib
import os
import platform
import sys
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from time import perf_counter


@dataclass(frozen=True)
class Row:
    """One figure with its bar.

    Attributes
    ----------
    what : str
        The name of the figure.
    ours : float
        This project's figure, in `unit`.
    unit : str
        The unit, such as "ms" or "%".
    target : float or None
        The bar. If there is a peer, the bar is for the ratio of ours to the peer's, otherwise for
        ours. None if the figure is for information only.
    at_least : bool
        Whether the figure has to reach the bar (True) or stay within it (False).
    peer : str
        The other program that was measured in the same run, or "".
    theirs : float or None
        The peer's figure, in `unit`.
    """

    what: str
    ours: float
    unit: str
    target: float | None
    at_least: bool = False
    peer: str = ""
    theirs: float | None = None

    @property
    def figure(self) -> float:
        """The ratio of ours to the peer's, or ours if there is no peer."""
        return self.ours if self.theirs is None else self.ours / self.theirs

    @property
    def holds(self) -> bool:
        """Whether the bar is met."""
        if self.target is None:
            return True
        return self.figure >= self.target if self.at_least else self.figure <= self.target


def machine() -> str:
    """Return the machine in words."""
    cpu = platform.processor() or platform.machine()
    info = Path("/proc/cpuinfo")
    if info.exists():
        names = [line for line in info.read_text().splitlines() if line.startswith("model name")]
        cpu = names[0].partition(":")[2].strip() if names else cpu
    return f"{cpu}, {os.cpu_count()} cores, Python {platform.python_version()}"


def show(rows: Iterable[Row]) -> bool:
    """Print the rows and return whether all of them hold."""
    rows = list(rows)
    print(f"\n{machine()}\n")
    print(f"{'':52}{'ours':>11}  {'peer':>11}  {'ratio':>8}  {'bar':>8}")
    for row in rows:
        ratio = "" if row.theirs is None else f"{row.figure:.3g}×"
        theirs = "" if row.theirs is None else f"{row.theirs:.4g} {row.unit}"
        bar = "" if row.target is None else f"{'≥' if row.at_least else '≤'} {row.target:g}"
        verdict = "" if row.holds else "  MISSED"
        print(
            f"{row.what:52}{row.ours:>8.4g} {row.unit:3}{theirs:>12}  {ratio:>8}  {bar:>8}{verdict}"
        )
        if row.peer:
            print(f"    beside {row.peer}")
    return all(row.holds for row in rows)


def paired(
    ours: Callable[[], object], theirs: Callable[[], object], *, rounds: int = 15
) -> tuple[float, float]:
    """Return the median seconds of two calls, measured in turn so that both meet the same noise."""
    ours(), theirs()
    times: tuple[list[float], list[float]] = ([], [])
    for _ in range(rounds):
        for call, spent in zip((ours, theirs), times, strict=True):
            start = perf_counter()
            call()
            spent.append(perf_counter() - start)
    return median(times[0]), median(times[1])


def measure(modules: Iterable[str]) -> int:
    """Run the benchmarks in these modules, print their rows, and return the exit code."""
    rows: list[Row] = []
    for module in modules:
        print(f"{module.rpartition('.')[2]} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(module).run()
    return 0 if show(rows) else 1
