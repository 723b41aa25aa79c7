"""Small changes are made one at a time, and those that change nothing can still be made."""

from pathlib import Path

import pytest

from tests.equivalents import EQUIVALENT
from tests.mutants import changes

ROOT = Path(__file__).parents[1]


def lines(source):
    return [one.line for here in changes(source) for one in here]


def test_an_operator_a_comparison_a_number_or_a_switch_is_changed_and_nothing_else():
    assert set(lines("x: int = -a + 1 if a < 0.5 else True\n")) == {
        "x: int = -a - 1 if a < 0.5 else True",
        "x: int = a + 1 if a < 0.5 else True",
        "x: int = -a + 2 if a < 0.5 else True",
        "x: int = -a + 0 if a < 0.5 else True",
        "x: int = -a + 1 if a <= 0.5 else True",
        "x: int = -a + 1 if a < 1.0 else True",
        "x: int = -a + 1 if a < 0.5 else False",
    }
    assert lines("a += 'text'\n") == ["a -= 'text'"]
    assert lines("def f(a: x | None) -> 3: zip(a, strict=True)\n") == []


@pytest.mark.parametrize("module", EQUIVALENT)
def test_a_change_that_changes_nothing_is_named_as_it_can_be_made(module):
    named = EQUIVALENT[module]
    assert named.keys() <= set(lines((ROOT / module).read_text(encoding="utf-8")))
    assert all(named.values())
