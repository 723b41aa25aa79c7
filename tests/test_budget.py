"""Estimates of cost: how they add up, where they are refused, and with which numbers."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from cnnlib.budget import FIGURE, FILE, WORKER, Cost, afford, times, transform

AMOUNTS = st.integers(0, 10**12)
COSTS = st.builds(Cost, AMOUNTS, AMOUNTS, AMOUNTS)


@given(COSTS, COSTS, st.integers(0, 100))
def test_costs_add_up_and_multiply_amount_by_amount(one, other, many):
    for name in ("multiplications", "memory", "page"):
        assert getattr(one + other, name) == getattr(one, name) + getattr(other, name)
        assert getattr(one * many, name) == getattr(one, name) * many
    assert one + Cost() == one


def test_the_limits_are_those_that_the_sentences_tell():
    assert Cost(10**9, 200 * 2**20, 6 * 2**20) == FIGURE
    assert Cost(600_000_000, 0, 0) == FILE
    assert Cost(0, 2 * 2**30, 0) == WORKER


@pytest.mark.parametrize(
    ("name", "sentence"),
    [
        ("multiplications", "It need 1,001 million multiplications, and 1,000 are made here: less"),
        ("memory", "It need 201 MiB of memory, and 200 are given here: less"),
        ("page", "It need 7 MiB on the page, and 6 are sent here: less"),
    ],
)
def test_one_more_than_the_limit_is_refused_with_its_numbers(name, sentence):
    afford(FIGURE, "It", "less")
    over = replace(FIGURE, **{name: getattr(FIGURE, name) + 1})
    with pytest.raises(ValueError, match="here: less") as refusal:
        afford(over, "It", "less")
    assert str(refusal.value) == sentence
    afford(over, "It", "less", most=replace(FIGURE, **{name: 0}))


def test_a_limit_of_one_is_a_limit():
    afford(Cost(1), "It", "less", most=Cost(1))
    with pytest.raises(ValueError, match="1 million multiplications"):
        afford(Cost(2), "It", "less", most=Cost(1))


def test_as_much_at_once_as_work_and_memory_allow_and_at_least_one():
    assert times(Cost()) == 200 * 2**20
    assert times(Cost(10**8)) == 10
    assert times(Cost(10**8 + 1)) == 9
    assert times(Cost(10**8, 50 * 2**20)) == 4
    assert times(Cost(2 * 10**9, 1)) == 1


@pytest.mark.parametrize(("cells", "needed"), [(0, 0), (1, 2), (2, 4), (8, 48), (1024, 20_480)])
def test_a_transform_takes_two_multiplications_for_each_cell_and_halving(cells, needed):
    assert transform(cells) == needed
