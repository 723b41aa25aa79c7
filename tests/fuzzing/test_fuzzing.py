"""Every door takes random inputs: a short form of `make fuzz`, which does the same for minutes."""

import pytest

from tests import spending
from tests.fuzzing import __main__ as fuzzing
from tests.fuzzing.targets import TARGETS

_INPUTS = 25  # of each door; those of uploads take some 20 ms each


@pytest.mark.parametrize("name", TARGETS)
def test_nothing_but_a_sentence_comes_out_of_a_door(name):
    found = {seed: fuzzing.attempt(name, seed) for seed in (f"test.{n}" for n in range(_INPUTS))}
    assert {seed: wrong for seed, wrong in found.items() if wrong and "took" not in wrong} == {}


@pytest.mark.parametrize(
    ("raised", "wrong"),
    [
        (ValueError("use 1 to 9"), ""),
        (OSError("the disk is full"), ""),
        (ValueError(), "ValueError without a sentence"),
        (TypeError("'int' object is not iterable"), "TypeError: 'int' object is not iterable"),
    ],
)
def test_an_error_that_nobody_documented_is_found(monkeypatch, raised, wrong):
    def target(chance):
        raise raised

    monkeypatch.setitem(TARGETS, "numbers", target)
    assert wrong in fuzzing.attempt("numbers", "1")
    assert bool(fuzzing.attempt("numbers", "1")) == bool(wrong)


def test_what_takes_too_long_is_found(monkeypatch):
    clock = iter([10.0, 12.5])
    monkeypatch.setattr(spending, "process_time", lambda: next(clock))
    assert fuzzing.attempt("numbers", "1") == "took 2.5 s"


def test_what_takes_too_much_memory_is_found(monkeypatch):
    held = iter([100.0, 500.0])
    monkeypatch.setattr(spending, "_peak", lambda: next(held))
    assert fuzzing.attempt("numbers", "1") == "took 400 MB"
