"""Fuzz every door for some minutes: `python -m tests.fuzzing --seconds 600 --seed 1`.

Each input follows from the seed and its number, so that one that fails can be made again. Nothing
may be raised except a `ValueError` or an `OSError`, and no input may take 2 s or 300 MB.
"""

import argparse
import logging
import sys
import traceback
from random import Random
from time import perf_counter

from tests.fuzzing.targets import TARGETS
from tests.spending import spending

MOST_S = 2.0
MOST_MB = 300


def attempt(name: str, seed: str) -> str:
    """Hand one input over; return what is wrong, or nothing."""
    wrong = ""

    def hand_over() -> None:
        nonlocal wrong
        wrong = _wrong(name, seed)

    spent = spending(hand_over)
    if not wrong and spent.seconds > MOST_S:
        wrong = f"took {spent.seconds:.1f} s"
    if not wrong and spent.mb > MOST_MB:
        wrong = f"took {spent.mb:.0f} MB"
    return wrong


def _wrong(name: str, seed: str) -> str:
    try:
        TARGETS[name](Random(seed))
    except (ValueError, OSError) as error:
        sentence = str(error).partition("\n")[0]
        return "" if sentence else f"{type(error).__name__} without a sentence"
    except BaseException:
        if isinstance(sys.exception(), KeyboardInterrupt):
            raise
        return traceback.format_exc(limit=-3)
    return ""


def main() -> int:
    """Fuzz, print what was found, and return the exit status."""
    parser = argparse.ArgumentParser("python -m tests.fuzzing", description=__doc__)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--seed", default="1")
    parser.add_argument("--only", choices=TARGETS, action="append")
    asked = parser.parse_args()
    logging.disable(logging.WARNING)  # Streamlit warns of each reader that no script has called
    names = asked.only or list(TARGETS)
    for name in names:  # samples and libraries are loaded before time and memory are looked at
        attempt(name, f"{asked.seed}.warm")
    began, tried, found = perf_counter(), 0, 0
    while perf_counter() - began < asked.seconds:
        for name in names:
            seed = f"{asked.seed}.{tried}"
            if wrong := attempt(name, seed):
                found += 1
                print(f"{name} {seed}: {wrong}", flush=True)
        tried += 1
    told = f"{tried} inputs for each of {len(names)} doors, seed {asked.seed}"
    print(f"{told}: {found} found")
    return found > 0


if __name__ == "__main__":
    sys.exit(main())
