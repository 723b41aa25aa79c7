"""Clicks, edits, keys and control changes at random instants: how many are lost.

The pen draws or a run trains meanwhile, on an idle machine and on one with a busy core, near the
server and 80 ms away from it.
"""

import contextlib
import sys

from playwright.sync_api import sync_playwright

from benchmarks.report import Row
from tests.browser import harness
from tests.browser.storm import SCENES, Count, busy, storm

_ACTS = {"Drawing": 180, "Walk": 160, "Training": 100, "Talk": 60}  # for each machine
_FAR_MS = 40  # each way
_SEED = 11


def run() -> list[Row]:
    """Let the storms rage and return the rows."""
    rows = []
    with sync_playwright() as playwright:
        browser = harness.launch(playwright)
        for machine, load in (("an idle", contextlib.nullcontext), ("a busy", busy)):
            with harness.serve() as address, load():
                told = Count()
                for number, scene in enumerate(SCENES):
                    half = _ACTS[scene.__name__] // 2
                    for far in (0, _FAR_MS):
                        seed = _SEED + 10 * number + far
                        page = browser.new_page(viewport=harness.PROJECTOR)
                        told += storm(page, address, scene, half, seed=seed, far_ms=far)
                        page.close()
            for one in told.lost:
                print(f"    lost: {one}", file=sys.stderr, flush=True)
            what = f"lost of {told.acts} acts at random instants, {machine} machine"
            rows.append(Row(what, len(told.lost), "", 0))
        browser.close()
    return rows
