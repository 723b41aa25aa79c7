import math

import pytest
from hypothesis import given

from cnnlib.ui.told import items, nothing_or, one_of, record, text, whole
from tests.ui.nonsense import NONSENSE


@given(NONSENSE)
def test_each_kind_takes_what_is_of_it_and_nothing_else(given):
    found = whole(0, 9)(given)
    assert found is None or (isinstance(found, int) and 0 <= found <= 9 and found == given)
    found = text(3)(given)
    assert found is None or (found == given and len(found) <= 3)
    assert one_of(("a", "b"))(given) in (None, "a", "b")
    assert len(items(given, 2)) <= 2
    found = record(given, row=whole(), name=nothing_or(text(5)))
    assert found is None or (set(found) == {"row", "name"} and found["row"] >= 0)


@pytest.mark.parametrize(
    "wrong", [True, -1, 2**53 + 2, 1.5, math.nan, math.inf, -math.inf, "1", None]
)
def test_a_whole_number_is_exact(wrong):
    assert whole()(wrong) is None


def test_what_may_be_missing_is_none_and_not_anything():
    kinds = {"step": nothing_or(whole(0, 5))}
    assert record({"step": None}, **kinds) == record({}, **kinds) == {"step": None}
    assert record({"step": 0}, **kinds) == {"step": 0}
    assert record({"step": 6}, **kinds) is None
