"""Run `make bench`: every benchmark in one run, or those whose modules are named."""

import importlib
import os
import sys
from pathlib import Path

from benchmarks.report import Row, show


def main(chosen: list[str]) -> int:
    """Run the benchmarks named, or all, and return the process's exit code."""
    names = chosen or sorted(path.stem for path in Path(__file__).parent.glob("bench_*.py"))
    if not names:
        raise SystemExit("no benchmark was found")
    rows: list[Row] = []
    for name in names:
        print(f"{name} …", file=sys.stderr, flush=True)
        rows += importlib.import_module(f"benchmarks.{name}").run()
    return 0 if show(rows) else 1


if __name__ == "__main__":
    # One thread for this project and for every peer; NumPy reads this when it is first imported.
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(main(sys.argv[1:]))
