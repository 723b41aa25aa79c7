"""Run `make bench`: every benchmark in one run, or those whose modules are named."""

import os
import sys
from pathlib import Path

from benchmarks.report import measure


def main(chosen: list[str]) -> int:
    """Run the benchmarks named, or all, and return the process's exit code."""
    names = chosen or sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    if not names:
        raise SystemExit("no benchmark was found")
    return measure(f"benchmarks.{name}" for name in names)


if __name__ == "__main__":
    # One thread for this project and for every peer; NumPy reads this when it is first imported.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(main(sys.argv[1:]))
