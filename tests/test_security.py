"""Each promise of docs/security.md is held by tests that are there."""

import re
from pathlib import Path

ROOT = Path(__file__).parents[1]
TEXT = (ROOT / "docs" / "security.md").read_text("utf-8")


def section(title):
    """Return a section's text, by its title's beginning."""
    (found,) = [part for part in TEXT.split("\n## ") if part.startswith(title)]
    return found


def test_each_promise_stands_in_the_table():
    promised = re.findall(r"^- \*\*(.+?)\*\*", section("Promises"), re.MULTILINE)
    held = re.findall(r"^\| \*\*(.+?)\*\*", section("The tests of each"), re.MULTILINE)
    assert len(promised) > 5
    assert promised == held


def test_each_row_names_tests_that_are_there():
    rows = section("The tests of each").split("| --- | --- |\n")[1].splitlines()
    for row in rows:
        named = re.findall(r"`([\w/]+\.py)::(\w+)`", row)
        assert named, row
        for path, test in named:
            assert f"\ndef {test}(" in (ROOT / path).read_text("utf-8"), (path, test)


def test_it_says_how_to_report():
    told = section("Reporting")
    assert "private security advisory" in told
    assert "@" not in told  # each server has its own keeper
