"""A refusal is one line without an address, and a flood of them is one line with their count."""

import logging

import pytest

from cnnlib import log


@pytest.fixture
def clock(monkeypatch):
    class Clock:
        now = 1000.0

    monkeypatch.setattr(log, "monotonic", lambda: Clock.now)
    monkeypatch.setattr(log, "_said", {})
    return Clock


@pytest.fixture
def lines(caplog, monkeypatch):
    monkeypatch.setattr(log._log, "propagate", True)
    caplog.set_level(logging.INFO, "classroom")
    return lambda: [record.getMessage() for record in caplog.records]


def test_a_line_names_the_kind_the_sentence_and_no_address(clock, lines):
    log.refused("http 414", "10.1.2.3", "The link is too long.")
    (line,) = lines()
    assert line == f"refused http 414 to visitor {log.mark('10.1.2.3')}: The link is too long."
    assert "10.1.2.3" not in line
    assert log.mark("10.1.2.3") != log.mark("10.1.2.4")


def test_a_flood_is_one_line_and_its_count(clock, lines):
    for _ in range(16_000):
        log.refused("websocket 429", "10.1.2.3", "Too many.")
    log.refused("websocket 429", "10.1.2.4", "Too many.")
    assert len(lines()) == 2
    clock.now += 11
    log.refused("websocket 429", "10.1.2.3", "Too many.")
    assert lines()[-1].endswith("Too many. (15,999 more since the last line)")


def test_visitors_without_number_are_not_all_remembered(clock, lines):
    for number in range(5000):
        log.refused("http 414", f"made up {number}", "Too long.")
    assert len(log._said) <= 1000


def test_a_failure_is_one_line_whatever_its_text(clock, lines):
    log.failed("a page", "two\nlines " + "x" * 5000)
    log.failed("a page", "again")
    (line,) = lines()
    assert line.startswith("failed: a page: 'two\\nlines xxx")
    assert "\n" not in line
    assert len(line) < 600


def test_a_trace_of_streamlits_is_written_once_and_another_one_too(clock, caplog, monkeypatch):
    log.begin()
    streamlits = logging.getLogger("streamlit.error_util")
    caplog.set_level(logging.ERROR, "streamlit.error_util")
    for _ in range(1000):
        streamlits.error("Uncaught", exc_info=TypeError("a"))
    streamlits.error("Uncaught", exc_info=TypeError("b"))
    streamlits.error("no trace")
    streamlits.error("no trace")
    assert [record.getMessage() for record in caplog.records] == ["Uncaught"] * 2 + ["no trace"] * 2
