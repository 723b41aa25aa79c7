"""The server's time from a control's change to the finished page, for each lesson."""

import logging
import os
from itertools import cycle, islice
from statistics import median
from time import perf_counter

from streamlit.testing.v1 import AppTest

from benchmarks.report import Row
from tests.browser.harness import ROOT

# Streamlit warns that there is no browser, which is meant here.
logging.getLogger("streamlit.runtime.scriptrunner_utils.script_run_context").disabled = True
_RUNS = 12
# For each lesson: a control, and the values that it goes through.
_CHANGES: dict[str, tuple[str, tuple[object, ...]]] = {
    "convolution_1d": ("keep", ("same", "valid", "full")),
    "convolution_2d": ("S", (2, 1)),
    "kernels": ("shown", ("clip", "absolute", "rescale")),
    "conv_layer": ("v_padding", (1, 0)),
    "pooling": ("pool", ("average", "L2", "max")),
    "receptive_fields": ("input_size", (30, 28)),
}
_BARE = "import streamlit as st\nst.write(st.text_input('say', key='say'))"


def run() -> list[Row]:
    """Measure and return the rows. Whole pages run here; in a browser only their fragments do."""
    bare = _changes(AppTest.from_string(_BARE).run(), "say", ("one", "two"))
    rows = []
    for lesson, (key, values) in _CHANGES.items():
        at = AppTest.from_file(str(ROOT / "app.py"), default_timeout=60).run()
        at.switch_page(os.fspath(ROOT / "pages" / f"{lesson}.py")).run()
        ours = _changes(at, key, values)
        what = f"{lesson}: a control to the finished page"
        rows.append(Row(what, ours, "ms", 200))
    peer = "a page with one text field"
    return [*rows, Row(what, ours, "ms", None, False, peer, bare)]


def _changes(at: AppTest, key: str, values: tuple[object, ...]) -> float:
    """Return the median milliseconds of a run after a control has changed."""
    times = []
    before = _seen(at)
    for value in islice(cycle(values), _RUNS):
        at.session_state[key] = value
        start = perf_counter()
        at.run()
        times.append(1000 * (perf_counter() - start))
        before, after = _seen(at), before
        if at.exception or before == after:
            raise RuntimeError(f"{key} = {value!r} changed nothing")
    return median(times)


def _seen(at: AppTest) -> list[bytes]:
    """Return the packets of the components, and the values of the fields."""
    return [
        *(element.proto.bytes for element in at.get("bidi_component")),
        *(field.value.encode() for field in at.text_input),
    ]
