"""The history as a table keeps every number."""

import csv
import io

from hypothesis import given
from hypothesis import strategies as st

from cnnlib.runs.events import Ended, Progress, Report
from cnnlib.runs.history import COLUMNS, to_csv
from tests.runs.test_events import REPORT, values_of


@given(events=st.lists(values_of(Progress | Report | Ended), max_size=5))
def test_every_number_of_every_report_and_progress_is_in_the_table(events):
    rows = list(csv.DictReader(io.StringIO(to_csv(events))))
    kept = [event for event in events if not isinstance(event, Ended)]
    assert len(rows) == len(kept)
    for row, event in zip(rows, kept, strict=True):
        for name in COLUMNS:
            value = getattr(event, name, None)
            assert row[name] == ("" if value is None else str(value))


def test_a_report_fills_the_validation_columns():
    line = to_csv([REPORT]).splitlines()[1]
    assert line == "1,0.1,0.2,,2.0,0.3,2.1,0.2"
