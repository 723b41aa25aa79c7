"""Try what a server keeps: `python -m benchmarks.keeping`, or `… kills workers tabs away`.

Each part prints its rows. A bar that is missed makes the exit code 1.
"""

import os
import sys

from benchmarks.report import measure

PARTS = ("kills", "workers", "tabs", "away")


def main(chosen: list[str]) -> int:
    """Run the parts named, or all, and return the exit code."""
    for name in chosen:
        if name not in PARTS:
            raise SystemExit(f"There is no part {name!r}: name some of {', '.join(PARTS)}.")
    return measure(f"benchmarks.keeping.{name}" for name in chosen or PARTS)


if __name__ == "__main__":
    os.environ["OPENBLAS_NUM_THREADS"] = os.environ["OMP_NUM_THREADS"] = "1"
    sys.exit(main(sys.argv[1:]))
