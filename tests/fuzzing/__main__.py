"""Fuzz every door for some minutes: `python -m tests.fuzzing --seconds 600 --seed 1`.

Each input follows from the seed and its number, so that one that fails can be made again. Nothing
may be raised except a `ValueError` or an `OSError`, and no input may take 2 s or 300 MB.
"""

import argparse
import sys
import traceback
from random import Random
from time import perf_counter, process_time

from tests.fuzzing.targets import TARGETS

MOST_S = 2.0  # of this process's own time, because others compute on the same machine
MOST_MB = 300


def grown() -> int:
    """Return the most memory that the process has held, in MB; 0 where the system does not say."""
    if sys.platform == "win32":
        return 0
    import resource

    unit = 2**20 if sys.platform == "darwin" else 2**10
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // unit


def attempt(name: str, seed: str) -> str:
    """Hand one input over; return what is wrong, or nothing."""
    began = process_time()
    try:
        TARGETS[name](Random(seed))
    except (ValueError, OSError) as error:
        sentence = str(error).partition("\n")[0]
        wrong = "" if sentence else f"{type(error).__name__} without a sentence"
    except BaseException:
        if isinstance(sys.exception(), KeyboardInterrupt):
            raise
        wrong = traceback.format_exc(limit=-3)
    else:
        wrong = ""
    took = process_time() - began
    return wrong or (f"took {took:.1f} s" if took > MOST_S else "")


def main() -> int:
    """Fuzz, print what was found, and return the exit status."""
    parser = argparse.ArgumentParser("python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", choices=TARGETS, action="append")
    asked = parser.parse_args()
    names = asked.only or list(TARGETS)
    for name in names:  # samples and libraries are loaded before time and memory are looked at
        attempt(name, f"{asked.seed}.warm")
    began, tried, found = perf_counter(), 0, 0
    while perf_counter() - began < asked.seconds:
        for name in names:
            seed = f"{asked.seed}.{tried}"
            before = grown()
            wrong = attempt(name, seed)
            if not wrong and grown() - before > MOST_MB:
                wrong = f"memory grew by {grown() - before} MB"
            if wrong:
                found += 1
                print(f"{name} {seed}: {wrong}", flush=True)
        tried += 1
    told = f"{tried} inputs for each of {len(names)} doors, seed {asked.seed}, {grown()} MB"
    print(f"{told}: {found} found")
    return found > 0


if __name__ == "__main__":
    sys.exit(main())
