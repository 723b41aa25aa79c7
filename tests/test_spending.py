"""Work is measured by its own processor time and its peak of memory, though that is given back."""

import sys

import numpy as np
import pytest

from tests.spending import spending


def test_waiting_takes_no_time_and_computing_does():
    import time

    assert spending(lambda: time.sleep(0.1)).seconds < 0.1
    assert spending(lambda: sum(range(10**6))).seconds > 0


@pytest.mark.skipif(sys.platform != "linux", reason="a peak is forgotten on Linux alone")
def test_memory_counts_though_it_is_given_back_and_counts_anew_each_time():
    for _ in range(2):
        assert 60 < spending(lambda: np.ones(10**7).sum()).mb < 100
    assert spending(lambda: None).mb < 20


def test_what_the_work_raises_passes_through():
    with pytest.raises(ZeroDivisionError):
        spending(lambda: 1 / 0)
