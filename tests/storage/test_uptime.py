"""Time counts while servers run, once for all of them, whatever the clock says."""

import pytest

from cnnlib.storage import uptime
from cnnlib.storage.database import connect

DAY = 86400.0


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1e9

    monkeypatch.setattr(uptime.time, "time", lambda: Clock.now)
    return Clock


@pytest.fixture
def database(tmp_path):
    opened = connect(tmp_path, uptime.TABLES)
    yield opened
    opened.close()


def test_time_counts_from_the_first_call(database, clock):
    assert uptime.read(database) == 0
    assert uptime.count(database, 1e6) == 0
    clock.now += 60
    assert uptime.count(database, 60) == 60
    assert uptime.read(database) == 60


def test_a_clock_that_is_set_adds_no_more_than_what_passed(database, clock):
    uptime.count(database, 0)
    clock.now += 40 * DAY
    assert uptime.count(database, 5) == 5
    clock.now -= 80 * DAY
    assert uptime.count(database, 5) == 5
    clock.now += 5
    assert uptime.count(database, 5) == 10


def test_a_server_that_starts_after_a_summer_counts_nothing_of_it(database, clock):
    uptime.count(database, 0)
    clock.now += 90 * DAY
    assert uptime.count(database, 0) == 0


def test_servers_side_by_side_count_the_same_time_once(database, clock):
    uptime.count(database, 0)
    for _ in range(10):
        clock.now += 30
        uptime.count(database, 60)
    assert uptime.read(database) == 300
